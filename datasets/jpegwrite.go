package datasets

import "math/bits"

// A bitWriter writes bits, the highest first, and 0x00 after each 0xff.
type bitWriter struct {
	out  []byte
	bits uint32
	have int
}

func (w *bitWriter) put(v uint32, n int) {
	w.bits, w.have = w.bits<<n|v&(1<<n-1), w.have+n
	for ; w.have >= 8; w.have -= 8 {
		b := byte(w.bits >> (w.have - 8))
		if w.out = append(w.out, b); b == 0xff {
			w.out = append(w.out, 0)
		}
	}
}

// number writes the code for a number's length combined with beside, then the number; it
// returns false if there is no such code.
func (w *bitWriter) number(codes *[256]uint32, beside, v int) bool {
	n := bits.Len(uint(max(v, -v)))
	c := codes[min(beside<<4|n, 255)]
	if n > 11 || c == 0 {
		return false
	}
	w.put(c>>8, int(c&0xff))
	if v < 0 {
		v--
	}
	w.put(uint32(v), n)
	return true
}

// appendScan appends a scan of all blocks, and the end of the file.
func appendScan(out, components []byte, planes []*jpegPlane, across, down int) ([]byte, error) {
	out = append(out, 0xff, 0xda, 0, byte(6+2*len(planes)), byte(len(planes)))
	for i, name := range components {
		out = append(out, name, byte(0x11*min(i, 1)))
	}
	w := bitWriter{out: append(out, 0, 63, 0)}
	dc, ac := standardCodes()
	last := make([]int, len(planes))
	for unit := range across * down {
		x, y := unit%across, unit/across
		for i, p := range planes {
			for k := range p.across * p.down {
				b := &p.blocks[(y*p.down+k/p.across)*p.stride+x*p.across+k%p.across]
				if !w.block(b, int(b[0])-last[i], dc[min(i, 1)], ac[min(i, 1)]) {
					return nil, errJPEGData
				}
				last[i] = int(b[0])
			}
		}
	}
	w.put(0x7f, 7) // padding
	return append(w.out, 0xff, 0xd9), nil
}

// block writes a block; step is the difference between its DC coefficient and the last one.
func (w *bitWriter) block(b *[64]int16, step int, dc, ac *[256]uint32) bool {
	if !w.number(dc, 0, step) {
		return false
	}
	zeros := 0
	for _, v := range b[1:] {
		if v == 0 {
			zeros++
			continue
		}
		for ; zeros > 15; zeros -= 16 {
			w.put(ac[0xf0]>>8, int(ac[0xf0]&0xff))
		}
		if !w.number(ac, zeros, int(v)) {
			return false
		}
		zeros = 0
	}
	if zeros > 0 {
		w.put(ac[0]>>8, int(ac[0]&0xff))
	}
	return true
}
