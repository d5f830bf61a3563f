package weightfile

import (
	"fmt"
	"os"
)

// maxBytes bounds the file of weights, in bytes; CaffeNet's has 244 million.
const maxBytes = 1 << 30

// readWhole reads a file of weights.
func readWhole(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("read %s: it is a folder, want a file%s", path, weightsIn(path))
	}
	if !info.Mode().IsRegular() || info.Size() > maxBytes {
		return nil, fmt.Errorf("read %s: %s of %d bytes, want a file of at most %d", path, info.Mode(), info.Size(), maxBytes)
	}
	if info.Size() == 0 {
		return nil, fmt.Errorf("read %s: it is empty: fetch or save it again", path)
	}
	return os.ReadFile(path)
}
