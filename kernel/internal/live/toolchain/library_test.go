package toolchain

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// opened writes a library's bytes to a file and opens it.
func opened(t *testing.T, data []byte) (*Library, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lib.so")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return OpenLibrary(path)
}

var handStub = stub{machine: elf.EM_X86_64, hash: []byte("0123456789abcdef"), symbols: []stubSymbol{
	{name: "main.f", kind: elf.STT_FUNC},
	{name: "type:main.T", kind: elf.STT_OBJECT, typ: &goType{size: 24, pointers: 16, mask: []byte{2}}},
	{name: "type:main.U", kind: elf.STT_OBJECT, typ: &goType{size: 8}},
}}

// withRelocation returns a stub's bytes with a relocation, of the mask of the type main.T.
func withRelocation(data []byte) []byte {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		panic(err)
	}
	le := binary.LittleEndian
	const address, entry = 0x10000 + typeMask, 24 // the first type's
	r := make([]byte, entry)
	le.PutUint64(r, address)
	le.PutUint32(r[8:], 1)
	le.PutUint32(r[12:], 2) // main.T, the second symbol
	le.PutUint64(r[16:], descriptorSize)
	header := le.Uint64(data[0x28:])
	for i, s := range f.Sections {
		if s.Name == ".rela.dyn" {
			le.PutUint64(data[header+uint64(i)*64+24:], uint64(len(data)))
			le.PutUint64(data[header+uint64(i)*64+32:], entry)
		}
	}
	return append(data, r...)
}

// TestTypeOf checks what is read about types of a library.
func TestTypeOf(t *testing.T) {
	l, err := opened(t, withRelocation(handStub.encode()))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]goType{"type:main.T": {24, 16, []byte{2}}, "type:main.U": {size: 8}} {
		if got, err := l.typeOf(l.symbols[name]); err != nil || got.size != want.size || got.pointers != want.pointers || !bytes.Equal(got.mask, want.mask) {
			t.Errorf("%s is %v, %v; want %v", name, got, err, want)
		}
	}
}

// TestStub reads a stub as Go's linker does: its ABI hash, its symbols and its types.
func TestStub(t *testing.T) {
	l, err := opened(t, handStub.encode())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(l.hash, handStub.hash) {
		t.Errorf("hash %q", l.hash)
	}
	f, err := elf.NewFile(bytes.NewReader(handStub.encode()))
	if err != nil {
		t.Fatal(err)
	}
	symbols, err := f.DynamicSymbols()
	if err != nil || len(symbols) != 3 {
		t.Fatalf("%v, %v", symbols, err)
	}
	if s := symbols[0]; s.Name != "main.f" || elf.ST_TYPE(s.Info) != elf.STT_FUNC || elf.ST_BIND(s.Info) != elf.STB_GLOBAL || s.Section != elf.SHN_UNDEF {
		t.Errorf("a function is %+v", s)
	}
	for i, want := range []goType{{size: 24, pointers: 16, mask: []byte{2}}, {size: 8}} {
		s := symbols[i+1]
		d, err := l.bytes(s.Value, descriptorSize)
		if err != nil {
			t.Fatal(err)
		}
		le := binary.LittleEndian
		if le.Uint64(d) != want.size || le.Uint64(d[typePointers:]) != want.pointers || d[typeFlags+3] != kindSlice {
			t.Errorf("%s is %x", s.Name, d)
		}
		// No relocation says where the mask is: cmd/link reads the address itself.
		mask, err := l.bytes(le.Uint64(d[typeMask:]), uint64(max(1, len(want.mask))))
		if err != nil && i == 0 || len(want.mask) > 0 && !bytes.Equal(mask, want.mask) {
			t.Errorf("%s has the mask %x, %v", s.Name, mask, err)
		}
	}
}

// TestStubFor checks which of the libraries' symbols a stub has, and under which names.
func TestStubFor(t *testing.T) {
	symbol := func(kind elf.SymType) elf.Symbol {
		return elf.Symbol{Info: elf.ST_INFO(elf.STB_GLOBAL, kind), Section: 1}
	}
	library := func(symbols map[string]elf.SymType) *Library {
		l := &Library{file: &elf.File{}, symbols: map[string]elf.Symbol{}}
		for name, kind := range symbols {
			s := symbol(kind)
			s.Name = name
			l.symbols[name] = s
		}
		return l
	}
	base := library(map[string]elf.SymType{"fmt.Println.abiinternal": elf.STT_FUNC, "fmt.Println.abi0": elf.STT_FUNC, "runtime.tlsg": elf.STT_TLS, "main.f": elf.STT_FUNC})
	first := library(map[string]elf.SymType{"main.f": elf.STT_FUNC, "main.v": elf.STT_OBJECT})
	s, err := stubFor([]*Library{base, first}, []string{"fmt.Println", "main.f", "main.v", "main.f", "main.none"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range s.symbols {
		names = append(names, s.name)
	}
	want := []string{"runtime.tlsg", "fmt.Println.abi0", "fmt.Println.abiinternal", "main.f.abiinternal", "main.v"}
	if !slices.Equal(names, want) {
		t.Errorf("has %s, want %s", strings.Join(names, ", "), strings.Join(want, ", "))
	}
}

// FuzzLibrary checks that the readers of libraries fail on invalid bytes only by their
// errors.
func FuzzLibrary(f *testing.F) {
	f.Add(handStub.encode())
	f.Add(withRelocation(handStub.encode()))
	f.Fuzz(func(t *testing.T, data []byte) {
		defer watch(t)()
		l, err := opened(t, data)
		if err != nil {
			return
		}
		readAll(l)
	})
}
