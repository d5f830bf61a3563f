package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// directives are the comments with a meaning for the compiler that need handling, by
// prefix. Those not listed do no harm in a cell: //go:generate, //go:noinline and the like.
var directives = []struct {
	prefix string
	word   bool                  // the directive's name ends there
	fault  func(*pasting) string // returns why a cell cannot have it; nil: it is blanked out
}{
	{prefix: "//line "}, // it would renumber the lines of a cell
	{prefix: "/*line "},
	{prefix: "//go:build", word: true}, // see constraints
	{prefix: "//go:embed", word: true, fault: func(p *pasting) string {
		if !p.embeds {
			return `go:embed only allowed in Go files that import "embed"`
		}
		return "//go:embed does not work in a cell: read a file with os.ReadFile, a folder with os.DirFS"
	}},
	{prefix: "//go:linkname", word: true, fault: func(p *pasting) string {
		p.links = true
		return "//go:linkname does not work in a cell: what a cell declares has no fixed name for the linker"
	}},
	{prefix: "//go:cgo_", fault: func(*pasting) string { return "//go:cgo_ directives are only allowed in cgo-generated code" }},
}

// directives reports the directives that a cell cannot have, and returns the places of
// those to blank out.
func (p *pasting) directives(text string) (blank []Chunk) {
	for _, c := range comments(text) {
		for _, d := range directives {
			rest, ok := strings.CutPrefix(text[c.Start:c.End], d.prefix)
			if !ok || d.word && strings.TrimLeft(rest, " \t\r") == rest && rest != "" {
				continue
			}
			if d.fault == nil {
				blank = append(blank, c)
			} else {
				p.fail(c.Start, "%s", d.fault(p))
			}
		}
	}
	return blank
}

// comments returns the places of the comments in a text, without line ends.
func comments(text string) (all []Chunk) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, []byte(text), nil, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return all
		}
		if tok != token.COMMENT {
			continue
		}
		start := file.Offset(pos)
		end := "\n"
		if strings.HasPrefix(lit, "/*") {
			end = "*/"
		}
		n := strings.Index(text[start+2:], end)
		switch {
		case n < 0:
			n = len(text) - start
		case end == "\n":
			n += 2
		default:
			n += 4
		}
		all = append(all, Chunk{Blank, start, start + n})
	}
}
