package toolchain

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// handSymbol is a symbol of a hand-made object file.
type handSymbol struct {
	name        string
	bind        elf.SymBind
	kind        elf.SymType
	section     uint16 // 0 where it is not defined; else 1, .data, or 2, .gopclntab
	value, size uint64
}

// handObject returns an object file in the form of Go's linker, with some symbols.
func handObject(data, lines []byte, symbols []handSymbol) []byte {
	le := binary.LittleEndian
	strs, table := []byte{0}, make([]byte, elf.Sym64Size)
	for _, s := range symbols {
		e := make([]byte, elf.Sym64Size)
		le.PutUint32(e, uint32(len(strs)))
		strs = append(append(strs, s.name...), 0)
		e[4] = elf.ST_INFO(s.bind, s.kind)
		le.PutUint16(e[6:], s.section)
		le.PutUint64(e[8:], s.value)
		le.PutUint64(e[16:], s.size)
		table = append(table, e...)
	}
	names := []byte("\x00.data\x00.gopclntab\x00.symtab\x00.strtab\x00.shstrtab\x00")
	at := func(name string) uint32 { return uint32(bytes.Index(names, []byte("\x00"+name+"\x00")) + 1) }
	sections := []elf.Section64{
		{},
		{Name: at(".data"), Type: uint32(elf.SHT_PROGBITS), Size: uint64(len(data))},
		{Name: at(".gopclntab"), Type: uint32(elf.SHT_PROGBITS), Size: uint64(len(lines))},
		{Name: at(".symtab"), Type: uint32(elf.SHT_SYMTAB), Size: uint64(len(table)), Link: 4, Info: 1, Entsize: elf.Sym64Size},
		{Name: at(".strtab"), Type: uint32(elf.SHT_STRTAB), Size: uint64(len(strs))},
		{Name: at(".shstrtab"), Type: uint32(elf.SHT_STRTAB), Size: uint64(len(names))},
	}
	var body bytes.Buffer
	for i, content := range [][]byte{nil, data, lines, table, strs, names} {
		sections[i].Off = uint64(64 + body.Len())
		body.Write(content)
		body.Write(make([]byte, 7-(body.Len()+7)%8))
	}
	var file bytes.Buffer
	binary.Write(&file, le, elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_REL), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
		Shoff: uint64(64 + body.Len()), Ehsize: 64, Shentsize: 64, Shnum: uint16(len(sections)), Shstrndx: 5,
	})
	file.Write(body.Bytes())
	binary.Write(&file, le, sections)
	return file.Bytes()
}

// handUnit is the unit of the object: what its symbols mean to other cells.
var handUnit = &Unit{
	Defined:   []string{"main.f", "main.T.m", "main.x"},
	Elsewhere: []string{"main.v"},
	Renamed:   map[string]string{"main.T.m": "main.T.m" + mark.Letter + "7", "main.h": "main.h" + mark.Letter + "7"},
}

var handSymbols = []handSymbol{
	{"main.f", elf.STB_GLOBAL, elf.STT_FUNC, 1, 0, 8},
	{"main.f.func1", elf.STB_GLOBAL, elf.STT_FUNC, 1, 8, 8},
	{"main.local", elf.STB_LOCAL, elf.STT_OBJECT, 1, 8, 8},
	{"main.v", elf.STB_GLOBAL, elf.STT_OBJECT, 1, 16, 8},
	{"main.T.m", elf.STB_GLOBAL, elf.STT_FUNC, 1, 0, 8},
	{"sdtlab/shim.reach", elf.STB_GLOBAL, elf.STT_FUNC, 1, 0, 8},
	{"go:link.pkghashbytes.main", elf.STB_GLOBAL, elf.STT_OBJECT, 1, 0, 8},
	{"type:main.T", elf.STB_GLOBAL, elf.STT_OBJECT, 1, 0, 8},
	{"go:itab.main.T,error", elf.STB_GLOBAL, elf.STT_OBJECT, 1, 0, 8},
	{"main.g.abiinternal", elf.STB_GLOBAL, elf.STT_NOTYPE, 0, 0, 0},
	{"main.h.abiinternal", elf.STB_GLOBAL, elf.STT_NOTYPE, 0, 0, 0},
	{"fmt.Println.abiinternal", elf.STB_GLOBAL, elf.STT_NOTYPE, 0, 0, 0},
}

// edited runs editObject on a file and reads the result.
func edited(t *testing.T, object []byte, u *Unit) *elf.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cell.o")
	if err := os.WriteFile(path, object, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := editObject(path, u); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestEditObject checks the handling of each kind of symbol.
func TestEditObject(t *testing.T) {
	f := edited(t, handObject(make([]byte, 24), nil, handSymbols), handUnit)
	symbols, err := f.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	type is struct {
		name    string
		defined bool
		hidden  bool
	}
	var got []is
	for _, s := range symbols {
		got = append(got, is{s.Name, s.Section != elf.SHN_UNDEF, elf.ST_VISIBILITY(s.Other) == elf.STV_HIDDEN})
		if s.Section == elf.SHN_UNDEF && (s.Value != 0 || s.Size != 0 || elf.ST_TYPE(s.Info) != elf.STT_NOTYPE) {
			t.Errorf("%s is not defined and has %+v", s.Name, s)
		}
	}
	want := []is{
		{"main.f", true, false},
		{"main.f.func1", true, true}, // other cells have closures of this name
		{"main.local", true, false},
		{"main.v", false, false}, // an earlier cell's
		{handUnit.Renamed["main.T.m"], true, false},
		{"sdtlab/shim.reach", true, true},
		{"go:link.pkghashbytes.main", true, true},
		{"type:main.T", true, false}, // the loader takes the first
		{"go:itab.main.T,error", true, false},
		{"main.g", false, false},
		{handUnit.Renamed["main.h"], false, false},
		{"fmt.Println.abiinternal", false, false}, // as the library has it
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("symbols are\n%v, want\n%v", got, want)
	}
}

// TestUnmark checks that marks are removed from the names of types and functions, and from
// nothing else.
func TestUnmark(t *testing.T) {
	marked := mark.Version("point", 12)
	name := func(flags byte, text string, rest ...byte) []byte {
		return append(append([]byte{flags}, append(binary.AppendUvarint(nil, uint64(len(text))), text...)...), rest...)
	}
	long := strings.Repeat("x", 200)
	short, wide, other := name(1, marked, 1, 2, 3, 4), name(0, long+marked), []byte("no name: "+marked)
	data := slicesOf(short, wide, other)
	header := make([]byte, 64)
	funcs := "main." + marked + "\x00main.f\x00"
	binary.LittleEndian.PutUint64(header[pcNames:], 64)
	binary.LittleEndian.PutUint64(header[pcNext:], uint64(64+len(funcs)))
	lines := slicesOf(header, []byte(funcs), []byte(marked))
	f := edited(t, handObject(data, lines, []handSymbol{
		{"type:.namedata.point", elf.STB_LOCAL, elf.STT_OBJECT, 1, 0, uint64(len(short))},
		{"type:.namedata.wide", elf.STB_LOCAL, elf.STT_OBJECT, 1, uint64(len(short)), uint64(len(wide))},
		{"main.text", elf.STB_LOCAL, elf.STT_OBJECT, 1, uint64(len(short) + len(wide)), uint64(len(other))},
	}), &Unit{})
	read := func(name string) []byte {
		data, err := f.Section(name).Data()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	pad := func(b []byte, n int) []byte { return append(b, make([]byte, n-len(b))...) }
	want := slicesOf(pad(name(1, "point", 1, 2, 3, 4), len(short)), pad(name(0, long+"point"), len(wide)), other)
	if got := read(".data"); !bytes.Equal(got, want) {
		t.Errorf("names are\n%q, want\n%q", got, want)
	}
	want = slicesOf(header, pad([]byte("main.point\x00"), len("main."+marked)+1), []byte("main.f\x00"), []byte(marked))
	if got := read(".gopclntab"); !bytes.Equal(got, want) {
		t.Errorf("functions are\n%q, want\n%q", got, want)
	}
}

func slicesOf(all ...[]byte) []byte { return bytes.Join(all, nil) }

// FuzzEditObject checks that editObject fails on invalid bytes only by its error.
func FuzzEditObject(f *testing.F) {
	f.Add(handObject(make([]byte, 24), make([]byte, 64), handSymbols))
	f.Add(handObject([]byte("\x00\x0c"+mark.Version("p", 1)), nil, []handSymbol{{"type:.namedata.p", elf.STB_LOCAL, elf.STT_OBJECT, 1, 0, 12}}))
	f.Add([]byte("\x7fELF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "cell.o")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		defer watch(t)()
		editObject(path, handUnit)
	})
}
