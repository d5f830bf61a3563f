package toolchain

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// CellFolder creates the folder for a session's compiled cells: in the system's folder for
// temporary files, or in other if that is mounted noexec, since code cannot be loaded from
// there.
func CellFolder(other string) (string, error) {
	var all error
	for _, parent := range []string{os.TempDir(), other} {
		dir, err := os.MkdirTemp(parent, "sdt-live-")
		if err == nil && executable(dir) {
			return dir, nil
		}
		if err == nil {
			os.Remove(dir)
			err = fmt.Errorf("%s is on a file system that is mounted noexec", parent)
		}
		all = errors.Join(all, err)
	}
	return "", fmt.Errorf("no folder for compiled cells: set TMPDIR to a folder where programs can run: %w", all)
}

// executable reports whether programs in a folder can be run, and libraries loaded.
func executable(dir string) bool {
	var s unix.Statfs_t
	return unix.Statfs(dir, &s) != nil || s.Flags&unix.MS_NOEXEC == 0 // ST_NOEXEC is the same bit
}
