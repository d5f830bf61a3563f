package tests

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// drawn returns a PNG of noise.
func drawn(t *testing.T, side int, seed uint64) []byte {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = uint8(random.UintN(256))
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// images gives the user two folders of images in place of features, and returns the folder
// of a class of the source and that of the same class of the target. It has the name that is
// asked for.
func (u *user) images(t *testing.T, class string) (source, target string) {
	t.Helper()
	u.source, u.target = filepath.Join(u.dir, "catalogue"), filepath.Join(u.dir, "camera")
	for d, dir := range []string{u.source, u.target} {
		for k, name := range []string{class, "pen", "cup"} {
			for i := range 3 {
				writeFile(t, filepath.Join(dir, name, strconv.Itoa(i)+".png"), drawn(t, 12, uint64(100*d+10*k+i)))
			}
		}
	}
	return filepath.Join(u.source, class), filepath.Join(u.target, class)
}

// monster returns a whole PNG of 20,000 × 20,000 black pixels, one bit each: 50 MB, which
// deflate to 50 KB.
func monster(t *testing.T) []byte {
	t.Helper()
	const side = 20_000
	out := bytes.NewBufferString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		body := append([]byte(kind), data...)
		out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(data))))
		out.Write(binary.BigEndian.AppendUint32(body, crc32.ChecksumIEEE(body)))
	}
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, side), side)
	chunk("IHDR", append(size, 1, 0, 0, 0, 0))
	var part bytes.Buffer // a hundredth of the rows, deflated
	z, err := flate.NewWriter(&part, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	row := 1 + side/8
	z.Write(make([]byte, row*side/100))
	z.Flush()
	deflated := append([]byte{0x78, 1}, bytes.Repeat(part.Bytes(), 100)...)
	deflated = append(deflated, 1, 0, 0, 0xff, 0xff)                                     // the end
	chunk("IDAT", binary.BigEndian.AppendUint32(deflated, uint32(row*side%65521)<<16|1)) // Adler-32 of zeros
	chunk("IEND", nil)
	return out.Bytes()
}

// Reading takes the pixels that are returned, some hundred bytes a file, and one image for
// each core; the garbage collector lets that double.
func manyFiles(t *testing.T, u *user) {
	if testing.Short() {
		t.Skipf("%s: 100,000 files", t.Name())
	}
	source, _ := u.images(t, "mug")
	const files, each = 100_000, 10_000
	for i := range files {
		first := filepath.Join(source, "of "+strconv.Itoa(i/each)+".jpg") // a file has only so many names
		if i%each == 0 {
			var grey bytes.Buffer
			if err := jpeg.Encode(&grey, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
				t.Fatal(err)
			}
			writeFile(t, first, grey.Bytes())
			continue
		}
		if err := os.Link(first, filepath.Join(source, strconv.Itoa(i)+".jpg")); err != nil {
			t.Fatal(err)
		}
	}
	s := command(t.Context(), "", nil, u.program, u.args()...).must(t)
	const pixels = files * 28 * 28
	const most = 2*(pixels+500*files) + 60<<20
	t.Logf("%d MB, of them %d of pixels", s.memory>>20, pixels>>20)
	if s.memory > most {
		t.Errorf("it took %d MB for %d of pixels, want at most %d", s.memory>>20, pixels>>20, most>>20)
	}
}
