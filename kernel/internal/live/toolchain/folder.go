package toolchain

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// CellFolder makes the folder that a session's compiled cells go to: in the system's folder
// for temporary files, or in another where that cannot be, as code is not loaded from a
// file system that is mounted noexec.
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
	return "", fmt.Errorf("no folder for compiled cells: set TMPDIR to one that programs can be run from: %w", all)
}

// executable tells whether programs can be run, and libraries loaded, that lie in a folder.
func executable(dir string) bool {
	var s unix.Statfs_t
	return unix.Statfs(dir, &s) != nil || s.Flags&unix.MS_NOEXEC == 0 // ST_NOEXEC is the same bit
}
