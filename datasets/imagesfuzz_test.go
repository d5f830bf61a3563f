package datasets

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
)

// fuzzed adds the matching files of the archive, and the same with a bit flipped and cut in half.
func fuzzed(f *testing.F, fits func(name string) bool) {
	for name, data := range archived(f) {
		if strings.HasSuffix(name, ".ppm") || !fits(name) {
			continue
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
		turned := bytes.Clone(data)
		turned[len(turned)/3] ^= 0x10
		f.Add(turned)
	}
}

// FuzzImage: any bytes give an image of the size in its header, or an error.
func FuzzImage(f *testing.F) {
	fuzzed(f, func(string) bool { return true })
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, read, err := imageKind(data)
		if err != nil {
			return
		}
		p, err := read(data)
		if err != nil {
			return
		}
		if p.orientation < 1 || p.orientation > 8 {
			t.Errorf("%s: orientation %d", kind, p.orientation)
		}
		if p.width < 1 || p.height < 1 || p.width > 1<<18/p.height {
			return
		}
		if p.memory < 1 {
			t.Errorf("%s: %d bytes for %d×%d pixels", kind, p.memory, p.width, p.height)
		}
		img, err := p.decode()
		if err == nil && (img.Bounds().Dx() != p.width || img.Bounds().Dy() != p.height) {
			t.Errorf("%s: %v, said %d×%d", kind, img.Bounds(), p.width, p.height)
		}
	})
}

// FuzzEXIF: any bytes give an orientation from 1 to 8.
func FuzzEXIF(f *testing.F) {
	fuzzed(f, func(name string) bool { return strings.HasSuffix(name, ".tif") })
	f.Add([]byte(dng))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := orientation(data, nil); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}

// FuzzJPEGSegments: segments advance, lie within the file, and end.
func FuzzJPEGSegments(f *testing.F) {
	fuzzed(f, func(name string) bool { return strings.HasSuffix(name, ".jpg") })
	f.Fuzz(func(t *testing.T, data []byte) {
		for at := 0; at >= 0; {
			marker, body, next := jpegSegment(data, at)
			if next >= 0 && (next < at+2 || next > len(data) || len(body) > next-at || marker == 0 || marker == 0xff) {
				t.Fatalf("marker %#x with %d bytes, from %d to %d of %d", marker, len(body), at, next, len(data))
			}
			at = next
		}
		if j, err := readJPEG(data); err == nil {
			j.whole()
			if len(j.components) != len(j.sampling) {
				t.Errorf("%d components, %d sampled", len(j.components), len(j.sampling))
			}
		}
	})
}

// FuzzPNGMend: repairing a valid PNG keeps its pixels, and a repaired PNG is valid.
func FuzzPNGMend(f *testing.F) {
	fuzzed(f, func(name string) bool { return strings.HasSuffix(name, ".png") })
	f.Fuzz(func(t *testing.T, data []byte) {
		if kind, _, _ := imageKind(data); kind != "PNG" {
			return
		}
		p, err := openPNG(data)
		if err != nil || p.width < 1 || p.height < 1 || p.width > 1<<18/p.height {
			return
		}
		was, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		mended, err := readPNG(data)
		if err != nil {
			t.Fatal(err)
		}
		again, err := mended.repair()
		if err != nil {
			t.Fatal(err)
		}
		now, err := png.Decode(bytes.NewReader(again))
		if err != nil {
			t.Fatal(err)
		}
		for y := range p.height {
			for x := range p.width {
				if was.At(x, y) != now.At(x, y) {
					t.Fatalf("at x %d, y %d: %v, was %v", x, y, now.At(x, y), was.At(x, y))
				}
			}
		}
	})
}
