package datasets

import (
	"image"
	"image/color"
)

// A tiffCanvas is an image with samples of 8 or 16 bits.
type tiffCanvas struct {
	img     image.Image
	pix     []uint8
	stride  int
	samples int // of a pixel
	bytes   int // of a sample
}

// canvas returns an empty image for the file's kind of pixels.
func (f tiffFile) canvas(area image.Rectangle) tiffCanvas {
	wide := f.bits == 16
	switch {
	case f.photometric == tiffPalette && !f.alpha:
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
			case s < f.colours && f.photometric == tiffPalette && f.alpha:
				c := f.palette[f.index(row, i*each+k)].(color.RGBA)
				pixel[0], pixel[1], pixel[2] = c.R, c.G, c.B
			case s < f.colours && f.photometric == tiffPalette:
				pixel[0] = uint8(f.index(row, i*each+k))
			case s < f.colours && f.colours == 1 && to.samples == 4: // grey, with alpha
				for c := range 3 {
					to.set(pixel, c, v)
				}
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

// set writes a sample in 0…0xffff.
func (to tiffCanvas) set(pixel []byte, sample int, v uint32) {
	if to.bytes == 2 {
		pixel[2*sample], pixel[2*sample+1] = uint8(v>>8), uint8(v)
	} else {
		pixel[sample] = uint8(v >> 8)
	}
}

// index returns sample i of a row, unscaled.
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

// sample returns sample i of a row, scaled to 0…0xffff.
func (f tiffFile) sample(row []byte, i int) uint32 {
	return f.index(row, i) * (0xffff / (1<<f.bits - 1))
}
