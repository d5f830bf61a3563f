package datasets

import (
	"image"
	"math"

	"golang.org/x/image/draw"
)

// A resampler resizes opaque images to one size with one kernel. It convolves along the
// rows, then along the columns, in float64,
//
//	out(y, x) = Σⱼ vⱼ · Σᵢ hᵢ · in(j, i),   Σ v = Σ h = 1,
//
// where the kernel is widened by the ratio of the sizes if that is above 1, and cut
// off at the image's border. Pixels equal those of [draw.Kernel] bit for bit: sums are in
// the same order, and no product is fused with a sum. It is faster because it converts
// each source pixel's colour once, not once per tap, and keeps only the rows that the
// next one needs.
//
// It reuses its buffers, so each goroutine needs its own resampler.
type resampler struct {
	kernel        *draw.Kernel
	width, height int // of the result, pixels
	loops         loops
	source        image.Point // the source size that columns and rows are for
	columns, rows []tap
	in            []rgbFour   // four source rows, of 0…65535
	ring          [][]float64 // resized along x, R, G, B of 0…1: source row y is at y % len
	under         [][]float64 // the rows of the ring for one row of the result
	grey          []uint8     // [height, width, 3], before conversion to grey
}

func newResampler(kernel *draw.Kernel, width, height int) *resampler {
	return &resampler{kernel: kernel, width: width, height: height, loops: fastest()}
}

// A tap gives the source pixels, from first on, and their weights, for one pixel of a row
// or column.
type tap struct {
	first   int
	weights []float64
	scale   float64 // 1 / their sum
}

// taps returns the taps for resizing from pixels to to pixels.
func taps(kernel *draw.Kernel, from, to int) []tap {
	scale := float64(from) / float64(to)
	widen := max(scale, 1)
	reach := kernel.Support * widen
	out := make([]tap, to)
	for x := range out {
		center := float64((float64(x)+0.5)*scale) - 0.5
		first, end := max(int(math.Floor(center-reach)), 0), min(int(math.Ceil(center+reach)), from)
		weights, sum := make([]float64, end-first), 0.0
		for i := range weights {
			if t := math.Abs((center - float64(first+i)) * (1 / widen)); t < kernel.Support {
				weights[i] = kernel.At(t)
				sum += weights[i]
			}
		}
		for len(weights) > 1 && weights[0] == 0 {
			weights, first = weights[1:], first+1
		}
		for len(weights) > 1 && weights[len(weights)-1] == 0 {
			weights = weights[:len(weights)-1]
		}
		out[x] = tap{first, weights, 1 / sum}
	}
	return out
}

// prepare makes taps and buffers for a source size.
func (r *resampler) prepare(source image.Point) {
	if r.source == source {
		return
	}
	r.source = source
	r.columns, r.rows = taps(r.kernel, source.X, r.width), taps(r.kernel, source.Y, r.height)
	for x := range r.columns {
		r.columns[x].scale /= 0xffff
	}
	most := 0
	for _, t := range r.rows {
		most = max(most, len(t.weights))
	}
	r.in = make([]rgbFour, source.X)
	r.ring = make([][]float64, most+3) // rows are added in fours
	for i := range r.ring {
		r.ring[i] = make([]float64, ceilDiv(3*r.width+1, padded)*padded)
	}
}

// resample resizes an image of size source, read through row, and writes the result,
// [height, width, 3], to to.
func (r *resampler) resample(to []uint8, source image.Point, row rowWriter) {
	r.prepare(source)
	at := func(y int) []float64 { return r.ring[y%len(r.ring)] }
	ready := 0 // source rows above are, or were, in the ring
	for y, t := range r.rows {
		for ready = max(ready, t.first); ready < t.first+len(t.weights); ready += 4 {
			for k := range 4 {
				row(r.loops, r.in, k, min(ready+k, source.Y-1))
			}
			r.loops.along([4][]float64{at(ready), at(ready + 1), at(ready + 2), at(ready + 3)}, r.in, r.columns)
		}
		r.under = r.under[:0]
		for i := range t.weights {
			r.under = append(r.under, at(t.first+i))
		}
		r.loops.down(to[3*r.width*y:][:3*r.width], r.under, t.weights, t.scale)
	}
}

// level converts a value in 0…1 to a level in 0…255, rounding down.
func level(v float64) uint8 {
	return uint8(min(max(int32(float64(0xffff*v)+0.5), 0), 0xffff) >> 8)
}
