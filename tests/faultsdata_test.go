package tests

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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
	deflated = append(deflated, 1, 0, 0, 0xff, 0xff) // the end
	chunk("IDAT", binary.BigEndian.AppendUint32(deflated, uint32(row*side%65521)<<16|1)) // Adler-32 of zeros
	chunk("IEND", nil)
	return out.Bytes()
}

// Data that cannot be used is refused before anything is trained, and in bounded memory.
var refused = []struct {
	name  string
	spoil func(t *testing.T, u *user)
	says  []string
}{
	{"NaN in the data", func(t *testing.T, u *user) {
		writeFeatures(t, u.target, 2, func(x []float32, _ []uint8) { x[7*6+4] = float32(math.NaN()) })
	}, []string{"desk.npy: row 7, column 4 holds NaN", "mend it, or leave the row out"}},
	{"a label out of range", func(t *testing.T, u *user) {
		writeFeatures(t, u.source, 1, func(_ []float32, labels []uint8) { labels[5] = 3 })
	}, []string{filepath.Join("shop", "labels.npy"), "label 3 of row 5 is outside 0…2", "mend the label, or name all classes"}},
	{"an image of 20,000 × 20,000", func(t *testing.T, u *user) {
		source, _ := u.images(t, "mug")
		writeFile(t, filepath.Join(source, "large.png"), monster(t))
	}, []string{filepath.Join("catalogue", "mug", "large.png"), "png of 20000×20000 pixels, want at most 50000000", "mend or remove"}},
	{"a GIF, and a file whose name has two lines", func(t *testing.T, u *user) {
		source, _ := u.images(t, "mug")
		var moving bytes.Buffer
		if err := gif.Encode(&moving, image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black}), nil); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(source, "a.gif"), moving.Bytes())
		writeFile(t, filepath.Join(source, "b\nc.png"), nil)
	}, []string{filepath.Join("mug", "a.gif") + ": neither JPEG nor PNG", `b\nc.png": the file is empty`, "mend or remove"}},
	{"an empty class", func(t *testing.T, u *user) {
		source, _ := u.images(t, "mug")
		empty(t, source)
	}, []string{`task "catalogue→camera"`, `class "mug" has labelled target examples but no source example`, "add source examples"}},
	{"a class only in the target", func(t *testing.T, u *user) {
		_, target := u.images(t, "mug")
		writeFile(t, filepath.Join(filepath.Dir(target), "ruler", "0.png"), drawn(t, 12, 0))
	}, []string{`only "camera" has "ruler"`, "give sdt.Align a Map of names, or allow Partial overlap"}},
	{"a class name in two forms of Unicode", func(t *testing.T, u *user) {
		_, target := u.images(t, "caf\u00e9")
		if err := os.Rename(target, filepath.Join(filepath.Dir(target), "cafe\u0301")); err != nil {
			t.Fatal(err)
		}
	}, []string{`"caf\u00e9" and "cafe\u0301" are one name in two forms of Unicode`, "give sdt.Align a Map"}},
	{"a class name that turns the line around and breaks it", func(t *testing.T, u *user) {
		_, target := u.images(t, "mug")
		writeFile(t, filepath.Join(filepath.Dir(target), "\u202egum\n\x1b[2J", "0.png"), drawn(t, 12, 0))
	}, []string{`only "camera" has "\u202egum\n\x1b[2J"`}},
	{"a class name that is no UTF-8", func(t *testing.T, u *user) {
		u.images(t, "m\xfcg")
	}, []string{`class folder "m\xfcg" is no UTF-8`, "give it another name"}},
	{"no folder", func(t *testing.T, u *user) {
		u.images(t, "mug")
		u.source = filepath.Join(u.dir, "nowhere")
	}, []string{"image folder ", "nowhere: no such file or directory"}},
	{"a file for a run directory", func(t *testing.T, u *user) {
		writeFile(t, u.run, nil)
	}, []string{"run directory: ", "run: not a directory", "give another one"}},
}

// empty removes what is in a folder.
func empty(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}

// Data that is unusual and no fault.
var accepted = []struct {
	name string
	make func(t *testing.T, u *user)
	says string // in the last line
}{
	{"one class with one image", func(t *testing.T, u *user) {
		source, target := u.images(t, "mug")
		for _, dir := range []string{source, target} {
			empty(t, dir)
			writeFile(t, filepath.Join(dir, "0.png"), drawn(t, 12, 0))
		}
	}, `["cup" "mug" "pen"]`},
	{"a class without target images", func(t *testing.T, u *user) {
		_, target := u.images(t, "mug")
		empty(t, target)
	}, `["cup" "mug" "pen"]`},
	{"images of 1 × 1", func(t *testing.T, u *user) {
		source, _ := u.images(t, "mug")
		writeFile(t, filepath.Join(source, "0.png"), drawn(t, 1, 0))
	}, `["cup" "mug" "pen"]`},
	{"class names from right to left", func(t *testing.T, u *user) {
		u.images(t, "כוס قدح")
	}, `["cup" "pen" "כוס قدح"]`},
}

func dataFaults(t *testing.T, _ *user) {
	for _, f := range refused {
		t.Run(f.name, func(t *testing.T) {
			u := newUser(t)
			f.spoil(t, u)
			s := u.fails(t, f.says)
			if s.stdout != "" {
				t.Errorf("it has begun: %s", s.stdout)
			}
			if most := s.memory; most > 200<<20 {
				t.Errorf("it took %d MB", most>>20)
			}
			t.Logf("%d MB: %s", s.memory>>20, s.stderr)
		})
	}
	for _, f := range accepted {
		t.Run(f.name, func(t *testing.T) {
			u := newUser(t)
			f.make(t, u)
			u.goes(t)
			last := command(t.Context(), "", nil, u.program, u.args()...).must(t).stdout
			if !strings.Contains(last, f.says) || strings.Contains(last, "pretrain 1") {
				t.Errorf("run again it says %q, want %q and nothing trained", last, f.says)
			}
		})
	}
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
