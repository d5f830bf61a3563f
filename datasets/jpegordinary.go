package datasets

import (
	"bytes"
	"encoding/binary"
	"image"
)

// An ordinaryJPEG decodes the JPEGs that most photographs are: sequential, in one scan,
// grey or Y, Cb, Cr, undamaged and without anything unusual. Pixels and errors are those of the
// package image/jpeg (Go 1.26), which reads all others; this only takes less time.
type ordinaryJPEG struct {
	baseline      bool
	width, height int
	interval      int              // units between restarts; 0: none
	quant         [4][64]int32     // in the order of transmission
	codes         [2][4]*shortCode // DC and AC
	parts         []ordinaryPart   // Y, Cb, Cr, or grey
	ratio         image.YCbCrSubsampleRatio
	shortBits
}

// An ordinaryPart is one component.
type ordinaryPart struct {
	name, table  byte // its identifier, and that of its quantization table
	across, down int  // its blocks in a unit
	dc, ac       *shortCode
	quant        *[64]int32
	last         int32 // the DC coefficient of the previous block
	pixels       []uint8
	stride       int
}

// ordinary returns the image, or nil if the file is not ordinary.
func (f jpegFile) ordinary() image.Image {
	if !bytes.HasPrefix(f.data, []byte{0xff, 0xd8}) {
		return nil
	}
	var o ordinaryJPEG
	for p := range jpegSegments(f.data) {
		if p.marker == 0xda {
			if !o.begin(p.body) {
				return nil
			}
			img := o.canvas()
			o.data = f.data[p.next:]
			if !o.scan() || len(o.data) < 2 || o.data[0] != 0xff || o.data[1] != 0xd9 {
				return nil
			}
			return img
		}
		if !o.segment(p.marker, p.body) {
			return nil
		}
	}
	return nil
}

// segment reads a segment before the scan; false if it is unusual.
func (o *ordinaryJPEG) segment(marker byte, body []byte) bool {
	switch {
	case marker == 0xee: // Adobe's, of 0: the components are R, G, B
		return len(body) < 12 || string(body[:5]) != "Adobe" || body[11] != 0
	case marker >= 0xe0 && marker <= 0xef || marker == 0xfe:
		return true
	case marker == 0xc0 || marker == 0xc1:
		return o.frame(marker == 0xc0, body)
	case marker == 0xc4:
		return o.huffman(body)
	case marker == 0xdb:
		return o.quantization(body)
	case marker == 0xdd && len(body) == 2:
		o.interval = int(binary.BigEndian.Uint16(body))
		return true
	}
	return false
}

// frame reads the size and the components.
func (o *ordinaryJPEG) frame(baseline bool, body []byte) bool {
	if o.parts != nil || len(body) != 6+3*1 && len(body) != 6+3*3 || body[0] != 8 || len(body) != 6+3*int(body[5]) {
		return false
	}
	o.baseline = baseline
	o.height, o.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	c := body[6:]
	if len(c) == 3 { // blocks in order of rows, whatever its sampling
		o.parts = []ordinaryPart{{name: c[0], table: c[2], across: 1, down: 1}}
	} else {
		for ; len(c) > 0; c = c[3:] {
			o.parts = append(o.parts, ordinaryPart{name: c[0], table: c[2], across: int(c[1] >> 4), down: int(c[1] & 15)})
		}
		ratio, known := map[byte]image.YCbCrSubsampleRatio{
			0x11: image.YCbCrSubsampleRatio444, 0x21: image.YCbCrSubsampleRatio422, 0x22: image.YCbCrSubsampleRatio420,
			0x12: image.YCbCrSubsampleRatio440, 0x41: image.YCbCrSubsampleRatio411, 0x42: image.YCbCrSubsampleRatio410,
		}[body[7]]
		y, cb, cr := o.parts[0], o.parts[1], o.parts[2]
		named := y.name != cb.name && cb.name != cr.name && cr.name != y.name && (y.name != 'R' || cb.name != 'G' || cr.name != 'B')
		if !known || !named || body[10] != 0x11 || body[13] != 0x11 {
			return false
		}
		o.ratio = ratio
	}
	for _, p := range o.parts {
		if p.table > 3 {
			return false
		}
	}
	sampled := len(o.parts) == 3 || body[7]>>4 != 0 && body[7]&15 != 0 && body[7]>>4 < 5 && body[7]&15 < 5 && body[7]>>4 != 3 && body[7]&15 != 3
	return sampled && o.width > 0 && o.height > 0
}

// quantization reads quantization tables.
func (o *ordinaryJPEG) quantization(body []byte) bool {
	for len(body) > 0 {
		first := body[0]
		body = body[1:]
		size := 1 + int(first>>4) // bytes of a number
		if first&15 > 3 || size > 2 || len(body) < 64*size {
			return false
		}
		for i := range 64 {
			if size == 1 {
				o.quant[first&15][i] = int32(body[i])
			} else {
				o.quant[first&15][i] = int32(binary.BigEndian.Uint16(body[2*i:]))
			}
		}
		body = body[64*size:]
	}
	return true
}

// huffman reads Huffman codes.
func (o *ordinaryJPEG) huffman(body []byte) bool {
	for len(body) > 0 {
		if len(body) < 17 || body[0]>>4 > 1 || body[0]&15 > 3 {
			return false
		}
		n := 0
		for _, count := range body[1:17] {
			n += int(count)
		}
		if n == 0 || n > 256 || len(body) < 17+n {
			return false
		}
		c := newShortCode(body[1:17], body[17:17+n])
		if c == nil {
			return false
		}
		o.codes[body[0]>>4][body[0]&15] = c
		body = body[17+n:]
	}
	return true
}

// begin reads the header of the scan.
func (o *ordinaryJPEG) begin(body []byte) bool {
	n := len(o.parts)
	if n == 0 || len(body) != 4+2*n || int(body[0]) != n {
		return false
	}
	for i := range o.parts {
		p, tables := &o.parts[i], body[2+2*i]
		if body[1+2*i] != p.name || tables>>4 > 3 || tables&15 > 3 || o.baseline && tables&0xee != 0 {
			return false
		}
		p.dc, p.ac, p.quant = o.codes[0][tables>>4], o.codes[1][tables&15], &o.quant[p.table]
		if p.dc == nil || p.ac == nil || p.dc.most > 15 {
			return false
		}
	}
	return true
}

// units returns the number of units in a row and in a column.
func (o *ordinaryJPEG) units() (across, down int) {
	return ceilDiv(o.width, 8*o.parts[0].across), ceilDiv(o.height, 8*o.parts[0].down)
}

// canvas makes the image that the scan fills.
func (o *ordinaryJPEG) canvas() image.Image {
	across, down := o.units()
	whole, shown := image.Rect(0, 0, across*8*o.parts[0].across, down*8*o.parts[0].down), image.Rect(0, 0, o.width, o.height)
	if len(o.parts) == 1 {
		img := image.NewGray(whole)
		o.parts[0].pixels, o.parts[0].stride = img.Pix, img.Stride
		return img.SubImage(shown)
	}
	img := image.NewYCbCr(whole, o.ratio)
	o.parts[0].pixels, o.parts[0].stride = img.Y, img.YStride
	o.parts[1].pixels, o.parts[1].stride = img.Cb, img.CStride
	o.parts[2].pixels, o.parts[2].stride = img.Cr, img.CStride
	return img.SubImage(shown)
}

// scan decodes the scan; false if it is damaged.
func (o *ordinaryJPEG) scan() bool {
	across, down := o.units()
	invert := fastestInverse()
	var block [64]int32
	for unit := range across * down {
		if o.interval > 0 && unit > 0 && unit%o.interval == 0 {
			if !o.end() || len(o.data) < 2 || o.data[0] != 0xff || o.data[1] != 0xd0+byte((unit/o.interval-1)%8) {
				return false
			}
			o.shortBits = shortBits{data: o.data[2:]}
			for i := range o.parts {
				o.parts[i].last = 0
			}
		}
		x, y := unit%across, unit/across
		for i := range o.parts {
			p := &o.parts[i]
			for k := range p.across * p.down {
				at := (y*p.down+k/p.across)*8*p.stride + (x*p.across+k%p.across)*8
				flat, ok := o.block(&block, p)
				switch {
				case !ok:
					return false
				case flat:
					fillBlock(p.pixels[at:], p.stride, block[0])
				default:
					invert(p.pixels[at:], p.stride, &block)
				}
			}
		}
	}
	return o.end()
}
