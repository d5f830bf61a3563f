package datasets

import (
	"bytes"
	"testing"
)

// Runs of each length and colour, and of several codes; codes of group 3 are of ITU-T T.4.
func TestUnpackFax(t *testing.T) {
	bits := func(s string) (out []byte) {
		n := 0
		for _, c := range s {
			if c == ' ' {
				continue
			}
			if n%8 == 0 {
				out = append(out, 0)
			}
			if c == '1' {
				out[n/8] |= 0x80 >> (n % 8)
			}
			n++
		}
		return out
	}
	const end = "000000000001"
	for _, row := range []struct {
		why, codes  string
		width, rows int
		aligned     bool
		want        string
		damaged     bool
	}{
		{"8 white", end + "10011", 8, 1, false, "\x00", false},
		{"no white, 8 black", end + "00110101 000101", 8, 1, false, "\xff", false},
		{"3 white, 5 black, and the end of the line filled up", end + "1000 0011 0000" + end + "10011", 8, 2, false, "\x1f\x00", false},
		{"4 white, 4 black: a code that ends in ones, then fill", end + "1011 011 000000" + end + "10011", 8, 2, false, "\x0f\x00", false},
		{"5 white, 2 black, 1 white, whose code ends in ones", end + "1100 11 000111 0000000" + end + "10011", 8, 2, false, "\x06\x00", false},
		{"11 white, 1 black, 12 white, a code that ends in zeros, then fill", end + "01000 010 001000 000" + end + "0101000", 24, 2, false, "\x00\x10\x00\x00\x00\x00", false},
		{"no ends of lines", "10011 10011", 8, 2, false, "\x00\x00", false},
		{"each row a byte", "10011000 10011000", 8, 2, true, "\x00\x00", false},
		{"64 white, which a code of none ends", end + "11011 00110101" + end + "11011 00110101", 64, 2, false, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", false},
		{"a run that is longer than the row", end + "10100", 8, 1, false, "", true},
		{"no code", end + "000000000000001", 8, 1, false, "", true},
		{"a row that is not there", end + "10011", 8, 2, false, "\x00", false},
	} {
		got, err := unpackFax(bits(row.codes), row.width, row.rows, row.aligned)
		if row.damaged != (err != nil) || err == nil && !bytes.Equal(got, []byte(row.want)) {
			t.Errorf("%s: %x, %v, want %x", row.why, got, err, row.want)
		}
	}
}
