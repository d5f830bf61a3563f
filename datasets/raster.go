package datasets

import (
	"cmp"
	"image"
	"slices"
)

const (
	subpixel = 256 // polygon vertices are in 1/256 pixel
	sublines = 8   // scan lines per pixel row
)

// cover returns how much of each pixel of a size × size image the polygons cover,
// 0…255, by the non-zero winding rule. Vertices are in 1/256 pixel, y down.
//
// It uses integer arithmetic throughout: the float32 rasterizer of x/image may fuse
// multiplication and addition, and so differ in the last bit between processors.
func cover(polygons [][]image.Point, size int) []uint8 {
	type crossing struct{ x, dir int }
	var crossings []crossing
	const step = subpixel / sublines
	out := make([]uint8, size*size)
	sums := make([]int, size) // covered length of each pixel over the sub-lines, in 1/256 pixel
	for row := range size {
		clear(sums)
		for line := range sublines {
			y := row*subpixel + line*step + step/2
			crossings = crossings[:0]
			for _, polygon := range polygons {
				a := polygon[len(polygon)-1]
				for _, b := range polygon {
					if (a.Y <= y) != (b.Y <= y) {
						top, bottom, dir := a, b, 1
						if a.Y > b.Y {
							top, bottom, dir = b, a, -1
						}
						x := top.X + floorDiv((bottom.X-top.X)*(y-top.Y), bottom.Y-top.Y)
						crossings = append(crossings, crossing{x, dir})
					}
					a = b
				}
			}
			slices.SortFunc(crossings, func(p, q crossing) int { return cmp.Compare(p.x, q.x) })
			winding := 0
			for i, c := range crossings {
				if winding != 0 {
					fill(sums, crossings[i-1].x, c.x)
				}
				winding += c.dir
			}
		}
		for x, s := range sums {
			out[row*size+x] = uint8(s * 255 / (subpixel * sublines))
		}
	}
	return out
}

// fill adds the part of [from, to) that lies in each pixel.
func fill(sums []int, from, to int) {
	from, to = max(from, 0), min(to, len(sums)*subpixel)
	for from < to {
		pixel := from / subpixel
		end := min(to, (pixel+1)*subpixel)
		sums[pixel] += end - from
		from = end
	}
}
