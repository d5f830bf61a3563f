package plots

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// thumbnailSide is the longest side of a gallery's images, in px.
const thumbnailSide = 112

// tile is one image of a gallery.
type tile struct {
	Name, True    string
	Before, After guess
	Outcome       Outcome
	Source        template.URL // PNG as a data URI
}

var galleryHTML = template.Must(template.New("gallery").Funcs(template.FuncMap{
	// parts splits a long name where it may be broken.
	"parts":   func(name string) []string { return strings.SplitAfter(visible(name), "_") },
	"visible": visible,
}).Parse(`<style>
.sdt-gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(168px, 1fr)); gap: 10px; margin: 0; padding: 0; }
.sdt-gallery > .sdt-note { grid-column: 1 / -1; }
.sdt-tile { box-sizing: border-box; margin: 0; padding: 8px; border: 1px solid rgba(128,128,128,.35); border-top: 4px solid #8C8C8C; border-radius: 4px; font-size: .8em; line-height: 1.4; }
.sdt-tile.sdt-corrected { border-top-color: #009E73; }
.sdt-tile.sdt-broken { border-top-color: #D55E00; }
.sdt-tile img { display: block; width: 112px; height: 112px; margin: 0 auto 6px; object-fit: contain; image-rendering: pixelated; background: rgba(128,128,128,.12); }
.sdt-tile dl { display: grid; grid-template-columns: max-content minmax(0, 1fr) max-content; gap: 0 .45em; margin: 0; padding: 0; }
.sdt-tile dt { width: auto; opacity: .7; font-weight: 400; margin: 0; padding: 0; }
.sdt-tile dd { width: auto; margin: 0; padding: 0; overflow-wrap: anywhere; }
.sdt-tile b { font-weight: 600; }
</style>
<div class="sdt-gallery" role="group" aria-label="{{visible .Summary}}">
{{range .Tiles}}<figure class="sdt-tile sdt-{{if eq .Outcome 0}}corrected{{else if eq .Outcome 1}}broken{{else}}same{{end}}" aria-label="{{visible .Name}}, {{.Outcome}}" title="{{visible .Name}}"><img alt="{{visible .True}}" src="{{.Source}}"><figcaption><b>{{if eq .Outcome 0}}✓ {{else if eq .Outcome 1}}✗ {{end}}{{.Outcome}}</b><dl>
<dt>true</dt><dd>{{template "name" .True}}</dd><dd></dd>
<dt>before</dt><dd>{{template "name" .Before.Class}}</dd><dd>{{.Before.Confidence}}</dd>
<dt>after</dt><dd>{{template "name" .After.Class}}</dd><dd>{{.After.Confidence}}</dd>
</dl></figcaption></figure>
{{else}}<p class="sdt-note">No image was corrected or broken.</p>
{{end}}</div>{{define "name"}}<bdi>{{range parts .}}{{.}}<wbr>{{end}}</bdi>{{end}}`))

// thumbnail returns image i as a PNG data URI, neither side longer than thumbnailSide.
func thumbnail(images sdt.Examples, i int) template.URL {
	var b bytes.Buffer
	if err := png.Encode(&b, images.Thumbnail(i, thumbnailSide)); err != nil {
		panic(fmt.Sprintf("plots.Gallery: image %d: %v", i, err)) // a buffer cannot fail, and the image has pixels
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))
}
