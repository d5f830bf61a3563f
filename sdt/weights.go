package sdt

import (
	"fmt"
	"os"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// writeTensors writes a weights file atomically.
func writeTensors(path string, values map[string]*tensors.Tensor, metadata map[string]string) error {
	data, err := weightfile.Encode(values, metadata)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return writeAtomic(path, data)
}

// readTensors reads a weights file; an error for a damaged one names it.
func readTensors(path string) (map[string]*tensors.Tensor, map[string]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, advise(err)
	}
	values, metadata, err := weightfile.Decode(data)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w: delete it to train again", path, err)
	}
	return values, metadata, nil
}
