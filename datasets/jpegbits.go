package datasets

// A jpegCode is a Huffman code, ITU-T T.81, annex C: for each 16 bits, the value with which
// they begin, << 8, and the length of its code; 0 if there is none.
type jpegCode [1 << 16]uint16

// newJPEGCode makes a code from the number of values of each length, 1 to 16, and the values.
// It returns nil if there are more values than such a code can have, or fewer than counted.
func newJPEGCode(counts, values []byte) *jpegCode {
	c, at := new(jpegCode), 0
	for i, n := range counts {
		each := 1 << (15 - i) // of the 16 bits that begin with a value of this length
		for range n {
			if len(values) == 0 || at+each > len(c) {
				return nil
			}
			for k := range each {
				c[at+k] = uint16(values[0])<<8 | uint16(i+1)
			}
			at, values = at+each, values[1:]
		}
	}
	return c
}

// jpegBits reads bits up to the next marker.
type jpegBits struct {
	data  []byte
	bits  uint64 // the last have bits are the next ones
	have  int
	short bool // more bits were requested than there are
}

// fill makes at least 16 bits available, if the data have them.
func (r *jpegBits) fill() {
	for r.have < 16 && len(r.data) > 0 {
		b := r.data[0]
		if b == 0xff { // 0xff00 is a byte 0xff
			if len(r.data) < 2 || r.data[1] != 0 {
				return
			}
			r.data = r.data[1:]
		}
		r.data = r.data[1:]
		r.bits, r.have = r.bits<<8|uint64(b), r.have+8
	}
}

// take returns the next n bits, at most 16.
func (r *jpegBits) take(n int) int {
	if r.fill(); r.have < n {
		r.short = true
		return 0
	}
	r.have -= n
	return int(r.bits >> r.have & (1<<n - 1))
}

// value returns the next value of a code.
func (r *jpegBits) value(c *jpegCode) byte {
	r.fill()
	next := r.bits << max(16-r.have, 0) >> max(r.have-16, 0) & 0xffff
	v := c[next]
	if n := int(v & 0xff); n > 0 && n <= r.have {
		r.have -= n
		return byte(v >> 8)
	}
	r.short = true
	return 0
}

// number returns a number of the given bits, at most 16; the first gives its sign.
func (r *jpegBits) number(bits byte) int {
	if bits == 0 {
		return 0
	}
	v := r.take(int(bits))
	if v < 1<<(bits-1) {
		v -= 1<<bits - 1
	}
	return v
}

// restart skips a restart marker and reports whether one was next.
func (r *jpegBits) restart() bool {
	r.bits, r.have = 0, 0
	for len(r.data) >= 2 && (r.data[0] != 0xff || r.data[1] == 0xff || r.data[1] == 0) { // padding
		r.data = r.data[1:]
	}
	if len(r.data) < 2 || r.data[1] < 0xd0 || r.data[1] > 0xd7 {
		return false
	}
	r.data = r.data[2:]
	return true
}
