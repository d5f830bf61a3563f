package datasets

import (
	"image"
	"math"
)

// unitBytes returns the size of a unit in bytes: the Y of the pixels that share a Cb and a Cr,
// row by row, then those two (TIFF 6.0, section 21).
func (f tiffFile) unitBytes() int { return f.subX*f.subY + 2 }

func (f tiffFile) unitsAcross() int { return (f.blockW + f.subX - 1) / f.subX }

// spread converts a block of units to rows of Y, Cb and Cr. The pixels of a unit all get its
// Cb and Cr, unblended, as in libtiff.
func (f tiffFile) spread(units []byte, rows int) []byte {
	out := make([]byte, 3*f.blockW*rows)
	for y := range rows {
		line := units[y/f.subY*f.unitsAcross()*f.unitBytes():]
		for x := range f.blockW {
			unit := line[x/f.subX*f.unitBytes():][:f.unitBytes()]
			pixel := out[3*(y*f.blockW+x):][:3]
			pixel[0] = unit[y%f.subY*f.subX+x%f.subX]
			pixel[1], pixel[2] = unit[f.subX*f.subY], unit[f.subX*f.subY+1]
		}
	}
	return out
}

// toRGB converts an image of Y, Cb and Cr to RGB, with the coefficients and the levels of
// black and white in the file, or by default those of ITU-R BT.601 and JPEG:
//
//	R = Y + (2−2r)·Cr,  B = Y + (2−2b)·Cb,  G = (Y − r·R − b·B)/g.
func (f tiffFile) toRGB(to tiffCanvas) {
	said := func(tag uint16, without ...float64) []float64 {
		all := f.reals(tag)
		if len(all) < len(without) {
			return without
		}
		for _, v := range all[:len(without)] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return without
			}
		}
		return all
	}
	c := said(529, 0.299, 0.587, 0.114)
	if c[1] == 0 {
		c = []float64{0.299, 0.587, 0.114}
	}
	level := said(532, 0, 255, 128, 255, 128, 255) // of each sample: black, or no colour, and white
	scale := func(v uint8, black, white, span float64) float64 {
		if white == black {
			white++
		}
		return math.Trunc((float64(v) - black) * span / (white - black)) // as in libtiff
	}
	pix := to.img.(*image.RGBA).Pix
	for ; len(pix) >= 4; pix = pix[4:] {
		y := scale(pix[0], level[0], level[1], 255)
		b := y + (2-2*c[2])*scale(pix[1], level[2], level[3], 127)
		r := y + (2-2*c[0])*scale(pix[2], level[4], level[5], 127)
		g := (y - c[0]*r - c[2]*b) / c[1]
		for k, v := range [...]float64{r, g, b} {
			pix[k] = uint8(min(max(math.Round(v), 0), 255))
		}
	}
}
