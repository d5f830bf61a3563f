package datasets

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// unicodePath is the extra field in which Windows archivers store a name in UTF-8, in addition
// to the one in a code page: version 1, the CRC-32 of that one, the name (APPNOTE.TXT 4.6.9).
const unicodePath = 0x7075

// codePages are the encodings in which archivers write names without declaring them, by the
// names that unzip's option -O accepts.
var codePages = []struct {
	name string
	encoding.Encoding
}{
	{"CP437", charmap.CodePage437},    // MS-DOS; approximately Windows in the United States
	{"CP850", charmap.CodePage850},    // Windows in Western Europe
	{"CP852", charmap.CodePage852},    // Windows in Central Europe
	{"CP1252", charmap.Windows1252},   // other Windows programs in the West
	{"CP1250", charmap.Windows1250},   // and in Central Europe
	{"CP866", charmap.CodePage866},    // Windows in Russian
	{"CP1251", charmap.Windows1251},   // and other programs there
	{"CP932", japanese.ShiftJIS},      // Windows in Japanese
	{"CP936", simplifiedchinese.GBK},  // Windows in Chinese
	{"BIG5", traditionalchinese.Big5}, // Windows in Chinese, in Taiwan and Hong Kong
	{"CP949", korean.EUCKR},           // Windows in Korean
}

// zipName returns an entry's name in UTF-8. Most current archivers write UTF-8, declared or
// not. Any other name is an error that shows the name in each encoding in which it can be
// read, since only someone who knows the name can tell which is right.
func zipName(h zip.FileHeader) (string, error) {
	for extra := h.Extra; len(extra) >= 4; {
		id, size := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; size > len(extra) {
			break
		}
		field := extra[:size]
		if extra = extra[size:]; id == unicodePath && size > 5 && field[0] == 1 &&
			binary.LittleEndian.Uint32(field[1:]) == crc32.ChecksumIEEE([]byte(h.Name)) && utf8.Valid(field[5:]) {
			return string(field[5:]), nil
		}
	}
	if utf8.ValidString(h.Name) {
		return h.Name, nil
	}
	return "", fmt.Errorf("entry %q: its name is not UTF-8, and the archive does not declare the encoding (%s): unpack it with the right one: unzip -O NAME FILE -d FOLDER",
		h.Name, strings.Join(readings(h.Name), ", "))
}

// readings returns the possible names, each with the encodings that give it.
func readings(raw string) (all []string) {
	var names []string
	by := map[string][]string{} // name → encodings
	for _, page := range codePages {
		name, err := page.NewDecoder().String(raw)
		if err != nil || strings.ContainsFunc(name, noText) {
			continue
		}
		if by[name] == nil {
			names = append(names, name)
		}
		by[name] = append(by[name], page.name)
	}
	for _, name := range names {
		all = append(all, fmt.Sprintf("%q in %s", name, strings.Join(by[name], " or ")))
	}
	return all
}

// noText reports whether a character cannot be part of a name.
func noText(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) }
