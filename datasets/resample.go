package datasets

import (
	"image"
	"math"

	"golang.org/x/image/draw"
)

// A resampler resizes opaque images to one size by one kernel. It convolves along the
// rows, then along the columns, in float64,
//
//	out(y, x) = Σⱼ vⱼ · Σᵢ hᵢ · in(j, i),   Σ v = Σ h = 1,
//
// where the kernel is widened by the ratio of the sizes if that is above 1, and cut
// off at the image's border. Pixels are those of [draw.Kernel], bit by bit: sums go in
// the same order, and no product is fused with a sum. It is faster as it converts each
// source pixel's colour once, not once per tap, and holds only those rows that the
// next one needs.
//
// It keeps its buffers, so each goroutine has its own.
type resampler struct {
	kernel        *draw.Kernel
	width, height int         // of the result, pixels
	source        image.Point // size that columns and rows are for
	columns, rows []tap
	in            []float64   // one source row, [source.X, 3], of 0…65535
	ring          [][]float64 // resized along x, [width, 3], of 0…1: source row y is at y % len
	sum           []float64   // [width, 3]
	rgb           []uint8     // [height, width, 3], on the way to grey
}

// A tap says which source pixels, from first on, make one pixel of a row or column.
type tap struct {
	first   int
	weights []float64
	scale   float64 // 1 / their sum
}

// taps returns the taps that turn from pixels into to.
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

// prepare makes taps and buffers for sources of a size.
func (r *resampler) prepare(source image.Point) {
	if r.source == source {
		return
	}
	r.source = source
	r.columns, r.rows = taps(r.kernel, source.X, r.width), taps(r.kernel, source.Y, r.height)
	for x := range r.columns {
		r.columns[x].scale /= 0xffff
	}
	r.in = make([]float64, 3*source.X)
	r.sum = make([]float64, 3*r.width)
	most := 0
	for _, t := range r.rows {
		most = max(most, len(t.weights))
	}
	r.ring = make([][]float64, most)
	for i := range r.ring {
		r.ring[i] = make([]float64, 3*r.width)
	}
}

// resample resizes a source of a size, of which row writes row y as R, G, B of
// 0…65535, and writes the result, [height, width, 3], to to.
func (r *resampler) resample(to []uint8, source image.Point, row func(to []float64, y int)) {
	r.prepare(source)
	ready := 0 // source rows that are, or were, in the ring
	for y, t := range r.rows {
		for ; ready < t.first+len(t.weights); ready++ {
			if ready >= t.first {
				row(r.in, ready)
				along(r.ring[ready%len(r.ring)], r.in, r.columns)
			}
		}
		clear(r.sum)
		for i, w := range t.weights {
			add(r.sum, r.ring[(t.first+i)%len(r.ring)], w)
		}
		out := to[y*len(r.sum):][:len(r.sum)]
		for i, v := range r.sum {
			out[i] = uint8(min(max(int32(float64(0xffff*float64(v*t.scale))+0.5), 0), 0xffff) >> 8)
		}
	}
}

// along resizes one row of pixels.
func along(to, from []float64, columns []tap) {
	for x, t := range columns {
		var r, g, b float64
		p := from[3*t.first:]
		for _, w := range t.weights {
			r += float64(p[0] * w)
			g += float64(p[1] * w)
			b += float64(p[2] * w)
			p = p[3:]
		}
		to[3*x], to[3*x+1], to[3*x+2] = r*t.scale, g*t.scale, b*t.scale
	}
}

// add adds w times row to sum.
func add(sum, row []float64, w float64) {
	row = row[:len(sum)]
	for i, v := range row {
		sum[i] += float64(v * w)
	}
}
