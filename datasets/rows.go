package datasets

import "image"

// A rowWriter writes row y of an image to element one of each four, as R, G, B in 0…65535.
type rowWriter func(l loops, to []rgbFour, one, y int)

// rowsOf returns the writer of an image's rows, or nil for kinds of image that JPEGs do
// not decode to, or that may be transparent.
func rowsOf(img image.Image) rowWriter {
	if img.Bounds().Min != (image.Point{}) {
		return nil
	}
	switch img := img.(type) {
	case *image.Gray:
		return func(_ loops, to []rgbFour, one, y int) {
			for x, v := range img.Pix[y*img.Stride:][:len(to)] {
				grey := float64(int32(v) * 0x101)
				to[x][one] = rgb{grey, grey, grey}
			}
		}
	case *image.YCbCr:
		share := 1 // pixels of a row that share a colour
		switch img.SubsampleRatio {
		case image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio440:
		case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
			share = 2
		case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
			share = 4
		default:
			return nil
		}
		return func(l loops, to []rgbFour, one, y int) {
			c := img.COffset(0, y)
			l.colours(to, one, img.Y[y*img.YStride:], img.Cb[c:], img.Cr[c:], share)
		}
	}
	return nil
}
