package sdt

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"
	"github.com/gomlx/gomlx/core/tensors"
)

// load reads the file, once.
func (f *frozen) load(shape []int) error {
	if f.loaded {
		return nil
	}
	if err := f.read(shape); err != nil {
		return err
	}
	f.loaded, f.kept = true, len(f.row)
	return nil
}

// read adds the rows of the file that are not there yet.
func (f *frozen) read(shape []int) error {
	values, metadata, err := readTensors(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	ids, rows := values["ids"], values["values"]
	if metadata["key"] != f.key || ids == nil || rows == nil || ids.Rank() != 2 || ids.Shape().Dimensions[1] != sha256.Size ||
		!slices.Equal(rows.Shape().Dimensions, append([]int{ids.Shape().Dimensions[0]}, shape...)) {
		return fmt.Errorf("read %s: it does not hold what the frozen part returns: delete it to compute it again", f.path)
	}
	flatIDs, err := tensors.CopyFlatData[uint8](ids)
	if err != nil {
		return err
	}
	flat, err := tensors.CopyFlatData[float32](rows)
	if err != nil {
		return err
	}
	width := Examples{Shape: shape}.Size()
	for i := range len(flatIDs) / sha256.Size {
		f.add(frozenID(flatIDs[i*sha256.Size:(i+1)*sha256.Size]), flat[i*width:(i+1)*width])
	}
	return nil
}

// save writes the file, with the rows that another process has added to it.
func (f *frozen) save() error {
	lock := flock.New(filepath.Join(f.dir, lockFile))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("write %s: %w", f.path, advise(err))
	}
	defer lock.Unlock()
	if err := removeTemporary(f.dir, filepath.Base(f.path)); err != nil {
		return fmt.Errorf("write %s: %w", f.path, err)
	}
	if err := f.read(f.trunk.shape); err != nil {
		return err
	}
	if len(f.row) == 0 {
		return nil
	}
	ids := make([]uint8, len(f.row)*sha256.Size)
	for id, i := range f.row {
		copy(ids[i*sha256.Size:], id[:])
	}
	err := writeTensors(f.path, map[string]*tensors.Tensor{
		"ids":    tensors.FromFlatDataAndDimensions(ids, len(f.row), sha256.Size),
		"values": tensors.FromFlatDataAndDimensions(f.values, append([]int{len(f.row)}, f.trunk.shape...)...),
	}, map[string]string{"key": f.key})
	if err == nil {
		f.kept = len(f.row)
	}
	return err
}
