//go:build amd64 && goexperiment.simd

package datasets

import (
	"encoding/binary"
	"simd/archsimd"
)

// fastestInverse returns the fastest transform for this processor.
func fastestInverse() inverse {
	if archsimd.X86.AVX2() {
		return vectorInverse
	}
	return plainInverse
}

// vectorRotate is [rotate] with c, s−c and c+s in vectors.
func vectorRotate(x0, x1 archsimd.Int32x8, c, less, more int32) (y0, y1 archsimd.Int32x8) {
	sum := x0.Add(x1).Mul(archsimd.BroadcastInt32x8(c))
	return sum.Add(x1.Mul(archsimd.BroadcastInt32x8(less))), sum.Sub(x0.Mul(archsimd.BroadcastInt32x8(more)))
}

// vectorInverse keeps a column, then a row, in a vector.
func vectorInverse(to []uint8, stride int, b *[64]int32) {
	x0, x7, x2, x5 := eight(b, 0), eight(b, 1), eight(b, 2), eight(b, 3)
	x1, x6, x3, x4 := eight(b, 4), eight(b, 5), eight(b, 6), eight(b, 7)
	x0, x1 = x0.ShiftAllLeft(17), x1.ShiftAllLeft(17)
	x0, x1 = x0.Add(x1), x0.Sub(x1)
	x2, x3 = vectorRotate(x2, x3, cos6x18, -sin6x18-cos6x18, cos6x18-sin6x18)
	x1, x2 = x1.Add(x2), x1.Sub(x2)
	x0, x3 = x0.Add(x3), x0.Sub(x3)
	x7, x4 = x7.ShiftAllLeft(7), x4.ShiftAllLeft(7)
	x7, x4 = x7.Add(x4), x7.Sub(x4)
	root := archsimd.BroadcastInt32x8(root8)
	x6, x5 = x6.Mul(root), x5.Mul(root)
	x7, x5 = x7.Add(x5), x7.Sub(x5)
	x4, x6 = x4.Add(x6), x4.Sub(x6)
	x4, x7 = vectorRotate(x4.ShiftAllRight(2), x7.ShiftAllRight(2), cos3x12, -sin3x12-cos3x12, cos3x12-sin3x12)
	x5, x6 = vectorRotate(x5.ShiftAllRight(2), x6.ShiftAllRight(2), cos1x12, -sin1x12-cos1x12, cos1x12-sin1x12)
	x0, x7 = x0.Add(x7), x0.Sub(x7)
	x1, x6 = x1.Add(x6), x1.Sub(x6)
	x2, x5 = x2.Add(x5), x2.Sub(x5)
	x3, x4 = x3.Add(x4), x3.Sub(x4)

	// Columns become rows: rows k and k + 4 are the halves of a_k and b_k.
	a0, a1, a2, a3 := turnHalf(x0, x1, x2, x3)
	b0, b1, b2, b3 := turnHalf(x4, x5, x6, x7)
	x0, x1 = a0.Select128FromPair(0, 2, b0), a0.Select128FromPair(1, 3, b0)
	x7, x6 = a1.Select128FromPair(0, 2, b1), a1.Select128FromPair(1, 3, b1)
	x2, x3 = a2.Select128FromPair(0, 2, b2), a2.Select128FromPair(1, 3, b2)
	x5, x4 = a3.Select128FromPair(0, 2, b3), a3.Select128FromPair(1, 3, b3)

	x0 = x0.Add(archsimd.BroadcastInt32x8(1 << 19))
	x0, x1 = x0.Add(x1).ShiftAllRight(2), x0.Sub(x1).ShiftAllRight(2)
	x2, x3 = vectorRotate(x2.ShiftAllRight(13), x3.ShiftAllRight(13), cos6x12, -sin6x12-cos6x12, cos6x12-sin6x12)
	x1, x2 = x1.Add(x2), x1.Sub(x2)
	x0, x3 = x0.Add(x3), x0.Sub(x3)
	x7, x4 = x7.Add(x4), x7.Sub(x4)
	root = archsimd.BroadcastInt32x8(root14)
	x5, x6 = x5.ShiftAllRight(13).Mul(root), x6.ShiftAllRight(13).Mul(root)
	x7, x5 = x7.Add(x5), x7.Sub(x5)
	x4, x6 = x4.Add(x6), x4.Sub(x6)
	x4, x7 = vectorRotate(x4.ShiftAllRight(14), x7.ShiftAllRight(14), cos3x12, -sin3x12-cos3x12, cos3x12-sin3x12)
	x5, x6 = vectorRotate(x5.ShiftAllRight(14), x6.ShiftAllRight(14), cos1x12, -sin1x12-cos1x12, cos1x12-sin1x12)
	writeRows(to, stride, 0, x0.Add(x7), x1.Add(x6))
	writeRows(to, stride, 2, x2.Add(x5), x3.Add(x4))
	writeRows(to, stride, 4, x3.Sub(x4), x2.Sub(x5))
	writeRows(to, stride, 6, x1.Sub(x6), x0.Sub(x7))
}

// eight loads column k of a block.
func eight(b *[64]int32, k int) archsimd.Int32x8 {
	return archsimd.LoadInt32x8((*[8]int32)(b[8*k:]))
}

// turnHalf transposes the lower and the upper 4×4 numbers of four vectors.
func turnHalf(a, b, c, d archsimd.Int32x8) (w, x, y, z archsimd.Int32x8) {
	ab, cd := a.InterleaveLoGrouped(b).AsInt64x4(), c.InterleaveLoGrouped(d).AsInt64x4()
	w, x = ab.InterleaveLoGrouped(cd).AsInt32x8(), ab.InterleaveHiGrouped(cd).AsInt32x8()
	ab, cd = a.InterleaveHiGrouped(b).AsInt64x4(), c.InterleaveHiGrouped(d).AsInt64x4()
	return w, x, ab.InterleaveLoGrouped(cd).AsInt32x8(), ab.InterleaveHiGrouped(cd).AsInt32x8()
}

// writeRows writes two rows of levels, from row y on.
func writeRows(to []uint8, stride, y int, upper, lower archsimd.Int32x8) {
	v := upper.ShiftAllRight(18).SaturateToInt16ConcatGrouped(lower.ShiftAllRight(18)) // halves of both, then the other halves
	v = v.Max(archsimd.BroadcastInt16x16(-128)).Min(archsimd.BroadcastInt16x16(127)).Add(archsimd.BroadcastInt16x16(128))
	left := archsimd.LoadInt8x16(&[16]int8{0, 2, 4, 6, -1, -1, -1, -1, 8, 10, 12, 14, -1, -1, -1, -1})
	right := archsimd.LoadInt8x16(&[16]int8{-1, -1, -1, -1, 0, 2, 4, 6, -1, -1, -1, -1, 8, 10, 12, 14})
	both := v.GetLo().AsUint8x16().PermuteOrZero(left).Or(v.GetHi().AsUint8x16().PermuteOrZero(right)).AsUint64x2()
	binary.LittleEndian.PutUint64(to[y*stride:], both.GetElem(0))
	binary.LittleEndian.PutUint64(to[(y+1)*stride:], both.GetElem(1))
}
