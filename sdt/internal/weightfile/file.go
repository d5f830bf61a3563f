package weightfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// maxBytes limits a file of weights, in bytes; CaffeNet's has 244 million.
const maxBytes = 1 << 30

// readFile reads a file of weights into memory.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("read %s: it is a folder, want a file%s", path, weightsIn(path))
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read %s: it is a device, a socket or a pipe, want a file", path)
	}
	if info.Size() > maxBytes {
		return nil, fmt.Errorf("read %s: it has %d bytes, want at most %d", path, info.Size(), maxBytes)
	}
	if info.Size() == 0 {
		return nil, fmt.Errorf("read %s: it is empty: download or save it again", path)
	}
	return os.ReadFile(path)
}
