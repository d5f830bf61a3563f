package live

import (
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		why, cell string
		want      []chunkKind
	}{
		{"statements", "x := 1\ny := 2; z := 3", []chunkKind{instructing, instructing, instructing}},
		{"declarations among them", "x := 1\nfunc f() {\n}\nf()", []chunkKind{instructing, declaring, instructing}},
		{"a literal is no declaration", "func() {}()", []chunkKind{instructing}},
		{"nor is one with results", "func(x int) (y int) { return }(1)", []chunkKind{instructing}},
		{"a method", "func (p *p) m() {}", []chunkKind{declaring}},
		{"comment before", "// f does.\nfunc f() {}", []chunkKind{declaring}},
		{"comment behind", "x := 1\n// end", []chunkKind{instructing, blank}},
		{"comment over lines", "x := 1 /* a\nb */\nfunc f() {}", []chunkKind{instructing, declaring}},
		{"imports", "import \"fmt\"\nimport (\n\"os\"\n)", []chunkKind{importing, importing}},
		{"var runs where it stands", "var x = 1", []chunkKind{instructing}},
		{"nothing", "", nil},
		{"space", " \n", []chunkKind{blank}},
		{"raw string with a semicolon", "x := `;\n;`\ny", []chunkKind{instructing, instructing}},
		{"what closes nothing", "x)\ny", []chunkKind{instructing, instructing}},
	} {
		var got []chunkKind
		for _, c := range split(test.cell) {
			got = append(got, c.kind)
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: %q: %v, want %v", test.why, test.cell, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: %q: %v, want %v", test.why, test.cell, got, test.want)
				break
			}
		}
	}
}

// FuzzSplit: chunks are the cell, in order; what is split again stays whole; a chunk that
// is a declaration is one for the parser too.
func FuzzSplit(f *testing.F) {
	for _, s := range fragments {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		defer watch(t, cell)()
		var whole strings.Builder
		for _, all := range [][]chunk{split(cell), chunks(cell, lex(cell), beginsLine(cell))} {
			whole.Reset()
			at := 0
			for i, c := range all {
				if c.start != at || c.end < c.start {
					t.Fatalf("%q: chunk %d is from %d to %d, the one before ends at %d", cell, i, c.start, c.end, at)
				}
				if c.kind == blank && i < len(all)-1 {
					t.Fatalf("%q: chunk %d is blank", cell, i)
				}
				at = c.end
				whole.WriteString(cell[c.start:c.end])
			}
			if whole.String() != cell {
				t.Fatalf("%q: the chunks are %q", cell, whole.String())
			}
		}
		for _, c := range split(cell) {
			again := split(cell[c.start:c.end])
			if c.kind != blank && (len(again) != 1 || again[0].kind != c.kind) {
				t.Fatalf("%q: chunk %q of kind %d is split into %v", cell, cell[c.start:c.end], c.kind, again)
			}
		}
		last := -1
		for _, l := range lex(cell) {
			if l.at < last || l.end < l.at || l.end > len(cell) {
				t.Fatalf("%q: token %s from %d to %d, the one before ends at %d", cell, l.tok, l.at, l.end, last)
			}
			last = l.end
		}
	})
}
