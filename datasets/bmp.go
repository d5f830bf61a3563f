package datasets

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"math/bits"
)

// A bmpFile is a BMP of Windows or OS/2 whose header has been read. The package in
// golang.org/x/image supports neither 16 bits, nor run lengths, nor OS/2's header.
type bmpFile struct {
	width, height int
	down          bool // the first row is the top one
	bits          int  // of a pixel
	runs          bool // packed as run lengths
	masks         [4]uint32
	palette       color.Palette
	pixels        []byte
}

// openBMP reads the header and the colour table.
func openBMP(data []byte) (picture, error) {
	long := func(i int) uint32 { return binary.LittleEndian.Uint32(data[i:]) }
	short := func(i int) int { return int(binary.LittleEndian.Uint16(data[i:])) }
	length := int(long(14))
	if len(data) < 14+length {
		return picture{}, cutOff(beforePixels)
	}
	var f bmpFile
	packing, colours, entry := uint32(0), 0, 4
	if length == 12 {
		f.width, f.height, f.bits, entry = short(18), short(20), short(24), 3
	} else {
		f.width, f.height, f.bits = int(int32(long(18))), int(int32(long(22))), short(28)
		if length >= 40 {
			packing, colours = long(30), int(min(long(46), 256))
		}
	}
	if f.height < 0 {
		f.height, f.down = -f.height, true
	}
	after := 14 + length // where the colour table begins
	switch {
	case packing == 0:
	case packing == 1 && f.bits == 8, packing == 2 && f.bits == 4:
		f.runs = true
	case (packing == 3 || packing == 6) && f.bits >= 16 && length != 64:
		given := 3
		if length >= 56 || packing == 6 {
			given = 4
		}
		if length == 40 { // the masks follow it
			after += 4 * given
		}
		if len(data) < 54+4*given {
			return picture{}, cutOff(beforePixels)
		}
		for i := range given {
			f.masks[i] = long(54 + 4*i)
		}
	case (packing == 4 || packing == 5) && length != 64: // in OS/2 these numbers mean other packings
		return picture{}, notRead("a BMP that contains a JPEG or PNG", asPhoto)
	default:
		return picture{}, notRead(fmt.Sprintf("a BMP of a rare type (compression %d, %d bits)", packing, f.bits), "save it as PNG")
	}
	used, err := f.colours(data, after, colours, entry)
	if err != nil {
		return picture{}, err
	}
	after += used
	// Some writers give the offset of the colour table as that of the pixels.
	if at := int(long(10)); at != 0 && (at != 14+length || f.palette == nil) {
		after = at
	}
	if after > len(data) {
		return picture{}, cutOff(beforePixels)
	}
	f.pixels = data[after:]
	return picture{width: f.width, height: f.height, orientation: 1, memory: int64(f.width) * int64(f.height) * 4, decode: f.decode}, nil
}

// colours reads the colour table at offset at: the given number of colours, entry bytes each.
// For images without a table it completes the masks. It returns the table's length in bytes.
func (f *bmpFile) colours(data []byte, at, colours, entry int) (int, error) {
	switch f.bits {
	case 1, 2, 4, 8:
		if colours == 0 {
			colours = 1 << f.bits
		}
		f.palette = make(color.Palette, 256)
		for i := range f.palette {
			f.palette[i] = color.RGBA{A: 255}
			if c := at + i*entry; i < colours && c+3 <= len(data) {
				f.palette[i] = color.RGBA{data[c+2], data[c+1], data[c], 255}
			}
		}
		return colours * entry, nil
	case 16, 24, 32:
		if f.bits == 16 && bits.OnesCount32(f.masks[3]) == 1 {
			f.masks[3] = 0 // 1-5-5-5: as in Pillow, the bit is not alpha
		}
		if f.masks == [4]uint32{} {
			f.masks = [4]uint32{0xff0000, 0xff00, 0xff, 0}
			if f.bits == 16 {
				f.masks = [4]uint32{0x7c00, 0x3e0, 0x1f, 0}
			}
		}
	default:
		return 0, notRead(fmt.Sprintf("a BMP with %d bits per pixel", f.bits), "save it as PNG")
	}
	return 0, nil
}

func (f bmpFile) decode() (image.Image, error) {
	if f.runs {
		return f.unpack()
	}
	stride := (f.width*f.bits + 31) / 32 * 4
	if rows := len(f.pixels) / stride; rows < f.height && len(f.pixels) < stride*(f.height-1)+(f.width*f.bits+7)/8 {
		return nil, cutOff("after %d of %d rows", rows, f.height)
	}
	area := image.Rect(0, 0, f.width, f.height)
	if f.bits <= 8 {
		img := image.NewPaletted(area, f.palette)
		for y := range f.height {
			row := f.pixels[f.row(y)*stride:]
			for x := range f.width {
				bit := x * f.bits
				img.Pix[y*img.Stride+x] = row[bit/8] >> (8 - f.bits - bit%8) & (1<<f.bits - 1)
			}
		}
		return img, nil
	}
	img, opaque := image.NewNRGBA(area), uint8(0)
	for y := range f.height {
		row := f.pixels[f.row(y)*stride:]
		for x := range f.width {
			v := uint32(0)
			for i := f.bits/8 - 1; i >= 0; i-- {
				v = v<<8 | uint32(row[x*f.bits/8+i])
			}
			p := img.Pix[y*img.Stride+4*x:][:4]
			for c, mask := range f.masks {
				p[c] = masked(v, mask)
			}
			opaque |= p[3]
		}
	}
	// If every pixel would be transparent, the field is not alpha: browsers have the same rule.
	if opaque == 0 {
		for i := 3; i < len(img.Pix); i += 4 {
			img.Pix[i] = 255
		}
		return &image.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}, nil
	}
	return img, nil
}

// row returns where in the file the image's row y is.
func (f bmpFile) row(y int) int {
	if f.down {
		return y
	}
	return f.height - 1 - y
}

// masked returns the bits of v under the mask, as 0…255.
func masked(v, mask uint32) uint8 {
	if mask == 0 {
		return 0
	}
	shift := bits.TrailingZeros32(mask)
	if mask>>shift == 255 {
		return uint8(v >> shift)
	}
	return uint8(uint64(v&mask>>shift) * 255 / uint64(mask>>shift))
}

// unpack decodes run lengths. A pixel that no run reaches has the first colour.
func (f bmpFile) unpack() (image.Image, error) {
	img := image.NewPaletted(image.Rect(0, 0, f.width, f.height), f.palette)
	x, y := 0, 0
	put := func(v uint8) {
		if x < f.width && y < f.height {
			img.Pix[f.row(y)*img.Stride+x] = v
		}
		x++
	}
	for data := f.pixels; y < f.height; {
		if len(data) < 2 {
			return nil, cutOff("after %d of %d rows", y, f.height)
		}
		n, v := int(data[0]), data[1]
		data = data[2:]
		switch {
		case n > 0: // n times the same pixel, or two in turn
			for i := range n {
				if f.bits == 4 {
					put(v >> (4 - 4*(i%2)) & 15)
				} else {
					put(v)
				}
			}
		case v == 0: // the end of a row
			x, y = 0, y+1
		case v == 1: // the end
			return img, nil
		case v == 2: // a step
			if len(data) < 2 {
				return nil, cutOff("after %d of %d rows", y, f.height)
			}
			x, y, data = x+int(data[0]), y+int(data[1]), data[2:]
		default: // v pixels as they are, padded to 16 bits
			n := int(v) * f.bits / 8
			if f.bits == 4 {
				n = (int(v) + 1) / 2
			}
			if len(data) < n {
				return nil, cutOff("after %d of %d rows", y, f.height)
			}
			for i := range int(v) {
				if f.bits == 4 {
					put(data[i/2] >> (4 - 4*(i%2)) & 15)
				} else {
					put(data[i])
				}
			}
			data = data[min((n+1)/2*2, len(data)):]
		}
	}
	return img, nil
}
