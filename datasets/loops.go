package datasets

// rgb is a pixel's R, G, B. The fourth element is unused: it pads to a vector of four.
type rgb [4]float64

// An rgbPair is a pixel of a row and the pixel below it. Two rows are resized at a time:
// six independent sums keep the processor busy.
type rgbPair [2]rgb

// loops are the inner loops of a [resampler]. All implementations give the same bits.
type loops struct {
	// colours converts a row of Y, Cb, Cr to R, G, B in 0…65535, as [color.YCbCr.RGBA]
	// does; share pixels share a Cb and Cr. It writes element one of each pair.
	colours func(to []rgbPair, one int, luma, blue, red []uint8, share int)
	// along resizes two rows by the taps of the columns.
	along func(upper, lower []rgb, from []rgbPair, columns []tap)
	// add adds four rows to sum, each times its w, in order.
	add func(sum []rgb, rows [4][]rgb, w [4]float64)
}

// plainLoops run on every processor.
var plainLoops = loops{plainColours, plainAlong, plainAdd}

func plainColours(to []rgbPair, one int, luma, blue, red []uint8, share int) {
	one &= 1
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

func plainAlong(upper, lower []rgb, from []rgbPair, columns []tap) {
	for x := range columns {
		t := &columns[x]
		var r0, g0, b0, r1, g1, b1 float64
		pixels := from[t.first:][:len(t.weights)]
		for i, w := range t.weights {
			p := &pixels[i]
			r0 += float64(p[0][0] * w)
			g0 += float64(p[0][1] * w)
			b0 += float64(p[0][2] * w)
			r1 += float64(p[1][0] * w)
			g1 += float64(p[1][1] * w)
			b1 += float64(p[1][2] * w)
		}
		upper[x] = rgb{r0 * t.scale, g0 * t.scale, b0 * t.scale}
		lower[x] = rgb{r1 * t.scale, g1 * t.scale, b1 * t.scale}
	}
}

func plainAdd(sum []rgb, rows [4][]rgb, w [4]float64) {
	a, b, c, d := rows[0][:len(sum)], rows[1][:len(sum)], rows[2][:len(sum)], rows[3][:len(sum)]
	for x := range sum {
		s, a, b, c, d := &sum[x], &a[x], &b[x], &c[x], &d[x]
		s[0] = s[0] + float64(a[0]*w[0]) + float64(b[0]*w[1]) + float64(c[0]*w[2]) + float64(d[0]*w[3])
		s[1] = s[1] + float64(a[1]*w[0]) + float64(b[1]*w[1]) + float64(c[1]*w[2]) + float64(d[1]*w[3])
		s[2] = s[2] + float64(a[2]*w[0]) + float64(b[2]*w[1]) + float64(c[2]*w[2]) + float64(d[2]*w[3])
	}
}
