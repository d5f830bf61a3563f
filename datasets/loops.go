package datasets

// rgb is a pixel's R, G, B. The fourth element is unused: it pads to a vector of four.
type rgb [4]float64

// An rgbFour is a pixel of a row and the three below it. Four rows are resized at a time:
// twelve independent sums keep the processor busy.
type rgbFour [4]rgb

// loops are the inner loops of a [resampler]. All implementations give the same bits.
type loops struct {
	// colours converts a row of Y, Cb, Cr to R, G, B in 0…65535, as [color.YCbCr.RGBA]
	// does; share pixels share a Cb and Cr. It writes element one of each four.
	colours func(to []rgbFour, one int, luma, blue, red []uint8, share int)
	// along resizes four rows by the taps of the columns. It writes R, G, B of each column, and
	// may write one number after the last.
	along func(to [4][]float64, from []rgbFour, columns []tap)
	// down adds rows, each times its weight, in order, and writes the sum times scale as
	// levels ([level]), one for each of to. Rows are padded to a multiple of [padded] numbers.
	down func(to []uint8, rows [][]float64, weights []float64, scale float64)
}

// padded is how many numbers down takes at a time.
const padded = 16

// plainLoops run on every processor.
var plainLoops = loops{plainColours, plainAlong, plainDown}

func plainColours(to []rgbFour, one int, luma, blue, red []uint8, share int) {
	one &= 3
	luma = luma[:len(to)]
	for c, x := 0, 0; x < len(to); c++ {
		cb, cr := int32(blue[c])-128, int32(red[c])-128
		r, g, b := 91881*cr, -22554*cb-46802*cr, 116130*cb
		for end := min(x+share, len(to)); x < end; x++ {
			y, p := int32(luma[x])*0x10101, &to[x][one]
			p[0], p[1], p[2] = cut(y+r), cut(y+g), cut(y+b)
		}
	}
}

// cut returns v / 256, clamped to 0…65535.
func cut(v int32) float64 {
	v >>= 8
	if uint32(v) > 0xffff {
		v = ^(v >> 31) & 0xffff
	}
	return float64(v)
}

func plainAlong(to [4][]float64, from []rgbFour, columns []tap) {
	for x := range columns {
		t := &columns[x]
		pixels := from[t.first:][:len(t.weights)]
		for k, row := range to {
			var r, g, b float64
			for i, w := range t.weights {
				p := &pixels[i][k]
				r += float64(p[0] * w)
				g += float64(p[1] * w)
				b += float64(p[2] * w)
			}
			row = row[3*x:][:3]
			row[0], row[1], row[2] = r*t.scale, g*t.scale, b*t.scale
		}
	}
}

func plainDown(to []uint8, rows [][]float64, weights []float64, scale float64) {
	for x := 0; x < len(to); x += padded {
		var sum [padded]float64
		for i, w := range weights {
			row := (*[padded]float64)(rows[i][x:])
			for k, v := range row {
				sum[k] += float64(v * w)
			}
		}
		for k := range min(padded, len(to)-x) {
			to[x+k] = level(sum[k] * scale)
		}
	}
}
