package host

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

func decoded(t *testing.T, text string) image.Image {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestImage(t *testing.T) {
	small := image.NewGray(image.Rect(3, 4, 31, 32)) // its corner is not at 0
	small.SetGray(3, 4, color.Gray{200})
	got := show1(t, small)
	if got["text/plain"] != "*image.Gray 28×28" {
		t.Errorf("text %q", got["text/plain"])
	}
	m := decoded(t, got["image/png"])
	if m.Bounds() != image.Rect(0, 0, 140, 140) {
		t.Errorf("28×28 is shown as %v, want 5 times that", m.Bounds())
	}
	for _, p := range []struct{ x, y, want int }{{0, 0, 200}, {4, 4, 200}, {5, 4, 0}, {4, 5, 0}} {
		if got, _, _, _ := m.At(p.x, p.y).RGBA(); int(got>>8) != p.want {
			t.Errorf("pixel %d, %d: %d, want %d", p.x, p.y, got>>8, p.want)
		}
	}
	half := image.NewRGBA(image.Rect(0, 0, 4000, 1000)) // alternating black and white columns
	for y := range 1000 {
		for x := 0; x < 4000; x += 2 {
			half.Set(x, y, color.White)
		}
	}
	m = decoded(t, show1(t, half)["image/png"])
	if m.Bounds() != image.Rect(0, 0, 1024, 256) {
		t.Errorf("a large one is %v", m.Bounds())
	}
	if _, _, _, a := m.At(500, 100).RGBA(); a>>8 < 120 || a>>8 > 136 {
		t.Errorf("the mean of clear and white has alpha %d, want half", a>>8)
	}
	if m := decoded(t, show1(t, image.NewUniform(color.Black))["image/png"]); m.Bounds().Dx() != largeSide {
		t.Errorf("an endless one is %v", m.Bounds())
	}
	if got := show1(t, image.NewGray(image.Rectangle{})); len(got) != 1 || got["text/plain"] != "*image.Gray 0×0" {
		t.Errorf("an empty one: %q", got)
	}
}

func TestImages(t *testing.T) {
	all := make([]*image.Gray, 50)
	for i := range all {
		if i != 1 {
			all[i] = image.NewGray(image.Rect(0, 0, 28, 28))
		}
	}
	got := show1(t, all)
	if got["text/plain"] != "[]*image.Gray of 50 images, the first of 28×28" {
		t.Errorf("text %q", got["text/plain"])
	}
	if n := strings.Count(got["text/html"], "<img "); n != 47 || !strings.Contains(got["text/html"], "… 2 more") {
		t.Errorf("%d images of 48, one of them nil", n)
	}
}
