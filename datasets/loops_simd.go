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

// vectorLoops keep a pixel, or four numbers of a row, in a vector.
var vectorLoops = loops{vectorColours, vectorAlong, vectorDown}

func vectorColours(to []rgbFour, one int, luma, blue, red []uint8, share int) {
	one &= 3
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

func vectorAlong(to [4][]float64, from []rgbFour, columns []tap) {
	for x := range columns {
		t := &columns[x]
		var a, b, c, d archsimd.Float64x4
		pixels := from[t.first:][:len(t.weights)]
		for i, w := range t.weights {
			weight, p := archsimd.BroadcastFloat64x4(w), &pixels[i]
			a = a.Add(vector(&p[0]).Mul(weight))
			b = b.Add(vector(&p[1]).Mul(weight))
			c = c.Add(vector(&p[2]).Mul(weight))
			d = d.Add(vector(&p[3]).Mul(weight))
		}
		scale := archsimd.BroadcastFloat64x4(t.scale)
		a.Mul(scale).Store((*[4]float64)(to[0][3*x:]))
		b.Mul(scale).Store((*[4]float64)(to[1][3*x:]))
		c.Mul(scale).Store((*[4]float64)(to[2][3*x:]))
		d.Mul(scale).Store((*[4]float64)(to[3][3*x:]))
	}
}

func vectorDown(to []uint8, rows [][]float64, weights []float64, scale float64) {
	scales := archsimd.BroadcastFloat64x4(scale)
	first := archsimd.LoadInt8x16(&[16]int8{0, 2, 4, 6, 8, 10, 12, 14, -1, -1, -1, -1, -1, -1, -1, -1})
	second := archsimd.LoadInt8x16(&[16]int8{-1, -1, -1, -1, -1, -1, -1, -1, 0, 2, 4, 6, 8, 10, 12, 14})
	rows = rows[:len(weights)]
	for x := 0; x < len(to); x += padded {
		var a, b, c, d archsimd.Float64x4
		for i, w := range weights {
			row, weight := (*[padded]float64)(rows[i][x:]), archsimd.BroadcastFloat64x4(w)
			a = a.Add(archsimd.LoadFloat64x4((*[4]float64)(row[0:])).Mul(weight))
			b = b.Add(archsimd.LoadFloat64x4((*[4]float64)(row[4:])).Mul(weight))
			c = c.Add(archsimd.LoadFloat64x4((*[4]float64)(row[8:])).Mul(weight))
			d = d.Add(archsimd.LoadFloat64x4((*[4]float64)(row[12:])).Mul(weight))
		}
		ab := levels(a.Mul(scales)).SaturateToInt16Concat(levels(b.Mul(scales))).AsUint8x16().PermuteOrZero(first)
		cd := levels(c.Mul(scales)).SaturateToInt16Concat(levels(d.Mul(scales))).AsUint8x16().PermuteOrZero(second)
		if len(to)-x >= padded {
			ab.Or(cd).Store((*[padded]uint8)(to[x:]))
			continue
		}
		var last [padded]uint8
		ab.Or(cd).Store(&last)
		copy(to[x:], last[:])
	}
}

// levels converts values as [level] does.
func levels(v archsimd.Float64x4) archsimd.Int32x4 {
	v = v.Mul(archsimd.BroadcastFloat64x4(0xffff)).Add(archsimd.BroadcastFloat64x4(0.5))
	return v.ConvertToInt32().Max(archsimd.BroadcastInt32x4(0)).Min(archsimd.BroadcastInt32x4(0xffff)).ShiftAllRight(8)
}

func vector(p *rgb) archsimd.Float64x4 { return archsimd.LoadFloat64x4((*[4]float64)(p)) }
