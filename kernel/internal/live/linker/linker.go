// Package linker finds the system's linker that makes plugins of cells.
package linker

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
)

// Linker is a linker: its name in the form of the C compiler's -fuse-ld, and its program.
// The linker without a name is the C compiler's default.
type Linker struct{ Name, Path string }

// known are the linkers that can link cells, the fastest first: a cell is small, and lld
// and mold take longer to start.
var known = []string{"bfd", "mold", "lld"}

// Variable is the environment variable that chooses a linker by its name.
const Variable = "SDT_LINKER"

// Find returns the linker that the variable names in an environment, or else the fastest
// one in PATH.
func Find(env []string) (Linker, error) {
	chosen := goenv.Value(env, Variable)
	if chosen != "" && !slices.Contains(known, chosen) {
		return Linker{}, fmt.Errorf("%s=%s: set it to %s", Variable, chosen, strings.Join(known[:len(known)-1], ", ")+" or "+known[len(known)-1])
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
		return Linker{}, fmt.Errorf("%s=%s: no ld.%[2]s in PATH; install it, or unset %[1]s", Variable, chosen)
	}
	return Linker{"", "ld"}, nil
}

// CellFlags returns the flags that the linker needs for a cell besides the common ones.
// Without room between segments, mold 1.10 never finishes where -z norelro gives the
// segments certain sizes: each layout makes it start another. Unless told not to fork, it
// works in a child process, which survives when mold is killed.
func (l Linker) CellFlags() []string {
	if l.Name == "mold" {
		return []string{"-z", "separate-loadable-segments", "--no-fork"}
	}
	return nil
}

// Flag returns the C compiler's flag for the linker, preceded by a space.
func (l Linker) Flag() string {
	if l.Name == "" {
		return ""
	}
	return " -fuse-ld=" + l.Name
}
