package plots

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// thumbnailSide is the largest side of a gallery's images, px.
const thumbnailSide = 112

// tile is one image of a gallery.
type tile struct {
	Name, True    string
	Before, After guess
	Outcome       Outcome
	Source        template.URL // PNG as a data URI
}

var galleryHTML = template.Must(template.New("gallery").Funcs(template.FuncMap{
	// parts are where a long name may be broken.
	"parts": func(name string) []string { return strings.SplitAfter(name, "_") },
}).Parse(`<style>
.sdt-gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(172px, 1fr)); gap: 10px; margin: 0; padding: 0; }
.sdt-gallery > .sdt-note { grid-column: 1 / -1; }
.sdt-tile { box-sizing: border-box; margin: 0; padding: 8px; border: 1px solid rgba(128,128,128,.35); border-top: 4px solid #8C8C8C; border-radius: 4px; font-size: .8em; line-height: 1.4; }
.sdt-tile.sdt-corrected { border-top-color: #009E73; }
.sdt-tile.sdt-broken { border-top-color: #D55E00; }
.sdt-tile img { display: block; width: 112px; height: 112px; margin: 0 auto 6px; object-fit: contain; image-rendering: pixelated; background: rgba(128,128,128,.12); }
.sdt-tile dl { display: grid; grid-template-columns: max-content minmax(0, 1fr) max-content; gap: 0 .45em; margin: 0; padding: 0; }
.sdt-tile dt { opacity: .7; font-weight: 400; margin: 0; padding: 0; }
.sdt-tile dd { margin: 0; padding: 0; overflow-wrap: anywhere; }
.sdt-tile b { font-weight: 600; }
</style>
<div class="sdt-gallery" role="group" aria-label="{{.Summary}}">
{{range .Tiles}}<figure class="sdt-tile sdt-{{if eq .Outcome 0}}corrected{{else if eq .Outcome 1}}broken{{else}}same{{end}}" title="{{.Name}}"><img alt="{{.True}}" src="{{.Source}}"><figcaption><b>{{if eq .Outcome 0}}✓ {{else if eq .Outcome 1}}✗ {{end}}{{.Outcome}}</b><dl>
<dt>true</dt><dd>{{template "name" .True}}</dd><dd></dd>
<dt>before</dt><dd>{{template "name" .Before.Class}}</dd><dd>{{.Before.Confidence}}</dd>
<dt>after</dt><dd>{{template "name" .After.Class}}</dd><dd>{{.After.Confidence}}</dd>
</dl></figcaption></figure>
{{else}}<p class="sdt-note">No image was corrected or broken.</p>
{{end}}</div>{{define "name"}}<bdi>{{range parts .}}{{.}}<wbr>{{end}}</bdi>{{end}}`))

// thumbnail returns image i as a PNG data URI, reduced by a whole factor, each
// pixel the mean of a block, until neither side is above thumbnailSide.
func thumbnail(images sdt.Examples, i int) template.URL {
	h, w, ch := images.Shape[0], images.Shape[1], images.Shape[2]
	pixels := images.Pixels[i*h*w*ch : (i+1)*h*w*ch] // [h, w, ch]
	by := (max(h, w) + thumbnailSide - 1) / thumbnailSide
	rect := image.Rect(0, 0, (w+by-1)/by, (h+by-1)/by)
	mean := func(x, y, c int) uint8 {
		sum, n := 0, 0
		for v := y * by; v < min(h, (y+1)*by); v++ {
			for u := x * by; u < min(w, (x+1)*by); u++ {
				sum, n = sum+int(pixels[(v*w+u)*ch+c]), n+1
			}
		}
		return uint8((sum + n/2) / n)
	}
	var img image.Image
	if ch == 1 {
		grey := image.NewGray(rect)
		for y := range rect.Dy() {
			for x := range rect.Dx() {
				grey.SetGray(x, y, color.Gray{Y: mean(x, y, 0)})
			}
		}
		img = grey
	} else {
		rgb := image.NewNRGBA(rect)
		for y := range rect.Dy() {
			for x := range rect.Dx() {
				rgb.SetNRGBA(x, y, color.NRGBA{R: mean(x, y, 0), G: mean(x, y, 1), B: mean(x, y, 2), A: 255})
			}
		}
		img = rgb
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(fmt.Sprintf("plots.Gallery: image %d: %v", i, err)) // a buffer cannot fail; nor has it no pixels
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))
}
