package host

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"reflect"
	"strings"
)

// Sizes of images as shown.
const (
	smallSide  = 128  // shorter sides are enlarged by an integer factor
	largeSide  = 1024 // longer sides are reduced
	galleryMax = 48   // images shown of a slice
	tileSide   = 96   // of each image of a slice
)

// pictures returns an image as PNG, a slice of images side by side as HTML; nil for other
// values.
func pictures(v any) map[string]string {
	if isNil(v) {
		return nil
	}
	if m, ok := v.(image.Image); ok {
		data := plain(describe(m))
		if !m.Bounds().Empty() {
			data["image/png"] = encode(fit(m, smallSide, largeSide))
		}
		return data
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array || !r.Type().Elem().Implements(reflect.TypeFor[image.Image]()) {
		return nil
	}
	var b strings.Builder
	b.WriteString(`<div style="display:flex;flex-wrap:wrap;gap:6px;align-items:flex-end">`)
	n, size := min(r.Len(), galleryMax), ""
	for i := range n {
		m, ok := r.Index(i).Interface().(image.Image)
		if !ok || isNil(m) || m.Bounds().Empty() {
			fmt.Fprintf(&b, `<span title="%d">empty</span>`, i)
			continue
		}
		if size == "" {
			size = fmt.Sprintf(", the first of %d×%d", m.Bounds().Dx(), m.Bounds().Dy())
		}
		fmt.Fprintf(&b, `<img title="%d" alt="%d" src="data:image/png;base64,%s">`, i, i, encode(fit(m, tileSide, 2*tileSide)))
	}
	b.WriteString("</div>")
	data := plain(fmt.Sprintf("%s of %s images%s", typeName(v), thousands(r.Len()), size))
	if n < r.Len() {
		fmt.Fprintf(&b, `<div style="%s">%s</div>`, faintStyle, strings.TrimSpace(more(r.Len()-n)))
	}
	if n > 0 {
		data["text/html"] = b.String()
	}
	return data
}

func describe(m image.Image) string {
	return fmt.Sprintf("%s %d×%d", typeName(m), m.Bounds().Dx(), m.Bounds().Dy())
}

// encode returns an image as PNG in base64.
func encode(m image.Image) string {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // for an empty image, or one above the format's limits: fit prevents both
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// fit returns an image resized so that its longer side is at most large pixels and,
// enlarged by an integer factor if it was smaller, at least small.
func fit(m image.Image, small, large int) image.Image {
	r := m.Bounds()
	w, h := r.Dx(), r.Dy()
	switch {
	case max(w, h) > large:
		scale := float64(large) / float64(max(w, h))
		return shrink(m, max(1, int(float64(w)*scale)), max(1, int(float64(h)*scale)))
	case max(w, h) < small:
		k := (small + max(w, h) - 1) / max(w, h)
		out := image.NewNRGBA(image.Rect(0, 0, w*k, h*k))
		for y := range h * k {
			for x := range w * k {
				out.Set(x, y, m.At(r.Min.X+x/k, r.Min.Y+y/k))
			}
		}
		return out
	}
	return m
}

// shrink reduces an image. Each pixel is the mean of up to 4×4 of the original's.
func shrink(m image.Image, w, h int) image.Image {
	r := m.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	at := func(low, n, size, i int) int { return low + int(float64(i)/float64(n)*float64(size)) }
	for y := range h {
		for x := range w {
			var sum [4]uint32
			const k = 4
			for j := range k {
				for i := range k {
					c := m.At(at(r.Min.X, k*w, r.Dx(), k*x+i), at(r.Min.Y, k*h, r.Dy(), k*y+j))
					red, green, blue, alpha := c.RGBA()
					sum[0], sum[1], sum[2], sum[3] = sum[0]+red, sum[1]+green, sum[2]+blue, sum[3]+alpha
				}
			}
			out.Set(x, y, color.RGBA64{uint16(sum[0] / (k * k)), uint16(sum[1] / (k * k)), uint16(sum[2] / (k * k)), uint16(sum[3] / (k * k))})
		}
	}
	return out
}
