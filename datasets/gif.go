package datasets

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
)

// A gifFrame is the first frame of a GIF. Go's package refuses many GIFs that viewers
// show: with a frame beyond the screen, without a colour table, or with bytes between
// blocks.
type gifFrame struct {
	screen     image.Point
	at         image.Rectangle
	palette    color.Palette // of 256
	clear      int           // the transparent index; negative: none
	interlaced bool
	packed     []byte // begins with the width of codes
}

// openGIF reads a GIF up to its first frame (GIF89a specification, CompuServe, 1990).
func openGIF(data []byte) (picture, error) {
	f := gifFrame{palette: make(color.Palette, 256), clear: -1}
	for i := range f.palette { // without a table, grey
		f.palette[i] = color.RGBA{uint8(i), uint8(i), uint8(i), 255}
	}
	if len(data) < 13 {
		return picture{}, cutOff(beforePixels)
	}
	f.screen = image.Pt(int(binary.LittleEndian.Uint16(data[6:])), int(binary.LittleEndian.Uint16(data[8:])))
	flags, data := data[10], data[13:]
	data = f.colours(flags, data)
	for len(data) > 0 {
		block := data[0]
		data = data[1:]
		switch {
		case block == 0x21 && len(data) > 0: // an extension
			label := data[0]
			var body []byte
			body, data = gifBlocks(data[1:])
			if label == 0xf9 && len(body) >= 4 && body[0]&1 != 0 {
				f.clear = int(body[3])
			}
		case block == 0x2c: // a frame
			if len(data) < 10 {
				return picture{}, cutOff(beforePixels)
			}
			number := func(i int) int { return int(binary.LittleEndian.Uint16(data[i:])) }
			f.at = image.Rect(number(0), number(2), number(0)+number(4), number(2)+number(6))
			if f.at.Empty() {
				return picture{}, errors.New("its first frame has no pixel")
			}
			f.interlaced = data[8]&0x40 != 0
			f.packed = f.colours(data[8], data[9:])
			w, h := max(f.screen.X, f.at.Max.X), max(f.screen.Y, f.at.Max.Y) // Pillow widens the screen
			return picture{width: w, height: h, orientation: 1, memory: int64(w) * int64(h) * 2, decode: f.decode}, nil
		case block == 0x3b: // the end
			return picture{}, errors.New("it has no frame")
		}
	}
	return picture{}, cutOff("before its first frame")
}

// colours reads a colour table, if flags say that there is one, and returns the data
// after it. An index beyond the table is black, as in Pillow.
func (f *gifFrame) colours(flags byte, data []byte) []byte {
	if flags&0x80 == 0 {
		return data
	}
	for i := range f.palette {
		f.palette[i] = color.RGBA{A: 255}
	}
	n := 2 << (flags & 7)
	for i := range min(n, len(data)/3) {
		f.palette[i] = color.RGBA{data[3*i], data[3*i+1], data[3*i+2], 255}
	}
	return data[min(3*n, len(data)):]
}

// gifBlocks joins the blocks up to an empty one, or to the end of the data.
func gifBlocks(data []byte) (joined, rest []byte) {
	for len(data) > 0 && data[0] != 0 {
		n := min(int(data[0]), len(data)-1)
		joined = append(joined, data[1:1+n]...)
		data = data[1+n:]
	}
	return joined, data[min(1, len(data)):]
}

// decode decodes the frame, in its place on the screen. The rest of the screen is
// transparent, or has the first colour if no index is transparent, as in Pillow.
func (f gifFrame) decode() (image.Image, error) {
	if len(f.packed) == 0 {
		return nil, cutOff(beforePixels)
	}
	width := int(f.packed[0])
	if width < 1 || width > 12 {
		return nil, fmt.Errorf("its pixels have %d bits, want 1 to 12", width)
	}
	palette := append(color.Palette{}, f.palette...)
	screen := image.NewPaletted(image.Rectangle{Max: f.screen}.Union(image.Rectangle{Max: f.at.Max}), palette)
	if f.clear >= 0 {
		palette[f.clear] = color.RGBA{}
		for i := range screen.Pix {
			screen.Pix[i] = uint8(f.clear)
		}
	}
	packed, _ := gifBlocks(f.packed[1:])
	pixels := make([]byte, f.at.Dx()*f.at.Dy())
	switch n, err := gifUnpack(pixels, packed, width); {
	case err != nil:
		return nil, err
	case n < len(pixels):
		return nil, cutOff("after %d of %d rows", n/f.at.Dx(), f.at.Dy())
	}
	for i, y := range f.rows() {
		copy(screen.Pix[screen.PixOffset(f.at.Min.X, y):], pixels[i*f.at.Dx():][:f.at.Dx()])
	}
	return screen, nil
}

// rows returns the order in which the frame's rows are stored.
func (f gifFrame) rows() (order []int) {
	passes := [][2]int{{0, 1}} // first row, step
	if f.interlaced {
		passes = [][2]int{{0, 8}, {4, 8}, {2, 4}, {1, 2}}
	}
	for _, p := range passes {
		for y := p[0]; y < f.at.Dy(); y += p[1] {
			order = append(order, f.at.Min.Y+y)
		}
	}
	return order
}
