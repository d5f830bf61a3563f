package sdt

import (
	"math/rand/v2"

	"github.com/gomlx/gomlx/core/tensors"
)

// cut turns examples into what a network sees: in training a square cropped at random and
// flipped at random, otherwise the square at the centre. Its zero value leaves examples
// unchanged.
type cut struct {
	crop   int    // side in pixels; 0: the full image
	mirror bool   // flip half of the images
	random bool   // training
	seed   uint64 // of the random cuts
}

// shape returns the shape of one example after the cut.
func (c cut) shape(of []int) []int {
	if c.crop == 0 {
		return of
	}
	return []int{c.crop, c.crop, of[2]}
}

// tensor returns the rows as one batch [n, shape...]: uint8 for images, float32 for
// features. The random cuts depend on the seed and the step only.
func (c cut) tensor(rows []sourceRow, step uint64) *tensors.Tensor {
	first := rows[0].from
	dims := append([]int{len(rows)}, c.shape(first.Shape)...)
	size := first.Size()
	if first.Pixels == nil {
		flat := make([]float32, 0, len(rows)*size)
		for _, r := range rows {
			flat = append(flat, r.from.Values[r.row*size:(r.row+1)*size]...)
		}
		return tensors.FromFlatDataAndDimensions(flat, dims...)
	}
	out := Examples{Shape: dims[1:]}.Size()
	flat := make([]uint8, len(rows)*out)
	rng := rand.New(rand.NewPCG(c.seed, step))
	for i, r := range rows {
		c.image(flat[i*out:(i+1)*out], r.from.Pixels[r.row*size:(r.row+1)*size], first.Shape, rng)
	}
	return tensors.FromFlatDataAndDimensions(flat, dims...)
}

// image copies the cut of one image of the given shape [H, W, C] to dst.
func (c cut) image(dst, src []uint8, shape []int, rng *rand.Rand) {
	if c.crop == 0 && !(c.mirror && c.random) {
		copy(dst, src)
		return
	}
	h, w, channels := shape[0], shape[1], shape[2]
	side := [2]int{h, w}
	top, left := 0, 0
	if c.crop > 0 {
		side = [2]int{c.crop, c.crop}
		top, left = (h-c.crop)/2, (w-c.crop)/2
		if c.random {
			top, left = rng.IntN(h-c.crop+1), rng.IntN(w-c.crop+1)
		}
	}
	flip := c.mirror && c.random && rng.IntN(2) == 1
	for y := range side[0] {
		line := src[((top+y)*w+left)*channels : ((top+y)*w+left+side[1])*channels]
		to := dst[y*side[1]*channels : (y+1)*side[1]*channels]
		if !flip {
			copy(to, line)
			continue
		}
		for x := range side[1] {
			copy(to[(side[1]-1-x)*channels:(side[1]-x)*channels], line[x*channels:(x+1)*channels])
		}
	}
}
