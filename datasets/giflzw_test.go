package datasets

import (
	"bytes"
	"compress/lzw"
	"math/rand/v2"
	"testing"
)

// gifUnpack unpacks what compress/lzw has packed, with codes of every length, full tables, and
// codes that are used before they are complete.
func TestGIFUnpack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for width := 2; width <= 8; width++ {
		for _, among := range []int{1, 2, 1 << width} {
			want := make([]byte, 30_000)
			for i := range want {
				want[i] = byte(random.IntN(among))
			}
			var packed bytes.Buffer
			w := lzw.NewWriter(&packed, lzw.LSB, width)
			if _, err := w.Write(want); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, len(want))
			if n, err := gifUnpack(got, packed.Bytes(), width); n != len(want) || err != nil || !bytes.Equal(got, want) {
				t.Errorf("%d bits, %d values: %d of %d, %v", width, among, n, len(want), err)
			}
			if n, err := gifUnpack(got, packed.Bytes()[:packed.Len()/2], width); n == 0 || n >= len(want) || err != nil {
				t.Errorf("%d bits, %d values, cut in two: %d of %d, %v", width, among, n, len(want), err)
			}
		}
	}
}
