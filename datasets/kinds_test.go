package datasets

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// cmykJPEG is 8×8 of one colour, C, M, Y, K = 51, 0, 102, 0, written by Pillow 9.4:
//
//	Image.new("CMYK", (8, 8), (51, 0, 102, 0)).save(f, "JPEG", quality=95, optimize=True)
const cmykJPEG = "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABUAAQEAAAAAAAAAAAAAAAAAAAkH/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAA4EQwBNAFkASwAAPwBMD+LIfx//2Q=="

// Colours of the kinds that TestReadFolder does not have, worked by hand.
func TestKindsOfImages(t *testing.T) {
	cmyk, err := base64.StdEncoding.DecodeString(cmykJPEG)
	if err != nil {
		t.Fatal(err)
	}
	ycck := bytes.Clone(cmyk)
	ycck[bytes.Index(ycck, []byte("Adobe"))+11] = 2 // the four numbers are Y, Cb, Cr, K
	one := image.NewGray16(image.Rect(0, 0, 1, 1))
	one.SetGray16(0, 0, color.Gray16{Y: 0x4242})
	half := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.NRGBA{200, 0, 100, 102}})
	for _, row := range []struct {
		name    string
		content []byte
		want    [3]int
		why     string
	}{
		{"CMYK", cmyk, [3]int{204, 255, 153}, "255 − C, 255 − M, 255 − Y, as K is 0; Pillow has the same"},
		{"YCCK", ycck, [3]int{16, 113, 0},
			"Y, Cb, Cr = 204, 255, 153 are ink: 255 − (204 + 1.402·25), 255 − (204 − 0.344·127 − 0.714·25), 255 − min(255, 204 + 1.772·127); Pillow has the same"},
		{"1 × 1 of 16 bits", pngOf(t, one), [3]int{0x42, 0x42, 0x42}, "the upper eight"},
		{"a palette that lets 60 % of white through", pngOf(t, half), [3]int{233, 153, 193}, "0.4·200 + 0.6·255, 0.6·255, 0.4·100 + 0.6·255"},
	} {
		l, err := ReadFolder(t.Context(), tree(t, map[string][]byte{"mug/a": row.content}), FolderConfig{Width: 5, Height: 3})
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		for i, v := range l.Pixels {
			if d := int(v) - row.want[i%3]; d < -2 || d > 2 { // JPEG rounds
				t.Errorf("%s: pixel %d is %v, want about %v: %s", row.name, i/3, l.Pixels[i/3*3:i/3*3+3], row.want, row.why)
				break
			}
		}
	}
}

// An image that is changed and given back its size and date is decoded again.
func TestCacheNoticesAChange(t *testing.T) {
	before, after := pngOf(t, plain(color.Gray{Y: 10})), pngOf(t, plain(color.Gray{Y: 90}))
	if len(before) != len(after) {
		t.Fatalf("images of %d and %d bytes", len(before), len(after))
	}
	dir := tree(t, map[string][]byte{"mug/a.png": before})
	path := filepath.Join(dir, "mug", "a.png")
	cfg := FolderConfig{Width: 1, Grey: true, Cache: t.TempDir()}
	read := func() uint8 {
		t.Helper()
		l, err := ReadFolder(t.Context(), dir, cfg)
		if err != nil {
			t.Fatal(err)
		}
		return l.Pixels[0]
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if changed(info) == 0 {
		t.Skipf("%s: %s does not say when a file was changed", t.Name(), runtime.GOOS)
	}
	if got := read(); got != 10 {
		t.Fatalf("read %d, want 10", got)
	}
	time.Sleep(20 * time.Millisecond) // the resolution of the system's clock
	if err := os.WriteFile(path, after, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if got := read(); got != 90 {
		t.Errorf("read %d of the image that was, want 90", got)
	}
}

// A folder that would decode to too much memory is refused before decoding.
func TestFolderBeyondMemory(t *testing.T) {
	dir := tree(t, map[string][]byte{"mug/a.png": pngOf(t, plain(color.White)), "mug/b.png": []byte("no image")})
	_, err := ReadFolder(t.Context(), dir, FolderConfig{Width: 100, Limits: Limits{Memory: 2*100*100*3 - 1}})
	for _, says := range []string{dir, "2 images of shape [100 100 3]", "Limits.Memory", "make them smaller"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v does not say %q", err, says)
		}
	}
	if _, err = ReadFolder(t.Context(), dir, FolderConfig{Width: 100, Limits: Limits{Memory: 2 * 100 * 100 * 3}}); err == nil || !strings.Contains(err.Error(), "b.png") {
		t.Errorf("error %v, want that of the image: there is room", err)
	}
}
