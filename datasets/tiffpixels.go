package datasets

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"io"
	"math/bits"

	"golang.org/x/image/ccitt"
	"golang.org/x/image/tiff/lzw"
)

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
			if err != nil {
				return nil, fmt.Errorf("block %d of %d: %w", plane*f.across*f.down+block+1, f.planes()*f.across*f.down, err)
			}
			for row := range min(f.blockH, f.height-y) {
				f.put(to, rows[row*stride:], plane, x, y+row)
			}
		}
	}
	return to.img, nil
}

// A tiffCanvas is an image of 8 or 16 bits whose samples are of one kind.
type tiffCanvas struct {
	img     image.Image
	pix     []uint8
	stride  int
	samples int // of a pixel
	bytes   int // of a sample
}

// canvas returns an image for the kind of pixels.
func (f tiffFile) canvas(area image.Rectangle) tiffCanvas {
	wide := f.bits == 16
	switch {
	case f.photometric == tiffPalette:
		img := image.NewPaletted(area, f.palette)
		return tiffCanvas{img, img.Pix, img.Stride, 1, 1}
	case f.photometric == tiffCMYK:
		img := image.NewCMYK(area)
		return tiffCanvas{img, img.Pix, img.Stride, 4, 1}
	case f.colours == 1 && !f.alpha && wide:
		img := image.NewGray16(area)
		return tiffCanvas{img, img.Pix, img.Stride, 1, 2}
	case f.colours == 1 && !f.alpha:
		img := image.NewGray(area)
		return tiffCanvas{img, img.Pix, img.Stride, 1, 1}
	case wide && f.alpha && !f.premultiplied:
		img := image.NewNRGBA64(area)
		return tiffCanvas{img, img.Pix, img.Stride, 4, 2}
	case wide:
		img := image.NewRGBA64(area)
		return tiffCanvas{img, img.Pix, img.Stride, 4, 2}
	case f.alpha && !f.premultiplied:
		img := image.NewNRGBA(area)
		return tiffCanvas{img, img.Pix, img.Stride, 4, 1}
	default:
		img := image.NewRGBA(area)
		return tiffCanvas{img, img.Pix, img.Stride, 4, 1}
	}
}

// put writes a row of a block, of one plane or of all samples together, at x, y.
func (f tiffFile) put(to tiffCanvas, row []byte, plane, x, y int) {
	width, each := min(f.blockW, f.width-x), f.samples
	if f.planar {
		each = 1
	}
	if bytes := to.pix[y*to.stride+x*to.samples*to.bytes:]; f.bits == 8 && !f.planar && f.photometric != whiteIsZero {
		switch {
		case each == to.samples && (f.alpha || f.colours == each): // as they are
			copy(bytes[:width*each], row)
			return
		case f.colours == 3 && !f.alpha:
			for i := range width {
				from, pixel := row[i*each:][:3], bytes[4*i:][:4]
				pixel[0], pixel[1], pixel[2], pixel[3] = from[0], from[1], from[2], 255
			}
			return
		}
	}
	for i := range width {
		pixel := to.pix[y*to.stride+(x+i)*to.samples*to.bytes:]
		for k := range each {
			v := f.sample(row, i*each+k)
			s := plane + k
			if f.photometric == whiteIsZero && s == 0 {
				v = 0xffff - v
			}
			switch {
			case s < f.colours && f.colours == 1 && to.samples == 4: // grey, with alpha
				for c := range 3 {
					to.set(pixel, c, v)
				}
			case s < f.colours && f.photometric == tiffPalette:
				pixel[0] = uint8(f.index(row, i*each+k))
			case s < f.colours:
				to.set(pixel, s, v)
			case s == f.colours && f.alpha:
				to.set(pixel, 3, v)
			}
		}
		if !f.alpha && to.samples == 4 && f.photometric != tiffCMYK {
			to.set(pixel, 3, 0xffff)
		}
	}
}

// set writes a sample of 0…0xffff.
func (to tiffCanvas) set(pixel []byte, sample int, v uint32) {
	if to.bytes == 2 {
		pixel[2*sample], pixel[2*sample+1] = uint8(v>>8), uint8(v)
	} else {
		pixel[sample] = uint8(v >> 8)
	}
}

// index returns sample i of a row as it is.
func (f tiffFile) index(row []byte, i int) uint32 {
	switch f.bits {
	case 16:
		return uint32(f.order.Uint16(row[2*i:]))
	case 8:
		return uint32(row[i])
	}
	bit := i * f.bits
	return uint32(row[bit/8]>>(8-f.bits-bit%8)) & (1<<f.bits - 1)
}

// sample returns sample i of a row as 0…0xffff.
func (f tiffFile) sample(row []byte, i int) uint32 {
	return f.index(row, i) * (0xffff / (1<<f.bits - 1))
}

// block unpacks a block, of so many rows at least, and returns its rows.
func (f tiffFile) block(i, rows int) (unpacked []byte, stride int, err error) {
	packed, err := f.packed(i)
	if err != nil {
		return nil, 0, err
	}
	each := f.samples
	if f.planar {
		each = 1
	}
	stride = (f.blockW*each*f.bits + 7) / 8
	size := stride * rows
	reversed := f.first(266, 1) == 2
	if reversed && f.packing != fax3 && f.packing != fax4 {
		turned := make([]byte, len(packed))
		for i, b := range packed {
			turned[i] = bits.Reverse8(b)
		}
		packed = turned
	}
	var r io.Reader = bytes.NewReader(packed)
	switch f.packing {
	case fax3, fax4:
		order, form := ccitt.MSB, ccitt.Group3
		if reversed {
			order = ccitt.LSB
		}
		if f.packing == fax4 {
			form = ccitt.Group4
		}
		// Inverted, a black run is of ones, whatever photometric makes of them: as in libtiff.
		r = ccitt.NewReader(r, order, form, f.blockW, rows, &ccitt.Options{Invert: true})
	case lzwPacking:
		codes := lzw.NewReader(r, lzw.MSB, 8)
		defer codes.Close()
		r = codes
	case deflate, oldDeflate:
		if r, err = zlib.NewReader(r); err != nil {
			return nil, 0, fmt.Errorf("its pixels are damaged: %w", err)
		}
	case packBits:
		r = bytes.NewReader(unpackBits(packed, size))
	}
	var out bytes.Buffer
	if _, err := io.CopyN(&out, r, int64(size)); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, 0, fmt.Errorf("%w: fetch it again", errCut)
	} else if err != nil && (f.packing == fax3 || f.packing == fax4) {
		return nil, 0, fmt.Errorf("its fax codes are damaged, or of a sort that is not read (%w): %s", err, tiffConversion)
	} else if err != nil {
		return nil, 0, fmt.Errorf("its pixels are damaged: %w", err)
	}
	unpacked = out.Bytes()
	if f.first(317, 1) == 2 { // each sample is the difference from the one to its left
		for ; len(unpacked) > 0; unpacked = unpacked[stride:] {
			f.sum(unpacked[:stride], each)
		}
	}
	return out.Bytes(), stride, nil
}

// sum undoes the differences of a row.
func (f tiffFile) sum(row []byte, each int) {
	if f.bits == 8 {
		for i := each; i < len(row); i++ {
			row[i] += row[i-each]
		}
		return
	}
	for i := 2 * each; i+1 < len(row); i += 2 {
		f.order.PutUint16(row[i:], f.order.Uint16(row[i:])+f.order.Uint16(row[i-2*each:]))
	}
}

// packed returns the bytes of a block. Where their number is not said, or too large, they
// go on to the end of the file.
func (f tiffFile) packed(i int) ([]byte, error) {
	from, size := f.offsets[i], uint64(len(f.data))
	if from >= size {
		return nil, fmt.Errorf("%w: fetch it again", errCut)
	}
	if i < len(f.sizes) && f.sizes[i] > 0 {
		size = f.sizes[i]
	}
	return f.data[from:][:min(size, uint64(len(f.data))-from)], nil
}

// unpackBits undoes Apple's run lengths, up to a size.
func unpackBits(packed []byte, size int) (out []byte) {
	for len(packed) >= 2 && len(out) < size {
		switch n := int(int8(packed[0])); {
		case n >= 0:
			end := min(n+2, len(packed))
			out, packed = append(out, packed[1:end]...), packed[end:]
		case n > -128:
			out, packed = append(out, bytes.Repeat(packed[1:2], 1-n)...), packed[2:]
		default:
			packed = packed[1:]
		}
	}
	return out
}

// decodeJPEGs decodes blocks that are JPEGs, with tables that they share.
func (f tiffFile) decodeJPEGs(area image.Rectangle) (image.Image, error) {
	to := image.NewRGBA(area)
	shared := f.entries[347].value
	for i := range f.across * f.down {
		packed, err := f.packed(i)
		if err != nil {
			return nil, err
		}
		if len(packed) < 2 {
			return nil, fmt.Errorf("%w: fetch it again", errCut)
		}
		whole := packed[:2:2]
		if len(shared) >= 4 { // without its own begin and end
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
