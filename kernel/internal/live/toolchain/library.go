package toolchain

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sort"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// Library is what a Go shared library or plugin on disk defines.
type Library struct {
	path    string
	file    *elf.File // its headers: the file itself is closed
	symbols map[string]elf.Symbol
	relocs  []relocation // by offset
	hash    []byte       // of its ABI; nil for a plugin
}

// relocation is an address that the loader writes at an offset.
type relocation struct {
	offset, addend uint64
	symbol         string // "" if the addend by itself is the address
}

// OpenLibrary reads the symbols of a shared library. The file must not change, but is not
// kept open: a session has a library for each of its cells.
func OpenLibrary(path string) (*Library, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the library of compiled packages: %w", err)
	}
	defer f.Close()
	l := &Library{path: path, file: f, symbols: map[string]elf.Symbol{}}
	if err := guarded(l.read); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return l, nil
}

// Tables returns the method tables that a plugin defines.
func (l *Library) Tables() []host.Table {
	uses := map[string][]uint64{}
	for _, r := range l.relocs {
		if strings.HasPrefix(r.symbol, "go:itab.") {
			uses[r.symbol] = append(uses[r.symbol], r.offset)
		}
	}
	var all []host.Table
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		if s, ok := l.symbols[name]; ok {
			all = append(all, host.Table{Symbol: name, Value: s.Value, Uses: uses[name]})
		}
	}
	return all
}

func (l *Library) read() error {
	symbols, err := l.file.DynamicSymbols()
	if err != nil {
		return err
	}
	for _, s := range symbols {
		if s.Section != elf.SHN_UNDEF {
			l.symbols[s.Name] = s
		}
	}
	if s := l.file.Section(".note.go.abihash"); s != nil {
		note, err := s.Data()
		if err != nil || len(note) < 16 {
			return fmt.Errorf(".note.go.abihash: %v", err)
		}
		l.hash = note[16:] // after three lengths and "Go\0\0"
		if n := l.file.ByteOrder.Uint32(note[4:]); int(n) <= len(l.hash) {
			l.hash = l.hash[:n]
		}
	}
	rela := l.file.SectionByType(elf.SHT_RELA)
	for _, s := range l.file.Sections {
		if s.Name == ".rela.dyn" {
			rela = s
		}
	}
	if rela == nil {
		return nil
	}
	data, err := rela.Data()
	if err != nil {
		return err
	}
	for ; len(data) >= 24; data = data[24:] {
		r := relocation{offset: binary.LittleEndian.Uint64(data), addend: binary.LittleEndian.Uint64(data[16:])}
		if i := binary.LittleEndian.Uint32(data[12:]); i > 0 {
			r.symbol = symbols[i-1].Name
		}
		l.relocs = append(l.relocs, r)
	}
	sort.Slice(l.relocs, func(i, j int) bool { return l.relocs[i].offset < l.relocs[j].offset })
	return nil
}

// variants returns the library's symbols for a name that an object file refers to:
// functions with different calling conventions have different symbols.
func (l *Library) variants(name string) []elf.Symbol {
	var found []elf.Symbol
	name = mangle(name)
	for _, n := range [...]string{name, name + ".abi0", name + abiSuffix} {
		if s, ok := l.symbols[n]; ok {
			found = append(found, s)
		}
	}
	return found
}

// goType is what the linker needs to know about a type that another library defines.
type goType struct {
	size, pointers uint64 // bytes; those up to the last pointer
	mask           []byte // which words are pointers, one bit each
}

// Offsets in a type descriptor (internal/abi.Type) of what the linker needs, and flags.
const (
	typePointers = 8  // bytes with pointers; the size is in front
	typeFlags    = 20 // followed by alignment, alignment of fields, kind
	typeMask     = 32

	onDemand  = 1 << 4 // abi.TFlagGCMaskOnDemand: the type is so large that it has no mask
	kindSlice = 23     // abi.Slice
)

// typeOf reads a type descriptor.
func (l *Library) typeOf(s elf.Symbol) (goType, error) {
	data, err := l.bytes(s.Value, 32)
	if err != nil {
		return goType{}, fmt.Errorf("type %s: %w", strings.TrimPrefix(s.Name, "type:"), err)
	}
	t := goType{size: binary.LittleEndian.Uint64(data), pointers: binary.LittleEndian.Uint64(data[typePointers:])}
	if t.pointers == 0 || data[typeFlags]&onDemand != 0 {
		return t, nil
	}
	at, ok := l.pointer(s.Value + typeMask)
	if !ok {
		return t, nil
	}
	t.mask, err = l.bytes(at, (t.pointers/8+7)/8)
	return t, err
}

// pointer returns the address that the loader writes at an address.
func (l *Library) pointer(at uint64) (uint64, bool) {
	i := sort.Search(len(l.relocs), func(i int) bool { return l.relocs[i].offset >= at })
	if i == len(l.relocs) || l.relocs[i].offset != at {
		return 0, false
	}
	r := l.relocs[i]
	if r.symbol == "" {
		return r.addend, true
	}
	s, ok := l.symbols[r.symbol]
	return s.Value + r.addend, ok
}

// bytes returns n bytes of the library at an address.
func (l *Library) bytes(at, n uint64) ([]byte, error) {
	for _, s := range l.file.Sections {
		plain := s.Type != elf.SHT_NULL && s.Type != elf.SHT_NOBITS && s.ReaderAt != nil // it is nil for a compressed section
		if plain && s.Addr <= at && s.Addr != 0 && at-s.Addr < s.FileSize && n <= s.FileSize-(at-s.Addr) {
			return l.saved(s.Offset+at-s.Addr, n)
		}
	}
	return nil, fmt.Errorf("no section has %d bytes at address %#x", n, at)
}

// saved reads n bytes of the file, which may be shorter than its headers say.
func (l *Library) saved(at, n uint64) ([]byte, error) {
	f, err := os.Open(l.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.NewSectionReader(f, int64(at), int64(n)))
	if err == nil && uint64(len(data)) < n {
		err = io.ErrUnexpectedEOF
	}
	return data, err
}
