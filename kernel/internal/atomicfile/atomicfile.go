// Package atomicfile writes files that are either the old one or the new one,
// never half of each.
package atomicfile

import (
	"fmt"
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
