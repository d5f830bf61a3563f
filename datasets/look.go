package datasets

import (
	"fmt"
	"image"
)

// A look says how the images of a domain are taken. Every range is drawn from again
// for each image unless stated otherwise.
type look struct {
	objects int  // distinct objects per class, shared by the domains that have the same count; 0: a new one for each image
	height  span // of a capital, in 1/256 of the image's side
	shift   int  // of the middle, up to ± this, in 1/256 of the side
	turn    int  // tangent of half the rotation angle, up to ± this, in 1/1024
	lean    int  // shear of x by y, up to ± this, in 1/256
	tilt    int  // perspective: growth from edge to edge, up to ± this, in 1/256
	scene   bool // a background of two textured surfaces and a shadow; else white
	texture int  // of the background, up to ± this grey levels
	ramp    int  // light across the image, up to ± this, in 1/256 of full from middle to edge
	blur    span // passes of the [1 2 1] kernel along both axes
	gain    span // contrast about mid-grey, in 1/256
	level   span // added to every channel after the gain, grey levels
	cast    int  // added to each channel, up to ± this grey levels
	noise   int  // standard deviation, in 1/16 grey level, on each channel
}

var (
	catalogue = look{height: span{120, 190}, shift: 26, turn: 70, lean: 24, tilt: 30, gain: span{256, 256}, noise: 16}
	dslr      = look{objects: 5, height: span{136, 180}, shift: 26, turn: 90, lean: 30, tilt: 60, scene: true,
		texture: 8, ramp: 50, gain: span{230, 256}, level: span{-10, 10}, cast: 6, noise: 32}
	webcam = look{objects: 5, height: span{112, 160}, shift: 28, turn: 80, lean: 28, tilt: 50, scene: true,
		texture: 10, ramp: 70, blur: span{1, 2}, gain: span{140, 200}, level: span{-40, 0}, cast: 12, noise: 80}
)

// object is a thing that can be photographed: a glyph in a face, stretched, with
// its colour and those of its surroundings.
type object struct {
	shape     outline
	stretch   int // of the width, in 1/256
	ink, wall [3]int
	table     [3]int
	horizon   int // where wall meets table, in 1/256 of the side
}

// capitalHeight is the approximate height of capitals in Go's fonts, in em units.
const capitalHeight = 1480

// object draws the object of one image: seeded by the image's name or, if a class has
// only a few objects, one of those, seeded by the object's name.
func (l look) object(seed uint64, d dice, name string, class int, shapes [][]outline) object {
	if l.objects > 0 {
		name = fmt.Sprintf("object %d of %s", d.below(l.objects), glyphClasses[class])
	}
	d = throw(seed, name+" object")
	o := object{
		shape:   shapes[d.below(len(shapes))][class],
		stretch: d.within(span{225, 290}),
		horizon: d.within(span{120, 230}),
	}
	for c := range 3 {
		o.ink[c] = d.within(span{0, 110})
		o.wall[c], o.table[c] = 255, 255
	}
	if l.scene {
		grey, darker := d.within(span{150, 225}), d.within(span{-60, 20})
		for c := range 3 {
			o.wall[c] = grey + d.about(18)
			o.table[c] = grey + darker + d.about(18)
		}
	}
	return o
}

// place returns the object's outline in the image, in 1/256 pixel: stretched,
// sheared, rotated, scaled, put in perspective and shifted.
func (l look) place(o object, d dice, size int) [][]image.Point {
	side := size * subpixel
	height := d.within(l.height) * side / 256
	lean, turn := d.about(l.lean), d.about(l.turn)
	cos, sin, norm := 1<<20-turn*turn, 2*turn<<10, 1<<20+turn*turn // of the angle, over norm: exact for a rational half-angle
	tiltX, tiltY := d.about(l.tilt), d.about(l.tilt)
	moved := image.Pt(side/2+d.about(l.shift)*side/256, side/2+d.about(l.shift)*side/256)
	out := make([][]image.Point, len(o.shape))
	for i, polygon := range o.shape {
		for _, p := range polygon {
			x, y := p.X*o.stretch/256, p.Y
			x += y * lean / 256
			x, y = (x*cos-y*sin)/norm, (x*sin+y*cos)/norm
			x, y = x*height/capitalHeight, y*height/capitalHeight
			depth := 256*side + tiltX*x + tiltY*y
			out[i] = append(out[i], image.Pt(x*256*side/depth, y*256*side/depth).Add(moved))
		}
	}
	return out
}
