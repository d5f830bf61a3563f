// Package atomicfile writes files that are either the old one or the new one,
// never half of each.
package atomicfile

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/moby/sys/atomicwriter"
)

// Write replaces path by data with the given permissions, and makes missing folders. On an
// error path is as it was.
func Write(path string, data []byte, perm os.FileMode) error {
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = atomicwriter.WriteFile(path, data, perm)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// Part writes a new file beside target, and returns its path, for a rename to target when all
// that belongs with it is there. It makes missing folders. On an error nothing is left.
func Part(target string, fill func(w io.Writer) error) (path string, err error) {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(target), ".part-*")
	if err != nil {
		return "", err
	}
	err = fill(f)
	if e := f.Chmod(0o644); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
