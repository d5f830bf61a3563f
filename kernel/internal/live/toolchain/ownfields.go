package toolchain

import (
	"debug/elf"
	"encoding/binary"
	"strings"
)

// ownFields makes type descriptors refer to their own parts by position and not by name. A
// struct type's descriptor, for instance, has the address of its fields, which follow it:
// in Go's object file that is the descriptor's own name and an offset. The loader uses the
// first definition of the name everywhere, and that may have its fields at another offset:
// if the type has got its first method since, a method table comes before them.
func (o *cellObject) ownFields() {
	le := binary.LittleEndian
	var all []*objectSymbol
	place := map[elf.SectionIndex]uint32{} // a local symbol of each section
	o.each(func(s *objectSymbol) {
		if _, ok := place[s.section]; !ok && elf.ST_BIND(s.entry[4]) == elf.STB_LOCAL {
			place[s.section] = uint32(len(all))
		}
		all = append(all, s)
	})
	for _, section := range o.file.Sections {
		if section.Type != elf.SHT_RELA {
			continue
		}
		in := elf.SectionIndex(section.Info)
		by, ok := place[in]
		if !ok || in == elf.SHN_UNDEF {
			continue
		}
		for table := o.data[section.Offset : section.Offset+section.Size]; len(table) >= relaSize; table = table[relaSize:] {
			s := all[le.Uint32(table[12:])]
			at, addend := le.Uint64(table), le.Uint64(table[16:])
			inside := s.section == in && s.value() <= at && at-s.value() < le.Uint64(s.entry[16:])
			if !inside || addend == 0 || !s.global() || !strings.HasPrefix(s.name, "type:") {
				continue // without offset it is the type itself: type t []t
			}
			le.PutUint32(table[12:], by)
			le.PutUint64(table[16:], s.value()+addend-all[by].value())
		}
	}
}

const relaSize = 24 // of elf.Rela64: offset, type and symbol, addend

// value returns the offset of the symbol in its section.
func (s *objectSymbol) value() uint64 { return binary.LittleEndian.Uint64(s.entry[8:]) }
