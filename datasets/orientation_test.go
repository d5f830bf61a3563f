package datasets

import (
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/draw"
)

// Where EXIF's eight orientations put A, B, C of a stored row, above D, E, F.
func TestTurn(t *testing.T) {
	for o, want := range []string{
		1: "ABC DEF", // as it is
		2: "CBA FED", // mirrored
		3: "FED CBA", // upside down
		4: "DEF ABC", // mirrored, upside down
		5: "AD BE CF",
		6: "DA EB FC", // a quarter to the right
		7: "FC EB DA",
		8: "CF BE AD", // a quarter to the left
	} {
		if o == 0 {
			continue
		}
		got := make([]uint8, 6)
		turn(got, []uint8("ABCDEF"), 3, 2, o)
		if flat := slices.DeleteFunc([]uint8(want), func(b uint8) bool { return b == ' ' }); !slices.Equal(got, flat) {
			t.Errorf("orientation %d: %s, want %s", o, got, flat)
		}
	}
}

// Rotating after resizing gives the same image as resizing after rotating, opaque or not, to a
// size that is not square.
func TestTurnedAfterResizing(t *testing.T) {
	const w, h = 23, 17
	stored, shown := image.NewNRGBA(image.Rect(0, 0, w, h)), image.NewNRGBA(image.Rect(0, 0, h, w))
	grey, greyShown := image.NewGray(stored.Rect), image.NewGray(shown.Rect)
	for y := range h {
		for x := range w {
			c := color.NRGBA{uint8(11 * x), uint8(13 * y), uint8(x * y), uint8(255 - 5*x)}
			stored.SetNRGBA(x, y, c)
			shown.SetNRGBA(h-1-y, x, c) // orientation 6
			grey.SetGray(x, y, color.Gray{Y: c.B})
			greyShown.SetGray(h-1-y, x, color.Gray{Y: c.B})
		}
	}
	for _, pair := range [][2]image.Image{{stored, shown}, {grey, greyShown}} {
		p := placer{upright: newResampler(draw.CatmullRom, 9, 5)}
		turned, want := make([]uint8, 9*5*3), make([]uint8, 9*5*3)
		p.place(want, pair[1], 1)
		p.place(turned, pair[0], 6)
		if !slices.Equal(turned, want) {
			t.Errorf("%T: %v, want %v", pair[0], turned, want)
		}
	}
}

// EXIF data give an orientation, or none.
func TestOrientation(t *testing.T) {
	entry := func(order, tag, kind, count, value string) string {
		sign, at, n := "II*\x00", "\x08\x00\x00\x00", "\x01\x00"
		if order == "MM" {
			sign, at, n = "MM\x00*", "\x00\x00\x00\x08", "\x00\x01"
		}
		return sign + at + n + tag + kind + count + value + "\x00\x00\x00\x00"
	}
	for _, row := range []struct {
		why, exif string
		want      int
	}{
		{"none", "", 1},
		{"a number of 16 bits, as the standard wants", entry("II", "\x12\x01", "\x03\x00", "\x01\x00\x00\x00", "\x06\x00\x00\x00"), 6},
		{"the other order of bytes", entry("MM", "\x01\x12", "\x00\x03", "\x00\x00\x00\x01", "\x00\x08\x00\x00"), 8},
		{"a number of 32 bits, as some write", entry("II", "\x12\x01", "\x04\x00", "\x01\x00\x00\x00", "\x03\x00\x00\x00"), 3},
		{"a byte is none, as Pillow has it", entry("II", "\x12\x01", "\x01\x00", "\x01\x00\x00\x00", "\x05\x00\x00\x00"), 1},
		{"nine is none", entry("II", "\x12\x01", "\x03\x00", "\x01\x00\x00\x00", "\x09\x00\x00\x00"), 1},
		{"zero is none: not known", entry("II", "\x12\x01", "\x03\x00", "\x01\x00\x00\x00", "\x00\x00\x00\x00"), 1},
		{"a text is none", entry("II", "\x12\x01", "\x02\x00", "\x01\x00\x00\x00", "6\x00\x00\x00"), 1},
		{"no value", entry("II", "\x12\x01", "\x03\x00", "\x00\x00\x00\x00", "\x06\x00\x00\x00"), 1},
		{"a kind of value that there is not", entry("II", "\x12\x01", "\x63\x00", "\x01\x00\x00\x00", "\x06\x00\x00\x00"), 1},
		{"values beyond the data", entry("II", "\x12\x01", "\x03\x00", "\xff\xff\xff\xff", "\x06\x00\x00\x00"), 1},
		{"another tag", entry("II", "\x0f\x01", "\x03\x00", "\x01\x00\x00\x00", "\x06\x00\x00\x00"), 1},
		{"a directory beyond the data", "II*\x00\xff\xff\xff\xff", 1},
		{"a directory that counts two, and has one", strings.Replace(entry("II", "\x12\x01", "\x03\x00", "\x01\x00\x00\x00", "\x06\x00\x00\x00"), "\x08\x00\x00\x00\x01", "\x08\x00\x00\x00\x02", 1), 6},
		{"a directory that is cut off", entry("II", "\x12\x01", "\x03\x00", "\x01\x00\x00\x00", "\x06\x00\x00\x00")[:18], 1},
		{"no order of bytes", "XX*\x00\x08\x00\x00\x00\x00\x00", 1},
	} {
		if got := orientation([]byte(row.exif), nil); got != row.want {
			t.Errorf("%s: %d, want %d", row.why, got, row.want)
		}
	}
}
