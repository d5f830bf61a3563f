package live

import (
	"bytes"
	"debug/elf"
	"fmt"
	"os"
	"strings"
)

// abiSuffix ends the name of a function in a shared library where it says how the function
// takes its arguments.
const abiSuffix = ".abiinternal"

// plainNames takes abiSuffix from what an object file refers to in other cells. Go's linker
// wants it, to know that these are functions of Go and of another library, but a plugin,
// which a cell is, has its functions without.
func plainNames(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	defer f.Close()
	o, err := elf.NewFile(f)
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	names := o.Section(".strtab")
	if names == nil {
		return nil
	}
	data, err := names.Data()
	if err != nil {
		return fmt.Errorf("link the cell: %w", err)
	}
	for at := 0; at < len(data); {
		end := bytes.IndexByte(data[at:], 0)
		if end < 0 {
			break
		}
		if name := string(data[at : at+end]); strings.HasPrefix(name, cellPrefix) && strings.HasSuffix(name, abiSuffix) {
			if _, err := f.WriteAt([]byte{0}, int64(names.Offset)+int64(at+end-len(abiSuffix))); err != nil {
				return fmt.Errorf("link the cell: %w", err)
			}
		}
		at += end + 1
	}
	return nil
}
