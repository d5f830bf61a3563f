package weightfile

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/tensors"
)

func madeTensors() map[string]*tensors.Tensor {
	return map[string]*tensors.Tensor{
		"/model/w": tensors.FromValue([][]float32{{1, 2, 3}, {-4, 5.5, 0}}),
		"/rng":     tensors.FromValue([]uint64{1, 1 << 63, 7}),
		"scalar":   tensors.FromScalar(int64(-9)),
	}
}

func TestSafetensorsRoundTrip(t *testing.T) {
	data, err := Encode(madeTensors(), map[string]string{"key": "ab"})
	if err != nil {
		t.Fatal(err)
	}
	got, metadata, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(metadata, map[string]string{"key": "ab"}) {
		t.Errorf("metadata %v", metadata)
	}
	for name, want := range madeTensors() {
		if got[name] == nil || !got[name].Equal(want) {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	again, err := Encode(madeTensors(), map[string]string{"key": "ab"})
	if err != nil || !bytes.Equal(data, again) {
		t.Error("the same tensors gave other bytes")
	}
}

// TestSafetensorsLayout reads the file as the format's documentation describes it.
func TestSafetensorsLayout(t *testing.T) {
	data, err := Encode(madeTensors(), nil)
	if err != nil {
		t.Fatal(err)
	}
	size := binary.LittleEndian.Uint64(data)
	if size%8 != 0 {
		t.Errorf("header of %d bytes is not padded to 8", size)
	}
	var header map[string]struct {
		DType   string `json:"dtype"`
		Shape   []int  `json:"shape"`
		Offsets []int  `json:"data_offsets"`
	}
	if err := json.Unmarshal(data[8:8+size], &header); err != nil {
		t.Fatal(err)
	}
	w := header["/model/w"]
	if w.DType != "F32" || !slices.Equal(w.Shape, []int{2, 3}) || w.Offsets[1]-w.Offsets[0] != 24 {
		t.Errorf("entry %+v", w)
	}
	if s := header["scalar"]; s.DType != "I64" || len(s.Shape) != 0 || s.Offsets[1]-s.Offsets[0] != 8 {
		t.Errorf("entry %+v", s)
	}
	body := data[8+size:]
	if five := body[w.Offsets[0]+16 : w.Offsets[0]+20]; binary.LittleEndian.Uint32(five) != 0x40b00000 { // 5.5
		t.Errorf("the fifth number is %x", five)
	}
}

func TestSafetensorsFindEveryFlippedBit(t *testing.T) {
	data, err := Encode(madeTensors(), map[string]string{"key": "ab"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		for bit := range 8 {
			damaged := slices.Clone(data)
			damaged[i] ^= 1 << bit
			if _, _, err := Decode(damaged); err == nil {
				t.Fatalf("bit %d of byte %d of %d was flipped unseen", bit, i, len(data))
			}
		}
	}
	for n := range data {
		if _, _, err := Decode(data[:n]); err == nil {
			t.Fatalf("a file cut to %d of %d bytes was read", n, len(data))
		}
	}
}

func FuzzDecodeTensors(f *testing.F) {
	data, err := Encode(madeTensors(), map[string]string{"key": "ab"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:30])
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255, '{', '}'})
	f.Fuzz(func(t *testing.T, data []byte) {
		values, metadata, err := Decode(data)
		if err != nil {
			return
		}
		again, err := Encode(values, metadata)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := Decode(again); err != nil {
			t.Errorf("what was read cannot be written and read: %v", err)
		}
	})
}
