package datasets

import "encoding/binary"

// peeked is how many bits a [shortCode] looks up at once.
const peeked = 9

// A shortCode is a Huffman code, ITU-T T.81, annex C, that is made and read in little time.
//
// An entry of its table, for peeked bits that begin with a code, is
//
//	number << 16 | zeros << 8 | bits of the code and the number
//
// if the number that follows the code ends within them; else, with 0 as number,
//
//	value << 8 | bits of the code
//
// and 0 if the code is longer, or there is none.
type shortCode struct {
	table  [1 << peeked]int32
	end    [17]int32 // of the codes of each length, as 16 bits with zeros behind; 0: there are none
	offset [17]int32 // from a code of each length to its value
	values [256]byte
	most   byte // the largest value
}

// newShortCode makes a code from the number of values of each length, 1 to 16, and the values,
// at most 256. It returns nil if there are more values than such a code can have.
func newShortCode(counts, values []byte) *shortCode {
	c := new(shortCode)
	copy(c.values[:], values)
	code, k := 0, 0
	for i, n := range counts {
		length := i + 1
		c.offset[length] = int32(k - code)
		if code+int(n) > 1<<length {
			return nil
		}
		for range n {
			c.most = max(c.most, values[k])
			if length <= peeked {
				each := 1 << (peeked - length)
				for low := range each {
					c.table[code*each+low] = entry(values[k], length, low)
				}
			}
			code, k = code+1, k+1
		}
		if n > 0 {
			c.end[length] = int32(code) << (16 - length)
		}
		code <<= 1
	}
	return c
}

// entry returns the entry of a value with a code of length bits, and low behind it.
func entry(value byte, length, low int) int32 {
	bits := int(value & 15)
	if bits == 0 || length+bits > peeked {
		return int32(value)<<8 | int32(length)
	}
	number := extend(uint64(low>>(peeked-length-bits)), uint(bits))
	return number<<16 | int32(value>>4)<<8 | int32(length+bits)
}

// extend returns the number that bits, at least 1, stand for (F.2.2.1): the first gives its
// sign.
func extend(v uint64, bits uint) int32 {
	if v < 1<<(bits-1) {
		return int32(v) - 1<<bits + 1
	}
	return int32(v)
}

// shortBits reads bits up to the next marker, and zeros from there on.
type shortBits struct {
	data  []byte
	bits  uint64 // the last have bits are the next ones
	have  uint
	zeros uint // how many bits behind the data were made up
}

// end reports whether less than a byte remains before the marker, and no more was read than
// there is.
func (r *shortBits) end() bool {
	return r.have >= r.zeros && r.have-r.zeros < 8 && (len(r.data) == 0 || r.data[0] == 0xff)
}

// fill makes at least 32 bits available.
func (r *shortBits) fill(bits uint64, have uint) (uint64, uint) {
	if len(r.data) >= 4 {
		if v := binary.BigEndian.Uint32(r.data); (^v-0x01010101)&v&0x80808080 == 0 { // no byte is 0xff
			r.data = r.data[4:]
			return bits<<32 | uint64(v), have + 32
		}
	}
	for have < 32 {
		bits, have = bits<<8, have+8
		switch {
		case len(r.data) > 0 && r.data[0] != 0xff:
			bits |= uint64(r.data[0])
			r.data = r.data[1:]
		case len(r.data) > 1 && r.data[1] == 0: // 0xff00 is a byte 0xff
			bits |= 0xff
			r.data = r.data[2:]
		default:
			r.zeros += 8
		}
	}
	return bits, have
}

// long returns the value of a code of more than peeked bits, and its length; 0 if there is none.
func (c *shortCode) long(bits uint64, have uint) (value byte, length uint) {
	next := int32(bits >> (have - 16) & 0xffff)
	for length := uint(peeked + 1); length <= 16; length++ {
		if next < c.end[length] {
			return c.values[(next>>(16-length)+c.offset[length])&0xff], length
		}
	}
	return 0, 0
}

// block decodes a block of a part into coefficients times their quantization, by columns:
// horizontal frequency times eight plus the vertical. flat says that only the first is not 0;
// then the others are not written. It is not ok if the block is damaged.
func (r *shortBits) block(b *[64]int32, p *ordinaryPart) (flat, ok bool) {
	bits, have := r.bits, r.have
	code, flat := p.dc, true
	for k := 0; k < 64; k++ {
		if have < 32 {
			bits, have = r.fill(bits, have)
		}
		e := code.table[bits>>((have-peeked)&63)&(1<<peeked-1)]
		number, zeros := e>>16, int(e>>8&0xff)
		if number != 0 {
			have -= uint(e & 0xff)
		} else {
			value, length := byte(zeros), uint(e&0xff)
			if length == 0 {
				if value, length = code.long(bits, have); length == 0 {
					return false, false
				}
			}
			have -= length
			zeros = int(value >> 4)
			if size := uint(value & 15); size > 0 {
				have -= size
				number = extend(bits>>(have&63)&(1<<size-1), size)
			} else if k > 0 {
				if zeros == 0 {
					break
				}
				if zeros != 15 {
					return false, false
				}
				k += 15
				continue
			}
		}
		if k == 0 {
			p.last += number
			b[0] = p.last * p.quant[0]
			code = p.ac
			continue
		}
		if k += zeros; k > 63 {
			return false, false
		}
		if flat {
			first := b[0]
			*b = [64]int32{first}
			flat = false
		}
		b[byColumns[k]&63] = number * p.quant[k]
	}
	r.bits, r.have = bits, have
	return flat, true
}

// byColumns is where the coefficients of a block, in the order of transmission, are by columns.
var byColumns = [64]uint8{
	0, 8, 1, 2, 9, 16, 24, 17,
	10, 3, 4, 11, 18, 25, 32, 40,
	33, 26, 19, 12, 5, 6, 13, 20,
	27, 34, 41, 48, 56, 49, 42, 35,
	28, 21, 14, 7, 15, 22, 29, 36,
	43, 50, 57, 58, 51, 44, 37, 30,
	23, 31, 38, 45, 52, 59, 60, 53,
	46, 39, 47, 54, 61, 62, 55, 63,
}
