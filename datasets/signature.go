package datasets

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// starts returns a test for a file that begins with one of several strings.
func starts(with ...string) func([]byte) bool {
	return func(head []byte) bool {
		for _, s := range with {
			if strings.HasPrefix(string(head[:min(len(head), len(s))]), s) {
				return true
			}
		}
		return false
	}
}

// within returns a test for strings at offsets: within(0, "RIFF", 8, "WEBP").
func within(pairs ...any) func([]byte) bool {
	return func(head []byte) bool {
		for i := 0; i < len(pairs); i += 2 {
			at, s := pairs[i].(int), pairs[i+1].(string)
			if len(head) < at+len(s) || string(head[at:at+len(s)]) != s {
				return false
			}
		}
		return true
	}
}

// brand returns a test for a file in ISO's base media format with one of several brands.
func brand(brands ...string) func([]byte) bool {
	return func(head []byte) bool {
		for _, b := range brands {
			if within(4, "ftyp", 8, b)(head) {
				return true
			}
		}
		return false
	}
}

// isIcon returns a test for an icon or a cursor that contains an image: Targa files may begin
// like them.
func isIcon(which byte) func([]byte) bool {
	return func(head []byte) bool {
		return len(head) >= 22 && head[0] == 0 && head[1] == 0 && head[2] == which && head[3] == 0 && head[4] != 0 && head[5] == 0 && head[9] == 0
	}
}

func isNetpbm(head []byte) bool {
	return len(head) > 2 && head[0] == 'P' && '1' <= head[1] && head[1] <= '7' && bytes.IndexByte([]byte(" \t\r\n#"), head[2]) >= 0
}

func isMetafile(head []byte) bool {
	return starts("\xd7\xcd\xc6\x9a")(head) || within(0, "\x01\x00\x00\x00", 40, " EMF")(head)
}

// isPCX reports whether a file has PCX's manufacturer, 10, a version up to 5, a known encoding,
// and 1, 2, 4 or 8 bits.
func isPCX(head []byte) bool {
	return len(head) >= 128 && head[0] == 10 && head[1] <= 5 && head[2] <= 1 && bytes.IndexByte([]byte{1, 2, 4, 8}, head[3]) >= 0 && head[64] == 0
}

// isTGA checks the header fields of Targa, which has no signature.
func isTGA(head []byte) bool {
	return len(head) >= 18 && head[1] <= 1 && bytes.IndexByte([]byte{1, 2, 3, 9, 10, 11}, head[2]) >= 0 &&
		bytes.IndexByte([]byte{8, 15, 16, 24, 32}, head[16]) >= 0 && head[17]&0xc0 == 0 &&
		head[12]|head[13] != 0 && head[14]|head[15] != 0
}

// isBMP checks the signature and for a known header length: texts may begin with BM too.
func isBMP(head []byte) bool {
	if len(head) < 18 || head[0] != 'B' || head[1] != 'M' {
		return false
	}
	switch binary.LittleEndian.Uint32(head[14:]) {
	case 12, 16, 40, 52, 56, 64, 108, 124:
		return true
	}
	return false
}
