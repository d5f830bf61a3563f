package datasets

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sdtlab/sdtlab/sdt"
)

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// plain returns a 4×4 image of one colour.
func plain(c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 4, 4))
	for i := range 16 {
		img.Set(i%4, i/4, c)
	}
	return img
}

// tree writes files below a fresh directory and returns it.
func tree(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestReadFolder(t *testing.T) {
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, plain(color.Gray{Y: 100}), nil); err != nil {
		t.Fatal(err)
	}
	sixteen := image.NewRGBA64(image.Rect(0, 0, 4, 4))
	for i := range 16 {
		sixteen.Set(i%4, i/4, color.RGBA64{R: 0x8080, A: 0xffff})
	}
	palette := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.RGBA{0, 0, 200, 255}})
	dir := tree(t, map[string][]byte{
		"mug/b.png":             pngOf(t, plain(color.NRGBA{255, 0, 0, 255})),
		"mug/a.jpg":             pngOf(t, plain(color.NRGBA{0, 255, 0, 255})), // a PNG called .jpg
		"bike/grey.jpg":         jpg.Bytes(),
		"bike/palette.png":      pngOf(t, palette),
		"bike/sixteen.png":      pngOf(t, sixteen),
		"bike/transparent.png":  pngOf(t, plain(color.NRGBA{0, 0, 0, 0})),
		"bike/.DS_Store":        []byte("passed over"),
		".git/config":           []byte("passed over"),
		"a file beside classes": []byte("passed over"),
	})
	l, err := ReadFolder(t.Context(), dir, FolderConfig{Domain: "shop", Width: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Validate(); err != nil {
		t.Error(err)
	}
	want := sdt.Labelled{
		Examples: sdt.Examples{
			Domain: "shop", Shape: []int{2, 2, 3},
			Names: []string{"bike/grey.jpg", "bike/palette.png", "bike/sixteen.png", "bike/transparent.png", "mug/a.jpg", "mug/b.png"},
		},
		Classes: []string{"bike", "mug"},
		Labels:  []int32{0, 0, 0, 0, 1, 1},
	}
	for _, rgb := range [][]uint8{{100, 100, 100}, {0, 0, 200}, {128, 0, 0}, {255, 255, 255}, {0, 255, 0}, {255, 0, 0}} {
		want.Pixels = append(want.Pixels, slices.Repeat(rgb, 4)...)
	}
	if diff := cmp.Diff(want, l); diff != "" {
		t.Error(diff)
	}
	grey, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 3, Height: 1, Grey: true, Filter: BiLinear})
	if err != nil {
		t.Fatal(err)
	}
	// 0.299, 0.587 and 0.114 of full.
	if got, want := grey.Pixels[12:], []uint8{150, 150, 150, 76, 76, 76}; !slices.Equal(got, want) || !slices.Equal(grey.Shape, []int{1, 3, 1}) {
		t.Errorf("green and red in grey: %v of shape %v, want %v of [1 3 1]", got, grey.Shape, want)
	}
}

// bomb returns a PNG of a few bytes with a header of 30,000×30,000 pixels.
func bomb(t testing.TB) []byte {
	b := pngOf(t, plain(color.White))
	binary.BigEndian.PutUint32(b[16:], 30000)
	binary.BigEndian.PutUint32(b[20:], 30000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestUnusableFilesAreNamed(t *testing.T) {
	good := pngOf(t, plain(color.White))
	for _, row := range []struct {
		name    string
		content []byte
		says    string
	}{
		{"empty.jpg", nil, "the file is empty"},
		{"truncated.png", good[:len(good)-30], "damaged PNG"},
		{"text.jpg", []byte("this is no image"), "it is text, which is not supported"},
		{"bomb.png", bomb(t), "30000×30000"},
		{"large.png", append(slices.Clone(good), make([]byte, 5000)...), "more than 5000 bytes"},
	} {
		dir := tree(t, map[string][]byte{"mug/" + row.name: row.content, "mug/good.png": good})
		cfg := FolderConfig{Width: 2, Limits: Limits{Bytes: 5000}}
		_, err := ReadFolder(t.Context(), dir, cfg)
		if err == nil || !strings.Contains(err.Error(), row.name) || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: error %v, want one that names it and says %q", row.name, err, row.says)
		}
		var skipped []error
		cfg.Skip = func(err error) { skipped = append(skipped, err) }
		l, err := ReadFolder(t.Context(), dir, cfg)
		if err != nil || l.Len() != 1 || len(skipped) != 1 || !strings.Contains(skipped[0].Error(), row.name) {
			t.Errorf("%s: skipping left %d images, %v, error %v", row.name, l.Len(), skipped, err)
		}
	}
}

// A broken link is an unusable file like others.
func TestLinkToNowhere(t *testing.T) {
	dir := tree(t, map[string][]byte{"mug/a.png": pngOf(t, plain(color.White))})
	if err := os.Symlink("nowhere", filepath.Join(dir, "mug", "lost.png")); err != nil {
		t.Fatal(err)
	}
	cfg := FolderConfig{Width: 2}
	if _, err := ReadFolder(t.Context(), dir, cfg); err == nil || !strings.Contains(err.Error(), filepath.Join("mug", "lost.png")+": no such file") {
		t.Errorf("error %v, want one that names the link", err)
	}
	skipped := 0
	cfg.Skip = func(error) { skipped++ }
	if l, err := ReadFolder(t.Context(), dir, cfg); err != nil || l.Len() != 1 || skipped != 1 {
		t.Errorf("%d images, %d skipped, %v", l.Len(), skipped, err)
	}
}

func TestManyUnusableFilesAreCounted(t *testing.T) {
	files := map[string][]byte{}
	for i := range 8 {
		files["mug/"+string(rune('a'+i))+".jpg"] = nil
	}
	_, err := ReadFolder(t.Context(), tree(t, files), FolderConfig{})
	if err == nil || !strings.Contains(err.Error(), "e.jpg") || strings.Contains(err.Error(), "f.jpg") || !strings.Contains(err.Error(), "and 3 more") {
		t.Errorf("error %v, want a.jpg to e.jpg and 3 more", err)
	}
}

func TestReadFolderRefuses(t *testing.T) {
	for name, dir := range map[string]string{
		"no such folder": filepath.Join(t.TempDir(), "absent"),
		"no classes":     tree(t, map[string][]byte{"image.jpg": nil}),
		"no images":      tree(t, map[string][]byte{"mug/.hidden": nil}),
		"a folder in it": tree(t, map[string][]byte{"mug/inner/x.png": nil}),
	} {
		if _, err := ReadFolder(t.Context(), dir, FolderConfig{}); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: error %v, want one that names %s", name, err, dir)
		}
	}
	dir := tree(t, map[string][]byte{"mug/a.png": pngOf(t, plain(color.White))})
	for _, bad := range []FolderConfig{{Width: -1}, {Height: 5000}, {Filter: "lanczos"}} {
		if _, err := ReadFolder(t.Context(), dir, bad); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
	below := filepath.Join(dir, "mug", "a.png", "cache")
	if _, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 2, Cache: below}); err == nil || !strings.Contains(err.Error(), below) || !strings.Contains(err.Error(), "set Cache to another directory or to none") {
		t.Errorf("error %v, want one that names the cache", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := ReadFolder(stopped, dir, FolderConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestFolderCache(t *testing.T) {
	image := pngOf(t, plain(color.NRGBA{9, 8, 7, 255}))
	dir := tree(t, map[string][]byte{"mug/a.png": image, "pen/b.png": image})
	cfg := FolderConfig{Width: 2, Cache: filepath.Join(t.TempDir(), "cache")}
	read := func() sdt.Labelled {
		t.Helper()
		l, err := ReadFolder(t.Context(), dir, cfg)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	cached := func() []string {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(cfg.Cache, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	first := read()
	if len(cached()) != 1 {
		t.Fatalf("cache holds %v, want one file", cached())
	}
	path := cached()[0]
	// A mark in the cached pixels, with a matching digest, shows that the cache is read.
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	marked := slices.Clone(first.Pixels)
	marked[0] = 99
	content = bytes.Replace(content[:len(content)-len(marked)], []byte(digest(first.Pixels)), []byte(digest(marked)), 1)
	if err := os.WriteFile(path, append(content, marked...), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := read(); got.Pixels[0] != 99 {
		t.Error("the cache was not read")
	}
	// Damage is found, and repaired.
	for _, damaged := range [][]byte{nil, content, append(slices.Clone(content), first.Pixels...), []byte("{}\n")} {
		if err := os.WriteFile(path, damaged, 0o666); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, read()); diff != "" {
			t.Errorf("a damaged cache was used: %s", diff)
		}
	}
	// A changed file, another option: another key.
	if err := os.Chtimes(filepath.Join(dir, "mug", "a.png"), time.Time{}, time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	read()
	cfg.Grey = true
	read()
	cfg.AsShown = true
	read()
	if len(cached()) != 4 {
		t.Errorf("cache holds %v, want four files", cached())
	}
}

// The next write removes what a killed write left, but not the file of a write in progress.
func TestFolderCacheAfterAKill(t *testing.T) {
	dir := tree(t, map[string][]byte{"mug/a.png": pngOf(t, plain(color.NRGBA{9, 8, 7, 255}))})
	cfg := FolderConfig{Width: 2, Cache: t.TempDir()}
	killed, underWay := filepath.Join(cfg.Cache, "1.part"), filepath.Join(cfg.Cache, "2.part")
	for path, age := range map[string]time.Duration{killed: 2 * time.Hour, underWay: time.Minute} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ReadFolder(t.Context(), dir, cfg); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(cfg.Cache, "*.part"))
	if err != nil || !slices.Equal(left, []string{underWay}) {
		t.Errorf("%v, %v: want %s alone", left, err, underWay)
	}
}

// Pixels are in memory once while they are read: 200 rows of 154,587 bytes need that much, plus
// about 40 KB in total per file for decoding.
func TestReadFolderHoldsPixelsOnce(t *testing.T) {
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, plain(color.White), nil); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for i := range 200 {
		files["mug/"+strconv.Itoa(i)+".jpg"] = jpg.Bytes()
	}
	dir := tree(t, files)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	l, err := ReadFolder(t.Context(), dir, FolderConfig{})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 3*uint64(len(l.Pixels))/2 {
		t.Errorf("%d bytes were allocated for %d", took, len(l.Pixels))
	}
}

func TestResizeAndInvert(t *testing.T) {
	l := sdt.Labelled{
		Examples: sdt.Examples{Domain: "usps", Shape: []int{2, 2, 1}, Pixels: []uint8{7, 7, 7, 7, 0, 0, 255, 255}},
		Classes:  []string{"0"}, Labels: []int32{0, 0},
	}
	big, err := Resize(l, 4, BiLinear)
	if err != nil {
		t.Fatal(err)
	}
	if err := big.Validate(); err != nil {
		t.Error(err)
	}
	if !slices.Equal(big.Shape, []int{4, 4, 1}) || !slices.Equal(big.Pixels[:16], slices.Repeat([]uint8{7}, 16)) {
		t.Errorf("shape %v, a flat image became %v", big.Shape, big.Pixels[:16])
	}
	if column := []uint8{big.Pixels[16], big.Pixels[20], big.Pixels[24], big.Pixels[28]}; !slices.IsSorted(column) || column[0] > 5 || column[3] < 250 {
		t.Errorf("an edge became %v", column)
	}
	inverted, err := Invert(l)
	if err != nil || inverted.Pixels[0] != 248 || l.Pixels[0] != 7 {
		t.Errorf("inverted %v of %v, %v", inverted.Pixels[0], l.Pixels[0], err)
	}
	if _, err := Resize(toy("d", "a", 3), 4, BiLinear); err == nil {
		t.Error("features were resized")
	}
	if _, err := Invert(toy("d", "a", 3)); err == nil {
		t.Error("features were inverted")
	}
}

func TestPad(t *testing.T) {
	l := sdt.Labelled{
		Examples: sdt.Examples{Domain: "usps", Shape: []int{1, 2, 1}, Pixels: []uint8{1, 2, 5, 6}},
		Classes:  []string{"0"}, Labels: []int32{0, 0},
	}
	p, err := Pad(l, 4)
	if err != nil {
		t.Fatal(err)
	}
	want := []uint8{0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	if !slices.Equal(p.Pixels, want) || !slices.Equal(p.Shape, []int{4, 4, 1}) || p.Validate() != nil {
		t.Errorf("%v became %v of shape %v", l.Pixels, p.Pixels, p.Shape)
	}
	rgb := sdt.Labelled{Examples: sdt.Examples{Domain: "d", Shape: []int{1, 1, 3}, Pixels: []uint8{1, 2, 3}}, Classes: []string{"0"}, Labels: []int32{0}}
	if p, err = Pad(rgb, 2); err != nil || !slices.Equal(p.Pixels, []uint8{1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0}) {
		t.Errorf("a red, green and blue pixel became %v: %v", p.Pixels, err)
	}
	for name, bad := range map[string]struct {
		l    sdt.Labelled
		side int
	}{"too small": {l, 1}, "too large": {l, 5000}, "features": {toy("d", "a", 3), 4}} {
		if _, err := Pad(bad.l, bad.side); err == nil {
			t.Errorf("%s: it was padded", name)
		}
	}
}
