package tests

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// writeFile writes a file and the folders above it.
func writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeFeatures writes 15 rows of 6 features at path, and beside it their labels, 5 of each
// of three classes. spoil may change them before.
func writeFeatures(t *testing.T, path string, seed uint64, spoil func(x []float32, labels []uint8)) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	x, labels := make([]float32, 15*6), make([]uint8, 15)
	for i := range x {
		x[i] = random.Float32()
	}
	for i := range labels {
		labels[i] = uint8(i % 3)
	}
	if spoil != nil {
		spoil(x, labels)
	}
	var numbers bytes.Buffer
	for _, v := range x {
		numbers.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
	}
	writeFile(t, path, npy("<f4", "(15, 6)", numbers.Bytes()))
	writeFile(t, filepath.Join(filepath.Dir(path), "labels.npy"), npy("|u1", "(15,)", labels))
}

// npy returns a NumPy file.
func npy(descr, shape string, data []byte) []byte {
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n", descr, shape)
	return append(append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), 0), append([]byte(header), data...)...)
}
