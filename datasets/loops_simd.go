//go:build amd64 && goexperiment.simd

package datasets

import "simd/archsimd"

// fastest returns the fastest loops for this processor.
func fastest() loops {
	if archsimd.X86.AVX2() {
		return vectorLoops
	}
	return plainLoops
}

// vectorLoops keep a pixel in a vector.
var vectorLoops = loops{vectorColours, vectorAlong, vectorAdd}

func vectorColours(to []rgbPair, one int, luma, blue, red []uint8, share int) {
	one &= 1
	luma = luma[:len(to)]
	ofBlue, ofRed := archsimd.LoadInt32x4(&[4]int32{0, -22554, 116130}), archsimd.LoadInt32x4(&[4]int32{91881, -46802})
	least, most := archsimd.BroadcastInt32x4(0), archsimd.BroadcastInt32x4(0xffff)
	for c, x := 0, 0; x < len(to); c++ {
		cb, cr := archsimd.BroadcastInt32x4(int32(blue[c])-128), archsimd.BroadcastInt32x4(int32(red[c])-128)
		colour := cb.Mul(ofBlue).Add(cr.Mul(ofRed))
		for end := min(x+share, len(to)); x < end; x++ {
			sum := archsimd.BroadcastInt32x4(int32(luma[x]) * 0x10101).Add(colour)
			sum.ShiftAllRight(8).Max(least).Min(most).ConvertToFloat64().Store((*[4]float64)(&to[x][one]))
		}
	}
}

func vectorAlong(upper, lower []rgb, from []rgbPair, columns []tap) {
	for x := range columns {
		t := &columns[x]
		var above, below archsimd.Float64x4
		pixels := from[t.first:][:len(t.weights)]
		for i, w := range t.weights {
			weight, p := archsimd.BroadcastFloat64x4(w), &pixels[i]
			above = above.Add(vector(&p[0]).Mul(weight))
			below = below.Add(vector(&p[1]).Mul(weight))
		}
		scale := archsimd.BroadcastFloat64x4(t.scale)
		above.Mul(scale).Store((*[4]float64)(&upper[x]))
		below.Mul(scale).Store((*[4]float64)(&lower[x]))
	}
}

func vectorAdd(sum []rgb, rows [4][]rgb, w [4]float64) {
	a, b, c, d := rows[0][:len(sum)], rows[1][:len(sum)], rows[2][:len(sum)], rows[3][:len(sum)]
	wa, wb := archsimd.BroadcastFloat64x4(w[0]), archsimd.BroadcastFloat64x4(w[1])
	wc, wd := archsimd.BroadcastFloat64x4(w[2]), archsimd.BroadcastFloat64x4(w[3])
	for x := range sum {
		s := vector(&sum[x])
		s = s.Add(vector(&a[x]).Mul(wa)).Add(vector(&b[x]).Mul(wb)).Add(vector(&c[x]).Mul(wc)).Add(vector(&d[x]).Mul(wd))
		s.Store((*[4]float64)(&sum[x]))
	}
}

func vector(p *rgb) archsimd.Float64x4 { return archsimd.LoadFloat64x4((*[4]float64)(p)) }
