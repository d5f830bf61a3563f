package datasets

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// jpegsOf returns the archived JPEGs, and larger ones with longer codes: "noise" has three
// components and "noise-grey" one.
func jpegsOf(t testing.TB) map[string][]byte {
	all := map[string][]byte{}
	for name, data := range archived(t) {
		if strings.HasSuffix(name, ".jpg") {
			all[name] = data
		}
	}
	dir := photographs(97, 61, 1)(t)
	noise, err := os.ReadFile(filepath.Join(dir, "noise", "000.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	all["noise.jpg"] = noise
	r := rand.New(rand.NewPCG(1, 2))
	grey := image.NewGray(image.Rect(0, 0, 97, 61))
	for i := range grey.Pix {
		grey.Pix[i] = uint8(r.Uint32())
	}
	for name, quality := range map[string]int{"noise-grey.jpg": 100, "noise-grey-40.jpg": 40} {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, grey, &jpeg.Options{Quality: quality}); err != nil {
			t.Fatal(err)
		}
		all[name] = b.Bytes()
	}
	return all
}

// checkOrdinary reports whether the file is ordinary; then its image must be Go's, bit for
// bit.
func checkOrdinary(t testing.TB, name string, data []byte) bool {
	t.Helper()
	f, err := readJPEG(data)
	if err != nil || f.width > 1<<16/max(f.height, 1) {
		return false
	}
	got := f.ordinary()
	if got == nil {
		return false
	}
	want, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Errorf("%s: read, where image/jpeg says %v", name, err)
	} else if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: other pixels than image/jpeg's", name)
	}
	return true
}

// Ordinary files have the pixels of Go's package, as have files with damage wherever it
// is not noticed. The names are those that must be ordinary: others may take longer.
func TestOrdinaryJPEGs(t *testing.T) {
	ordinary := strings.Fields("plain.jpg optimized.jpg quality-5.jpg quality-100.jpg extended.jpg grey.jpg restarts.jpg restarts-sampled.jpg " +
		"sampled-1x1.jpg sampled-2x1.jpg sampled-1x2.jpg sampled-2x2.jpg sampled-4x1.jpg sampled-4x2.jpg comment.jpg profile.jpg thumbnail.jpg " +
		"shown-6.jpg garbage-behind.jpg noise.jpg noise-grey.jpg noise-grey-40.jpg")
	files := jpegsOf(t)
	for name, data := range files {
		if !checkOrdinary(t, name, data) && slices.Contains(ordinary, name) {
			t.Errorf("%s is not ordinary", name)
		}
	}
	r, read := rand.New(rand.NewPCG(3, 4)), 0
	for _, name := range ordinary {
		for range 300 {
			data := bytes.Clone(files[name])
			for range 1 + r.IntN(3) {
				data[r.IntN(len(data))] = uint8(r.Uint32())
			}
			if r.IntN(8) == 0 {
				data = data[:r.IntN(len(data))]
			}
			if checkOrdinary(t, "damaged "+name, data) {
				read++
			}
		}
	}
	if read < 500 {
		t.Errorf("%d damaged files were read", read)
	}
}

// Both transforms give the same levels, for coefficients of any size, and for the first alone.
func TestInverses(t *testing.T) {
	const stride = 11
	r := rand.New(rand.NewPCG(5, 6))
	for n := range 3000 {
		var b [64]int32
		b[0] = int32(r.Uint32()) >> r.IntN(32)
		for range n % 64 {
			b[r.IntN(64)] = int32(r.Uint32()) >> r.IntN(32)
		}
		want, got, plain := make([]uint8, 8*stride), make([]uint8, 8*stride), b
		plainInverse(want, stride, &plain)
		if n%64 == 0 {
			if fillBlock(got, stride, b[0]); !slices.Equal(got, want) {
				t.Fatalf("first %d alone: %v, want %v", b[0], got, want)
			}
		}
		if fastestInverse()(got, stride, &b); !slices.Equal(got, want) {
			t.Fatalf("block %d: %v, want %v", n, got, want)
		}
	}
}

// FuzzOrdinaryJPEG: of any bytes, an ordinary file has the pixels of Go's package.
func FuzzOrdinaryJPEG(f *testing.F) {
	for _, data := range jpegsOf(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkOrdinary(t, "fuzzed", data) })
}
