// Package linker finds the system's linker that makes plugins of cells.
package linker

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
)

// Linker is a linker: its name, as -fuse-ld of the C compiler has it, and its program. One
// without a name is what the C compiler uses by itself.
type Linker struct{ Name, Path string }

// known are the linkers that link cells, the fastest first: a cell is small, and lld and mold
// take longer to begin.
var known = []string{"bfd", "mold", "lld"}

// Variable is the environment variable that chooses one by its name.
const Variable = "SDT_LINKER"

// Find returns the linker that the variable names in an environment, else the fastest that is
// in PATH.
func Find(env []string) (Linker, error) {
	chosen := goenv.Value(env, Variable)
	if chosen != "" && !slices.Contains(known, chosen) {
		return Linker{}, fmt.Errorf("%s=%s: cells are linked by %s", Variable, chosen, strings.Join(known[:len(known)-1], ", ")+" or "+known[len(known)-1])
	}
	for _, name := range known {
		if chosen != "" && chosen != name {
			continue
		}
		if path, err := exec.LookPath("ld." + name); err == nil {
			return Linker{name, path}, nil
		}
	}
	if chosen != "" {
		return Linker{}, fmt.Errorf("%s=%s: there is no ld.%[2]s in PATH: install it, or unset %[1]s", Variable, chosen)
	}
	return Linker{"", "ld"}, nil
}

// CellFlags returns what the linker needs for a cell beside the common flags. Without room
// between segments mold 1.10 turns for ever where -z norelro gives them certain sizes: it lays
// them out, and each layout asks for another. It does its work in a child, unless told not to,
// that lives on when it is killed.
func (l Linker) CellFlags() []string {
	if l.Name == "mold" {
		return []string{"-z", "separate-loadable-segments", "--no-fork"}
	}
	return nil
}

// Flag returns the C compiler's flag for it, a space in front.
func (l Linker) Flag() string {
	if l.Name == "" {
		return ""
	}
	return " -fuse-ld=" + l.Name
}
