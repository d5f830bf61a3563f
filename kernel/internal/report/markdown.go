package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
	"github.com/yuin/goldmark"
	highlighting "github.com/yuin/goldmark-highlighting/v2"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// heading is one entry of the table of contents.
type heading struct {
	Level    int
	ID, Text string
}

// prose renders markdown cells. It drops HTML in them, and links that would run a script:
// the author of a notebook need not be the author of the report.
type prose struct {
	md  goldmark.Markdown
	ids parser.IDs // heading ids are unique in the report, not in the cell
	dir string     // where relative images are
}

func newProse(dir string) *prose {
	return &prose{
		md: goldmark.New(
			goldmark.WithExtensions(extension.GFM, extension.Footnote, highlighting.NewHighlighting(
				highlighting.WithStyle(lightStyle),
				highlighting.WithFormatOptions(chromahtml.WithClasses(true)),
			)),
			goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		),
		ids: parser.NewContext().IDs(),
		dir: dir,
	}
}

// render returns a markdown cell and its headings.
func (p *prose) render(c *nbformat.Cell) (template.HTML, []heading, error) {
	source := []byte(c.Source)
	doc := p.md.Parser().Parse(text.NewReader(source), parser.WithContext(parser.NewContext(parser.WithIDs(p.ids))))
	var headings []heading
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			id, _ := n.AttributeString("id")
			b, _ := id.([]byte)
			headings = append(headings, heading{n.Level, string(b), plain(n, source)})
		case *ast.Image:
			n.Destination = []byte(p.inline(c, string(n.Destination)))
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return "", nil, fmt.Errorf("markdown: %w", err)
	}
	var b bytes.Buffer
	if err := p.md.Renderer().Render(&b, source, doc); err != nil {
		return "", nil, fmt.Errorf("markdown: %w", err)
	}
	return template.HTML(b.String()), headings, nil
}

// plain returns the text of a node without its marks.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(source))
			if n.SoftLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.RawHTML:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// imageLimit is the size of the largest image file that a report embeds.
const imageLimit = 8 << 20

// inline returns an image's address so that the report needs no other file: a cell's
// attachment, or a file in the notebook's folder or below, becomes a data URI. Anything
// else stays as it is.
func (p *prose) inline(c *nbformat.Cell, address string) string {
	if name, ok := strings.CutPrefix(address, "attachment:"); ok {
		for kind, v := range c.Attachment(name) {
			if s, ok := v.(string); ok && strings.HasPrefix(kind, "image/") {
				return dataURI(kind, strings.ReplaceAll(s, "\n", ""))
			}
		}
		return address
	}
	if p.dir == "" || !filepath.IsLocal(filepath.FromSlash(address)) {
		return address
	}
	root, err := os.OpenRoot(p.dir)
	if err != nil {
		return address
	}
	defer root.Close()
	if info, err := root.Stat(address); err != nil || !info.Mode().IsRegular() || info.Size() > imageLimit {
		return address
	}
	data, err := root.ReadFile(address)
	if err != nil {
		return address
	}
	kind := mime.TypeByExtension(filepath.Ext(address))
	if kind == "" {
		kind = http.DetectContentType(data)
	}
	if !strings.HasPrefix(kind, "image/") {
		return address
	}
	return dataURI(kind, base64.StdEncoding.EncodeToString(data))
}

func dataURI(kind, base64 string) string { return "data:" + kind + ";base64," + base64 }
