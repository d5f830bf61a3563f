package datasets

import "errors"

// gifUnpack unpacks GIF's LZW into to, and returns how many values it wrote. Values have
// width bits: 1 to 12, of which eight are kept, as in Pillow. The package compress/lzw
// supports 2 to 8.
func gifUnpack(to, packed []byte, width int) (int, error) {
	const most = 1 << 12 // codes
	var before [most]int16
	var last, first [most]byte
	clear, none := 1<<width, -1
	for i := range clear {
		last[i], first[i] = byte(i), byte(i)
	}
	n, next, size, old := 0, clear+2, width+1, none
	for bits, have := uint32(0), 0; n < len(to); {
		for ; have < size; have += 8 {
			if len(packed) == 0 {
				return n, nil
			}
			bits |= uint32(packed[0]) << have
			packed = packed[1:]
		}
		code := int(bits & (1<<size - 1))
		bits, have = bits>>size, have-size
		switch {
		case code == clear:
			next, size, old = clear+2, width+1, none
			continue
		case code == clear+1: // the end
			return n, nil
		case code > next || code >= most || old == none && code > clear:
			return n, errors.New("its pixels are damaged")
		}
		if old != none && next < most { // the values of the last code, and the first value of this one
			before[next], first[next] = int16(old), first[old]
			last[next] = first[code]
			if code == next {
				last[next] = first[old]
			}
			if next++; next == 1<<size && size < 12 {
				size++
			}
		} else if code == next && code > clear {
			return n, errors.New("its pixels are damaged")
		}
		length := 1
		for c := code; c > clear; c = int(before[c]) {
			length++
		}
		for c, i := code, n+length-1; i >= n; c, i = int(before[c]), i-1 {
			if i < len(to) {
				to[i] = last[c]
			}
		}
		n, old = min(n+length, len(to)), code
	}
	return n, nil
}
