package datasets

import (
	"fmt"
	"image"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomediumitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/gomonobolditalic"
	"golang.org/x/image/font/gofont/gomonoitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// faces are Go's fonts that have distinct digits and capitals; the two small-caps fonts
// repeat those of goregular and goitalic.
var faces = [][]byte{
	goregular.TTF, gomedium.TTF, gobold.TTF,
	goitalic.TTF, gomediumitalic.TTF, gobolditalic.TTF,
	gomono.TTF, gomonobold.TTF, gomonoitalic.TTF, gomonobolditalic.TTF,
}

// em is the side of the em square in which outlines are given.
const em = 2048

// outline is a glyph as closed polygons, in em units, y down, with the middle of
// its bounding box at the origin.
type outline [][]image.Point

// outlines returns the outlines of the runes, [face][rune].
func outlines(runes []rune) ([][]outline, error) {
	all := make([][]outline, len(faces))
	for f, ttf := range faces {
		parsed, err := sfnt.Parse(ttf)
		if err != nil {
			return nil, fmt.Errorf("font %d of Go: %w", f, err)
		}
		for _, r := range runes {
			o, err := trace(parsed, r)
			if err != nil {
				return nil, fmt.Errorf("font %d of Go, %q: %w", f, r, err)
			}
			all[f] = append(all[f], o)
		}
	}
	return all, nil
}

// trace flattens one glyph; each quadratic curve becomes eight chords.
func trace(f *sfnt.Font, r rune) (outline, error) {
	var buf sfnt.Buffer
	index, err := f.GlyphIndex(&buf, r)
	if err != nil {
		return nil, err
	}
	segments, err := f.LoadGlyph(&buf, index, fixed.I(em), nil)
	if err != nil {
		return nil, err
	}
	at := func(p fixed.Point26_6) image.Point { return image.Pt(int(p.X), int(p.Y)) } // in 1/64 em unit
	var o outline
	var bounds image.Rectangle
	var pen image.Point
	for _, s := range segments {
		last := len(o) - 1
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			pen = at(s.Args[0])
			o = append(o, []image.Point{pen})
			last++
		case sfnt.SegmentOpLineTo:
			pen = at(s.Args[0])
			o[last] = append(o[last], pen)
		case sfnt.SegmentOpQuadTo:
			a, b, c := pen, at(s.Args[0]), at(s.Args[1])
			for t := 1; t <= 8; t++ {
				u := 8 - t
				p := a.Mul(u * u).Add(b.Mul(2 * u * t)).Add(c.Mul(t * t))
				o[last] = append(o[last], image.Pt(floorDiv(p.X, 64), floorDiv(p.Y, 64)))
			}
			pen = c
		default:
			return nil, fmt.Errorf("segment of kind %d, which TrueType outlines do not have", s.Op)
		}
		for _, p := range o[last] {
			bounds = bounds.Union(image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))})
		}
	}
	if len(o) == 0 {
		return nil, fmt.Errorf("the glyph is empty")
	}
	middle := bounds.Min.Add(bounds.Max).Div(2)
	for _, polygon := range o {
		for i, p := range polygon {
			p = p.Sub(middle)
			polygon[i] = image.Pt(floorDiv(p.X, 64), floorDiv(p.Y, 64))
		}
	}
	return o, nil
}
