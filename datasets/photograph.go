package datasets

import "image"

// photograph is an unfinished image: three channels of grey levels that may be
// outside 0…255 until it is developed.
type photograph struct {
	size int
	rgb  [3][]int // [size·size] each
}

// photograph takes one image of a class.
func (l look) photograph(cfg GlyphsConfig, domain, name string, class int, shapes [][]outline) photograph {
	d := throw(cfg.Seed, name)
	o := l.object(cfg.Seed, d, name, class, shapes)
	polygons := l.place(o, d, cfg.Size)
	p := photograph{size: cfg.Size}
	for c := range p.rgb {
		p.rgb[c] = make([]int, p.size*p.size)
	}
	p.surfaces(o)
	if l.scene {
		p.textured(d, l.texture)
		offset := image.Pt(d.about(20), d.within(span{4, 24})).Mul(p.size * subpixel / 256)
		p.blend(cover(moved(polygons, offset), p.size), [3]int{40, 40, 40}, 90)
	}
	p.blend(cover(polygons, p.size), o.ink, 256)
	p.light(d.about(l.ramp), d.about(l.ramp))
	for range d.within(l.blur) {
		p.blur()
	}
	p.expose(d.within(l.gain), d.within(l.level), [3]int{d.about(l.cast), d.about(l.cast), d.about(l.cast)})
	p.grain(d, l.noise)
	return p
}

// moved returns the polygons shifted.
func moved(polygons [][]image.Point, by image.Point) [][]image.Point {
	out := make([][]image.Point, len(polygons))
	for i, polygon := range polygons {
		for _, v := range polygon {
			out[i] = append(out[i], v.Add(by))
		}
	}
	return out
}

// surfaces paints the wall above the horizon and the table below it.
func (p photograph) surfaces(o object) {
	for c := range p.rgb {
		for i := range p.rgb[c] {
			p.rgb[c][i] = o.wall[c]
			if i/p.size*256 >= o.horizon*p.size {
				p.rgb[c][i] = o.table[c]
			}
		}
	}
}

// textured adds smooth noise of up to ± strength: random levels on a grid of nine
// by nine points, interpolated.
func (p photograph) textured(d dice, strength int) {
	const cells = 8
	var grid [cells + 1][cells + 1]int
	for y := range grid {
		for x := range grid[y] {
			grid[y][x] = d.about(strength)
		}
	}
	for i := range p.size * p.size {
		x, y := i%p.size*cells, i/p.size*cells // in 1/size of a cell
		cx, cy, fx, fy := x/p.size, y/p.size, x%p.size, y%p.size
		top := grid[cy][cx]*(p.size-fx) + grid[cy][cx+1]*fx
		bottom := grid[cy+1][cx]*(p.size-fx) + grid[cy+1][cx+1]*fx
		level := floorDiv(top*(p.size-fy)+bottom*fy, p.size*p.size)
		for c := range p.rgb {
			p.rgb[c][i] += level
		}
	}
}

// blend lays a colour over the image where the mask covers it, with the given
// opacity in 1/256.
func (p photograph) blend(mask []uint8, colour [3]int, opacity int) {
	for c := range p.rgb {
		for i, m := range mask {
			p.rgb[c][i] += floorDiv((colour[c]-p.rgb[c][i])*int(m)*opacity, 255*256)
		}
	}
}

// light multiplies by a ramp: 1 in the middle, more or less towards the edges, by
// right/256 and down/256.
func (p photograph) light(right, down int) {
	for i := range p.size * p.size {
		x, y := 2*(i%p.size)-p.size, 2*(i/p.size)-p.size
		factor := 256*p.size + right*x + down*y
		for c := range p.rgb {
			p.rgb[c][i] = floorDiv(p.rgb[c][i]*factor, 256*p.size)
		}
	}
}

// blur smooths with the kernel [1 2 1]/4 along both axes; edges repeat.
func (p photograph) blur() {
	for c := range p.rgb {
		for _, stride := range []int{1, p.size} {
			old := append([]int(nil), p.rgb[c]...)
			for i := range old {
				at := i / stride % p.size
				before, after := i, i
				if at > 0 {
					before -= stride
				}
				if at < p.size-1 {
					after += stride
				}
				p.rgb[c][i] = floorDiv(old[before]+2*old[i]+old[after]+2, 4)
			}
		}
	}
}

// expose applies contrast about mid-grey, in 1/256, a level, and a cast per channel.
func (p photograph) expose(gain, level int, cast [3]int) {
	for c := range p.rgb {
		for i, v := range p.rgb[c] {
			p.rgb[c][i] = 128 + floorDiv((v-128)*gain, 256) + level + cast[c]
		}
	}
}

// grain adds noise of standard deviation sigma/16 to each channel of each pixel.
func (p photograph) grain(d dice, sigma int) {
	for c := range p.rgb {
		for i := range p.rgb[c] {
			p.rgb[c][i] += d.bell(sigma)
		}
	}
}

// develop writes the image's bytes, row-major, channels last: three, or, if to has room
// for only one, their luma (ITU-R BT.601).
func (p photograph) develop(to []uint8) {
	level := func(v int) uint8 { return uint8(min(max(v, 0), 255)) }
	for i := range p.size * p.size {
		r, g, b := level(p.rgb[0][i]), level(p.rgb[1][i]), level(p.rgb[2][i])
		if len(to) == p.size*p.size {
			to[i] = luma(r, g, b)
			continue
		}
		to[3*i], to[3*i+1], to[3*i+2] = r, g, b
	}
}
