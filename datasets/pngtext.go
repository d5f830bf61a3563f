package datasets

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
)

// pngText returns the keyword and the text of one of PNG's three kinds of text chunk. The
// text is nil if it is damaged; it is read up to 1 MiB, more than any orientation needs.
func pngText(name string, body []byte) (keyword string, text []byte) {
	word, text, _ := bytes.Cut(body, []byte{0})
	keyword = string(word)
	packed := name == "zTXt"
	switch {
	case packed && len(text) < 1, name == "iTXt" && len(text) < 2:
		return keyword, nil
	case packed:
		text = text[1:] // the compression method: there is only one
	case name == "iTXt":
		packed = text[0] != 0
		_, text, _ = bytes.Cut(text[2:], []byte{0}) // the language
		_, text, _ = bytes.Cut(text, []byte{0})     // the keyword in it
	}
	if !packed {
		return keyword, text
	}
	r, err := zlib.NewReader(bytes.NewReader(text))
	if err != nil {
		return keyword, nil
	}
	const most = 1 << 20
	if text, err = io.ReadAll(io.LimitReader(r, most)); err != nil {
		return keyword, nil
	}
	return keyword, text
}

// rawProfile decodes a profile that ImageMagick writes as text, since PNG had no chunk for
// it: a line with its name, one with its length, and its bytes in hexadecimal digits.
func rawProfile(text []byte) []byte {
	lines := bytes.Split(text, []byte("\n"))
	if len(lines) < 4 { // the first is empty
		return nil
	}
	digits := bytes.Join(bytes.Fields(bytes.Join(lines[3:], nil)), nil)
	profile := make([]byte, hex.DecodedLen(len(digits)))
	n, _ := hex.Decode(profile, digits)
	return profile[:n]
}
