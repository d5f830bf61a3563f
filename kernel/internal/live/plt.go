package live

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
)

// callsByTable has calls of functions that an object file does not define go by the
// procedure linkage table, as calls between shared libraries must. Go's linker sees to that
// for names that say which ABI they are of; those of plugins, which cells are, do not.
func callsByTable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	defer f.Close()
	o, err := elf.NewFile(f)
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	symbols, err := o.Symbols()
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	if o.Machine != elf.EM_X86_64 { // elsewhere a call can go either way
		return nil
	}
	const entry = 24 // bytes of an elf.Rela64
	for _, s := range o.Sections {
		if s.Type != elf.SHT_RELA || o.Sections[s.Info].Name != ".text" {
			continue
		}
		data, err := s.Data()
		if err != nil {
			return fmt.Errorf("link the cell: %w", err)
		}
		for at := 0; at+entry <= len(data); at += entry {
			info := binary.LittleEndian.Uint64(data[at+8:])
			symbol, kind := info>>32, elf.R_X86_64(info&0xffffffff)
			if kind != elf.R_X86_64_PC32 || symbol == 0 || symbols[symbol-1].Section != elf.SHN_UNDEF {
				continue
			}
			fixed := binary.LittleEndian.AppendUint64(nil, symbol<<32|uint64(elf.R_X86_64_PLT32))
			if _, err := f.WriteAt(fixed, int64(s.Offset)+int64(at)+8); err != nil {
				return fmt.Errorf("link the cell: %w", err)
			}
		}
	}
	return nil
}
