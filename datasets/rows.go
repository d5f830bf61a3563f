package datasets

import "image"

// rowsOf returns what writes row y of an image as R, G, B of 0…65535 each, exactly as
// the image's colours say: nil for kinds of image that JPEG does not give, or that may
// not be opaque.
func rowsOf(img image.Image) func(to []float64, y int) {
	if img.Bounds().Min != (image.Point{}) {
		return nil
	}
	switch img := img.(type) {
	case *image.Gray:
		return func(to []float64, y int) {
			for x, v := range img.Pix[y*img.Stride:][:img.Rect.Max.X] {
				grey := float64(int32(v) * 0x101)
				to[3*x], to[3*x+1], to[3*x+2] = grey, grey, grey
			}
		}
	case *image.YCbCr:
		var shift int // pixels of a row that share a colour: 1 << shift
		switch img.SubsampleRatio {
		case image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio440:
		case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
			shift = 1
		case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
			shift = 2
		default:
			return nil
		}
		return func(to []float64, y int) {
			luma, chroma := img.Y[y*img.YStride:][:img.Rect.Max.X], img.COffset(0, y)
			yCbCrRow(to, luma, img.Cb[chroma:], img.Cr[chroma:], shift)
		}
	}
	return nil
}

// yCbCrRow is the conversion of [color.YCbCr.RGBA].
func yCbCrRow(to []float64, luma, blue, red []uint8, shift int) {
	for c := 0; len(luma) > 0; c++ {
		cb, cr := int32(blue[c])-128, int32(red[c])-128
		r, g, b := 91881*cr, -22554*cb-46802*cr, 116130*cb
		share := min(1<<shift, len(luma))
		for _, v := range luma[:share] {
			y := int32(v) * 0x10101
			to[0] = float64(min(max((y+r)>>8, 0), 0xffff))
			to[1] = float64(min(max((y+g)>>8, 0), 0xffff))
			to[2] = float64(min(max((y+b)>>8, 0), 0xffff))
			to = to[3:]
		}
		luma = luma[share:]
	}
}
