package datasets

import (
	"errors"
	"fmt"
	"image"
	"image/draw"
)

// openTIFF reads the directory. TIFF's own orientation says where the first row and the
// first column are, so the image is always rotated, as in Pillow.
func openTIFF(data []byte) (picture, error) {
	d, err := readIFD(data)
	if err != nil {
		return picture{}, err
	}
	const reduced, others, dngVersion = 254, 330, 50706
	_, dng := d.entries[dngVersion]
	if _, more := d.entries[others]; dng || more && d.first(reduced, 0)&1 != 0 {
		return picture{}, notRead("a raw photograph (DNG, NEF, ARW …) whose TIFF is only a preview", asPhoto)
	}
	p, err := d.openTIFF()
	if d.cut || err != nil && d.lost {
		return picture{}, cutOff("in its directory")
	}
	return p, err
}

func (d ifd) openTIFF() (picture, error) {
	const xmpTag = 700
	f := tiffFile{ifd: d, photometric: d.first(262, whiteIsZero), packing: d.first(259, plainPacking), planar: d.first(284, 1) == 2}
	w, h := d.first(256, 0), d.first(257, 0)
	if w > 1<<31-1 || h > 1<<31-1 {
		return picture{}, errors.New("its directory gives an impossible size")
	}
	f.width, f.height = int(w), int(h)
	if f.width == 0 || f.height == 0 {
		return picture{}, errors.New("its directory gives no size")
	}
	if err := f.readSamples(); err != nil {
		return picture{}, err
	}
	if err := f.readBlocks(); err != nil {
		return picture{}, err
	}
	each := 4*int64((f.bits+7)/8) + int64(f.samples*f.bits+7)/8 // bytes per pixel, in the image and in a block
	return picture{width: f.width, height: f.height, orientation: d.orientation(d.entries[xmpTag].value), turned: true,
		memory: int64(w) * int64(h) * each, decode: f.decode}, nil
}

// decode decodes all blocks.
func (f tiffFile) decode() (image.Image, error) {
	area := image.Rect(0, 0, f.width, f.height)
	if f.packing == jpegPacking {
		return f.decodeJPEGs(area)
	}
	to := f.canvas(area)
	for plane := range f.planes() {
		for block := range f.across * f.down {
			x, y := block%f.across*f.blockW, block/f.across*f.blockH
			rows, stride, err := f.block(plane*f.across*f.down+block, min(f.blockH, f.height-y))
			var other *notReadError
			if errors.As(err, &other) {
				return nil, err
			}
			if err != nil {
				return nil, fmt.Errorf("block %d of %d: %w", plane*f.across*f.down+block+1, f.planes()*f.across*f.down, err)
			}
			for row := range min(f.blockH, f.height-y) {
				f.put(to, rows[row*stride:], plane, x, y+row)
			}
		}
	}
	if f.photometric == tiffYCbCr {
		f.toRGB(to)
	}
	return to.img, nil
}

// decodeJPEGs decodes blocks that are JPEGs, with tables that they share.
func (f tiffFile) decodeJPEGs(area image.Rectangle) (image.Image, error) {
	to := image.NewRGBA(area)
	shared := f.entries[347].value
	for i := range f.across * f.down {
		packed, err := f.packed(i, 0)
		if err != nil {
			return nil, err
		}
		if len(packed) < 2 {
			return nil, cutOff("")
		}
		whole := packed[:2:2]
		if len(shared) >= 4 { // without its begin and end markers
			whole = append(whole, shared[2:len(shared)-2]...)
		}
		if f.photometric == tiffRGB {
			whole = append(whole, adobeSegment...)
		}
		j, err := readJPEG(append(whole, packed[2:]...))
		if err != nil {
			return nil, err
		}
		if j.width != f.blockW || j.height > f.blockH {
			return nil, fmt.Errorf("block %d is a JPEG of %d×%d pixels, want %d×%d", i+1, j.width, j.height, f.blockW, f.blockH)
		}
		img, err := j.decode()
		if err != nil {
			return nil, err
		}
		at := image.Pt(i%f.across*f.blockW, i/f.across*f.blockH)
		draw.Draw(to, img.Bounds().Add(at), img, image.Point{}, draw.Src)
	}
	return to, nil
}
