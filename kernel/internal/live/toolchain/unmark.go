package toolchain

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// unmark removes marks from the names in an object file that a running program shows: names
// of types and fields, which reflection returns, and names of functions, which stack traces
// show. They get shorter in place.
func (o *cellObject) unmark() {
	le := binary.LittleEndian
	o.each(func(s *objectSymbol) {
		if s.section == elf.SHN_UNDEF || int(s.section) >= len(o.file.Sections) {
			return
		}
		section := o.file.Sections[s.section]
		at, size := le.Uint64(s.entry[8:]), le.Uint64(s.entry[16:])
		if section.Type == elf.SHT_NOBITS || at+size > section.Size {
			return
		}
		bytesOf := o.data[section.Offset+at : section.Offset+at+size]
		if strings.HasPrefix(s.name, "type:.") { // the rest is shortened: see mangle
			unmarkName(bytesOf)
		}
	})
	if s := o.file.Section(".gopclntab"); s != nil && s.Size > pcNext+8 {
		table := o.data[s.Offset : s.Offset+s.Size]
		unmarkStrings(table[le.Uint64(table[pcNames:]):le.Uint64(table[pcNext:])])
	}
}

// .gopclntab begins with runtime.pcHeader, which has the offsets of the function name table
// and of the tables after it.
const (
	pcNames = 32
	pcNext  = 40
)

// unmarkName removes marks from a name in the form of reflection (internal/abi.Name): a
// byte of flags, the length as a varint, the text, and optional data. The varint keeps its
// number of bytes.
func unmarkName(name []byte) {
	if len(name) < 2 || !bytes.Contains(name, []byte(mark.Letter)) {
		return
	}
	n, at := 0, 1
	for shift := 0; at < len(name); shift += 7 {
		c := name[at]
		at++
		n |= int(c&0x7f) << shift
		if c&0x80 == 0 {
			break
		}
	}
	if at+n > len(name) {
		return // not a name
	}
	text := mark.Strip(string(name[at : at+n]))
	rest := bytes.Clone(name[at+n:])
	length := len(text)
	for i := 1; i < at; i++ {
		name[i] = byte(length & 0x7f)
		if i < at-1 {
			name[i] |= 0x80
		}
		length >>= 7
	}
	k := at + copy(name[at:], text)
	clear(name[k+copy(name[k:], rest):])
}

// unmarkStrings removes marks from strings that each end with a zero byte and begin where
// another table says.
func unmarkStrings(table []byte) {
	for at := 0; at < len(table); {
		end := bytes.IndexByte(table[at:], 0)
		if end < 0 {
			return
		}
		if s := table[at : at+end]; bytes.Contains(s, []byte(mark.Letter)) {
			clear(s[copy(s, mark.Strip(string(s))):])
		}
		at += end + 1
	}
}
