//go:build amd64 && goexperiment.simd

package datasets

import (
	"encoding/binary"
	"simd/archsimd"
)

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
	x := 0
	shared := archsimd.LoadInt8x16(&sharedBytes[share/2&3])
	zero := archsimd.BroadcastInt32x8(0)
	for ; x+8 <= len(to) && x/share+8 <= min(len(blue), len(red)); x += 8 {
		y := eightBytes(luma[x:]).ExtendLo8ToUint32().AsInt32x8().Mul(archsimd.BroadcastInt32x8(0x10101))
		cb, cr := eightBytes(blue[x/share:]).PermuteOrZero(shared).ExtendLo8ToUint32().AsInt32x8(), eightBytes(red[x/share:]).PermuteOrZero(shared).ExtendLo8ToUint32().AsInt32x8()
		cb, cr = cb.Sub(archsimd.BroadcastInt32x8(128)), cr.Sub(archsimd.BroadcastInt32x8(128))
		r := vectorCut(y.Add(cr.Mul(archsimd.BroadcastInt32x8(91881))))
		g := vectorCut(y.Sub(cb.Mul(archsimd.BroadcastInt32x8(22554))).Sub(cr.Mul(archsimd.BroadcastInt32x8(46802))))
		b := vectorCut(y.Add(cb.Mul(archsimd.BroadcastInt32x8(116130))))
		pixels := (*[8]rgbFour)(to[x:])
		rg, b0 := r.InterleaveLoGrouped(g).AsInt64x4(), b.InterleaveLoGrouped(zero).AsInt64x4()
		storePixels(&pixels[0][one], &pixels[4][one], rg.InterleaveLoGrouped(b0))
		storePixels(&pixels[1][one], &pixels[5][one], rg.InterleaveHiGrouped(b0))
		rg, b0 = r.InterleaveHiGrouped(g).AsInt64x4(), b.InterleaveHiGrouped(zero).AsInt64x4()
		storePixels(&pixels[2][one], &pixels[6][one], rg.InterleaveLoGrouped(b0))
		storePixels(&pixels[3][one], &pixels[7][one], rg.InterleaveHiGrouped(b0))
	}
	plainColours(to[x:], one, luma[x:], blue[x/share:], red[x/share:], share)
}

// sharedBytes are the bytes of colours for eight pixels, of which 1, 2, or (at 2) 4 share one.
var sharedBytes = [4][16]int8{{0, 1, 2, 3, 4, 5, 6, 7}, {0, 0, 1, 1, 2, 2, 3, 3}, {0, 0, 0, 0, 1, 1, 1, 1}}

// eightBytes loads eight bytes.
func eightBytes(from []uint8) archsimd.Uint8x16 {
	return archsimd.Uint64x2{}.SetElem(0, binary.LittleEndian.Uint64(from)).AsUint8x16()
}

// vectorCut returns v / 256, clamped to 0…65535, as [cut] does.
func vectorCut(v archsimd.Int32x8) archsimd.Int32x8 {
	return v.ShiftAllRight(8).Max(archsimd.BroadcastInt32x8(0)).Min(archsimd.BroadcastInt32x8(0xffff))
}

// storePixels stores the pixels in both halves of v.
func storePixels(low, high *rgb, v archsimd.Int64x4) {
	v.GetLo().AsInt32x4().ConvertToFloat64().Store((*[4]float64)(low))
	v.GetHi().AsInt32x4().ConvertToFloat64().Store((*[4]float64)(high))
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
