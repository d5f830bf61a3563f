package toolchain

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"strings"
)

// stub is a shared library that Go's linker reads in place of the real ones: it has the
// symbols that one cell refers to and no code. Reading all symbols of the real one, some
// 200,000, is what makes a link slow.
type stub struct {
	machine elf.Machine
	hash    []byte // of the ABI of the library that it replaces
	symbols []stubSymbol
}

type stubSymbol struct {
	name string
	kind elf.SymType
	typ  *goType // of a type descriptor
}

// encode returns the library as an ELF file.
func (b *stub) encode() []byte {
	le := binary.LittleEndian
	strs, names := []byte{0}, map[string]uint32{}
	name := func(s string) uint32 {
		if s == "" {
			return 0
		}
		if _, ok := names[s]; !ok {
			names[s] = uint32(len(strs))
			strs = append(append(strs, s...), 0)
		}
		return names[s]
	}

	// The section of type descriptors, at its place in the address space. A mask follows
	// its descriptor.
	const typesAt, typesIndex = 0x10000, 3
	var types []byte
	symbols := make([]byte, elf.Sym64Size) // the first is null
	for _, s := range b.symbols {
		value, size, section := uint64(0), uint64(8), uint16(elf.SHN_UNDEF)
		if s.typ != nil {
			value, size, section = typesAt+uint64(len(types)), descriptorSize, typesIndex
			types = append(types, s.typ.descriptor(value)...)
		}
		sym := make([]byte, elf.Sym64Size)
		le.PutUint32(sym, name(s.name))
		sym[4] = byte(elf.STB_GLOBAL)<<4 | byte(s.kind)
		le.PutUint16(sym[6:], section)
		le.PutUint64(sym[8:], value)
		le.PutUint64(sym[16:], size)
		symbols = append(symbols, sym...)
	}

	sections := []section{
		{},
		{name: ".dynsym", kind: elf.SHT_DYNSYM, data: symbols, link: 2, info: 1, entry: elf.Sym64Size},
		{name: ".dynstr", kind: elf.SHT_STRTAB},
		{name: ".types", kind: elf.SHT_PROGBITS, data: types, addr: typesAt},
		{name: ".rela.dyn", kind: elf.SHT_RELA, link: 1, entry: 24},
		{name: ".note.go.abihash", kind: elf.SHT_NOTE, data: goNote(2, b.hash)},
		{name: ".note.go.deps", kind: elf.SHT_NOTE, data: goNote(3, nil)},
	}
	for _, s := range sections {
		name(s.name)
	}
	sections[2].data = strs

	return elfFile(b.machine, sections, names)
}

// section is a section of an ELF file.
type section struct {
	name       string
	kind       elf.SectionType
	data       []byte
	addr       uint64
	link, info uint32
	entry      uint64
}

// elfFile returns a shared library with the sections; names has the offset of each one's
// name in .dynstr, the section with index 2.
func elfFile(machine elf.Machine, sections []section, names map[string]uint32) []byte {
	le := binary.LittleEndian
	var out bytes.Buffer
	out.Write(make([]byte, 64))
	headers := &bytes.Buffer{}
	for _, s := range sections {
		for out.Len()%8 != 0 {
			out.WriteByte(0)
		}
		binary.Write(headers, le, elf.Section64{
			Name: names[s.name], Type: uint32(s.kind), Addr: s.addr, Off: uint64(out.Len()), Size: uint64(len(s.data)),
			Link: s.link, Info: s.info, Addralign: 8, Entsize: s.entry,
		})
		out.Write(s.data)
	}
	for out.Len()%8 != 0 {
		out.WriteByte(0)
	}
	header := &bytes.Buffer{}
	binary.Write(header, le, elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_DYN), Machine: uint16(machine), Version: uint32(elf.EV_CURRENT),
		Shoff: uint64(out.Len()), Ehsize: 64, Shentsize: 64, Shnum: uint16(len(sections)), Shstrndx: 2,
	})
	out.Write(headers.Bytes())
	file := out.Bytes()
	copy(file, header.Bytes())
	return file
}

const descriptorSize = 48 // of internal/abi.Type

// descriptor returns a type descriptor at an address, followed by the pointer mask. Its
// kind is slice, whatever the type's is, so that the linker uses the mask for all of it.
func (t *goType) descriptor(at uint64) []byte {
	le := binary.LittleEndian
	d := make([]byte, descriptorSize, descriptorSize+len(t.mask)+8)
	le.PutUint64(d, t.size)
	le.PutUint64(d[typePointers:], t.pointers)
	d[typeFlags+1], d[typeFlags+2], d[typeFlags+3] = 8, 8, kindSlice
	le.PutUint64(d[typeMask:], at+descriptorSize)
	d = append(d, t.mask...)
	for len(d)%8 != 0 {
		d = append(d, 0)
	}
	return d
}

// goNote returns an ELF note of Go's.
func goNote(tag uint32, data []byte) []byte {
	n := make([]byte, 12, 16+len(data)+4)
	binary.LittleEndian.PutUint32(n, 4)
	binary.LittleEndian.PutUint32(n[4:], uint32(len(data)))
	binary.LittleEndian.PutUint32(n[8:], tag)
	n = append(append(n, "Go\x00\x00"...), data...)
	for len(n)%4 != 0 {
		n = append(n, 0)
	}
	return n
}

// always are symbols that the linker needs for every plugin, whatever it refers to.
var always = []string{
	"runtime.lastmoduledatap", "runtime.unreachableMethod", "runtime.tlsg", "type:runtime.moduledata",
	"runtime.morestack", "runtime.morestack_noctxt", "runtime.mapinitnoop",
	"go:link.abihash." + baseLibrary, addModule,
}

// stubFor returns the stub for objects that refer to names which the libraries define. The
// first library must be the one with the runtime; if several define a name, the last
// counts.
func stubFor(libraries []*Library, names []string) (*stub, error) {
	b := &stub{machine: libraries[0].file.Machine, hash: libraries[0].hash}
	seen := map[string]bool{}
	for _, name := range append(append([]string(nil), always...), names...) {
		if seen[name] {
			continue
		}
		seen[name] = true
		for i := len(libraries) - 1; i >= 0; i-- {
			found := libraries[i].variants(name)
			for _, s := range found {
				sym := stubSymbol{name: s.Name, kind: elf.ST_TYPE(s.Info)}
				if i > 0 && sym.kind == elf.STT_FUNC && strings.HasPrefix(name, "main.") {
					sym.name += abiSuffix // editObject removes it again
				}
				if strings.HasPrefix(name, "type:") && !strings.HasPrefix(name, "type:.") && sym.kind == elf.STT_OBJECT {
					t, err := libraries[i].typeOf(s)
					if err != nil {
						return nil, err
					}
					sym.typ = &t
				}
				b.symbols = append(b.symbols, sym)
			}
			if len(found) > 0 {
				break
			}
		}
	}
	return b, nil
}
