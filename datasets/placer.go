package datasets

import "image"

// A placer resizes images to one size, as stored or as shown.
type placer struct {
	upright, lying *resampler // to the size, and with width and height exchanged
	grey           bool
	stored         []uint8 // the image before it is rotated
}

// place writes the image, rotated by its orientation, to to. It rotates after resizing,
// when the image is small: rows and columns are resized independently, so the order does
// not matter.
func (p *placer) place(to []uint8, img image.Image, orientation int) {
	if orientation == 1 {
		p.upright.squash(to, img, p.grey)
		return
	}
	r := p.upright
	if orientation >= 5 {
		if p.lying == nil {
			p.lying = newResampler(r.kernel, r.height, r.width)
		}
		r = p.lying
	}
	if len(p.stored) != len(to) {
		p.stored = make([]uint8, len(to))
	}
	r.squash(p.stored, img, p.grey)
	turn(to, p.stored, r.width, r.height, orientation)
}

// turn writes to to the image stored in from, [height, width, channels], rotated by its
// orientation.
func turn(to, from []uint8, width, height, orientation int) {
	channels := len(from) / (width * height)
	for y := range height {
		for x := range width {
			column, row, across := x, y, width
			switch orientation { // the first row is …, the first column …
			case 2: // top, right
				column = width - 1 - x
			case 3: // bottom, right
				column, row = width-1-x, height-1-y
			case 4: // bottom, left
				row = height - 1 - y
			case 5: // left, top
				column, row, across = y, x, height
			case 6: // right, top
				column, row, across = height-1-y, x, height
			case 7: // right, bottom
				column, row, across = height-1-y, width-1-x, height
			case 8: // left, bottom
				column, row, across = y, width-1-x, height
			}
			copy(to[(row*across+column)*channels:][:channels], from[(y*width+x)*channels:])
		}
	}
}
