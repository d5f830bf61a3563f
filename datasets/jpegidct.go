package datasets

// An inverse is the inverse discrete cosine transform of a block of coefficients, by columns
// (horizontal frequency times eight plus the vertical). It writes 8×8 levels to a plane with
// the given stride. All implementations give the bits of the package image/jpeg in Go 1.26:
// Loeffler, Ligtenberg and Moschytz, Practical fast 1-D DCT algorithms with 11
// multiplications, ICASSP 1989, in 32-bit integers, along rows, then along columns.
type inverse func(to []uint8, stride int, b *[64]int32)

// Factors of the transform, times 2 to the power of the number behind the name.
const (
	cos1x12, sin1x12 = 4017, 799
	cos3x12, sin3x12 = 3406, 2276
	cos6x18, sin6x18 = 70936, 171254 // cos and sin of 6π/16, divided by √2
	cos6x12, sin6x12 = 1108, 2676
	root8, root14    = 181, 11585 // 1/√2
)

// fillBlock writes the transform of a block whose coefficients are 0 but for the first.
func fillBlock(to []uint8, stride int, first int32) {
	level := clampLevel((first<<17 + 1<<19) >> 20)
	for y := range 8 {
		row := to[y*stride:][:8]
		for x := range row {
			row[x] = level
		}
	}
}

// clampLevel returns v + 128, clamped to 0…255.
func clampLevel(v int32) uint8 { return uint8(min(max(v, -128), 127) + 128) }

// rotate returns x0·c + x1·s and −x0·s + x1·c.
func rotate(x0, x1, c, s int32) (y0, y1 int32) {
	sum := c * (x0 + x1)
	return sum + (s-c)*x1, sum - (c+s)*x0
}

func plainInverse(to []uint8, stride int, b *[64]int32) {
	for i := range 8 {
		x0, x7, x2, x5, x1, x6, x3, x4 := b[i], b[8+i], b[16+i], b[24+i], b[32+i], b[40+i], b[48+i], b[56+i]
		x0, x1 = x0<<17+x1<<17, x0<<17-x1<<17
		x2, x3 = rotate(x2, x3, cos6x18, -sin6x18)
		x1, x2 = x1+x2, x1-x2
		x0, x3 = x0+x3, x0-x3
		x7, x4 = x7<<7+x4<<7, x7<<7-x4<<7
		x6, x5 = x6*root8, x5*root8
		x7, x5 = x7+x5, x7-x5
		x4, x6 = x4+x6, x4-x6
		x4, x7 = rotate(x4>>2, x7>>2, cos3x12, -sin3x12)
		x5, x6 = rotate(x5>>2, x6>>2, cos1x12, -sin1x12)
		b[i], b[56+i] = x0+x7, x0-x7
		b[8+i], b[48+i] = x1+x6, x1-x6
		b[16+i], b[40+i] = x2+x5, x2-x5
		b[24+i], b[32+i] = x3+x4, x3-x4
	}
	for i := range 8 {
		x := (*[8]int32)(b[8*i:])
		x0, x7, x2, x5, x1, x6, x3, x4 := x[0]+1<<19, x[1], x[2], x[3], x[4], x[5], x[6], x[7]
		x0, x1 = (x0+x1)>>2, (x0-x1)>>2
		x2, x3 = rotate(x2>>13, x3>>13, cos6x12, -sin6x12)
		x1, x2 = x1+x2, x1-x2
		x0, x3 = x0+x3, x0-x3
		x7, x4 = x7+x4, x7-x4
		x5, x6 = (x5>>13)*root14, (x6>>13)*root14
		x7, x5 = x7+x5, x7-x5
		x4, x6 = x4+x6, x4-x6
		x4, x7 = rotate(x4>>14, x7>>14, cos3x12, -sin3x12)
		x5, x6 = rotate(x5>>14, x6>>14, cos1x12, -sin1x12)
		column := [8]int32{x0 + x7, x1 + x6, x2 + x5, x3 + x4, x3 - x4, x2 - x5, x1 - x6, x0 - x7}
		for y, v := range column {
			to[y*stride+i] = clampLevel(v >> 18)
		}
	}
}
