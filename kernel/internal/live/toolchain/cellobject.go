package toolchain

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// cellObject is the object file that Go's linker writes for a cell, before the system's
// linker makes it a plugin. All cells are package main, so what each symbol means to the
// other cells is decided here.
type cellObject struct {
	data    []byte
	file    *elf.File
	symbols *elf.Section
	names   []byte // the string table, which may grow
}

// editObject rewrites the symbols of a cell's object file.
//
//   - A function of another cell is called as in a plugin, without abiSuffix, which Go's linker
//     needs in order to recognize a Go function of another library.
//   - What the cell defines in package main is hidden from other cells, except for what it
//     declares: closures, wrappers and initializers have names that those of other cells have
//     too. The names that the linker gives each plugin are hidden as well.
//   - A variable of an earlier cell that the package declares becomes a reference to that one.
//   - A method that replaces another gets its own name.
//   - Type descriptors and method tables for interfaces stay as they are: the loader uses the
//     first one with each name everywhere, so a type is the same type in every cell. A
//     descriptor's own parts belong to it: see ownFields.
//   - Marks are removed from the names that reflection and stack traces show.
func editObject(path string, u *Unit) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	o := &cellObject{data: data}
	if err := o.open(); err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	defined, elsewhere := set(u.Defined), set(u.Elsewhere)
	var edited []byte
	err = guarded(func() error {
		o.each(func(s *objectSymbol) {
			if s.section == elf.SHN_UNDEF {
				name := s.name
				if strings.HasPrefix(name, "main.") {
					name = strings.TrimSuffix(name, abiSuffix)
				}
				if other := u.Renamed[name]; other != "" {
					name = other
				}
				if name != s.name {
					o.rename(s, name)
				}
				return
			}
			switch {
			case elsewhere[s.name]:
				s.undefine()
			case s.global() && hides(s.name, defined):
				s.hide()
			}
			if other := u.Renamed[s.name]; other != "" && defined[s.name] {
				o.rename(s, other)
			}
		})
		o.ownFields()
		if bytes.Contains(o.data, []byte(mark.Letter)) {
			o.unmark()
		}
		edited = o.finish()
		return nil
	})
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	if err := os.WriteFile(path, edited, 0o600); err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	return nil
}

func set(names []string) map[string]bool {
	m := map[string]bool{}
	for _, n := range names {
		m[n] = true
	}
	return m
}

// hides reports whether other cells must not see a symbol that the cell defines.
func hides(name string, defined map[string]bool) bool {
	for _, own := range []string{"sdtlab/shim", "go:link.", "go:main", "go:plugin"} {
		if strings.HasPrefix(name, own) {
			return true
		}
	}
	return strings.HasPrefix(name, "main.") && !defined[name]
}

func (o *cellObject) open() error {
	var err error
	if o.file, err = elf.NewFile(bytes.NewReader(o.data)); err != nil {
		return err
	}
	o.symbols = o.file.Section(".symtab")
	names := o.file.Section(".strtab")
	if o.symbols == nil || names == nil || o.file.Class != elf.ELFCLASS64 || o.file.Data != elf.ELFDATA2LSB {
		return errObject
	}
	o.names, err = names.Data()
	return err
}

// objectSymbol is an entry of the symbol table, in place.
type objectSymbol struct {
	entry   []byte
	name    string
	section elf.SectionIndex
}

func (o *cellObject) each(f func(*objectSymbol)) {
	table := o.data[o.symbols.Offset : o.symbols.Offset+o.symbols.Size]
	for ; len(table) >= elf.Sym64Size; table = table[elf.Sym64Size:] {
		e := table[:elf.Sym64Size]
		n := binary.LittleEndian.Uint32(e)
		end := bytes.IndexByte(o.names[n:], 0)
		f(&objectSymbol{entry: e, name: string(o.names[n : int(n)+end]), section: elf.SectionIndex(binary.LittleEndian.Uint16(e[6:]))})
	}
}

func (s *objectSymbol) global() bool { return elf.ST_BIND(s.entry[4]) == elf.STB_GLOBAL }

func (s *objectSymbol) hide() { s.entry[5] = s.entry[5]&^3 | byte(elf.STV_HIDDEN) }

// undefine turns a definition into a reference.
func (s *objectSymbol) undefine() {
	s.entry[4] &^= 15 // no type
	clear(s.entry[6:])
}

// rename gives a symbol another name, appended to the string table.
func (o *cellObject) rename(s *objectSymbol, name string) {
	binary.LittleEndian.PutUint32(s.entry, uint32(len(o.names)))
	o.names = append(append(o.names, name...), 0)
	s.name = name
}

// finish returns the file, with its string table at the end.
func (o *cellObject) finish() []byte {
	le := binary.LittleEndian
	for len(o.data)%8 != 0 {
		o.data = append(o.data, 0)
	}
	at := le.Uint64(o.data[0x28:]) // offset of the section headers
	size := uint64(le.Uint16(o.data[0x3a:]))
	for i, s := range o.file.Sections {
		if s.Name == ".strtab" && s.Type == elf.SHT_STRTAB {
			header := o.data[at+uint64(i)*size:]
			le.PutUint64(header[24:], uint64(len(o.data)))
			le.PutUint64(header[32:], uint64(len(o.names)))
		}
	}
	return append(o.data, o.names...)
}
