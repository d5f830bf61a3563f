package cell_test

import (
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/livetest"
)

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		why, code string
		want      []cell.Kind
	}{
		{"statements", "x := 1\ny := 2; z := 3", []cell.Kind{cell.Instructing, cell.Instructing, cell.Instructing}},
		{"declarations among them", "x := 1\nfunc f() {\n}\nf()", []cell.Kind{cell.Instructing, cell.Declaring, cell.Instructing}},
		{"a literal is no declaration", "func() {}()", []cell.Kind{cell.Instructing}},
		{"nor is one with results", "func(x int) (y int) { return }(1)", []cell.Kind{cell.Instructing}},
		{"a method", "func (p *p) m() {}", []cell.Kind{cell.Declaring}},
		{"comment before", "// f does.\nfunc f() {}", []cell.Kind{cell.Declaring}},
		{"comment behind", "x := 1\n// end", []cell.Kind{cell.Instructing, cell.Blank}},
		{"comment over lines", "x := 1 /* a\nb */\nfunc f() {}", []cell.Kind{cell.Instructing, cell.Declaring}},
		{"imports", "import \"fmt\"\nimport (\n\"os\"\n)", []cell.Kind{cell.Importing, cell.Importing}},
		{"var runs where it stands", "var x = 1", []cell.Kind{cell.Instructing}},
		{"nothing", "", nil},
		{"space", " \n", []cell.Kind{cell.Blank}},
		{"raw string with a semicolon", "x := `;\n;`\ny", []cell.Kind{cell.Instructing, cell.Instructing}},
		{"what closes nothing", "x)\ny", []cell.Kind{cell.Instructing, cell.Instructing}},
	} {
		var got []cell.Kind
		for _, c := range cell.Split(test.code) {
			got = append(got, c.Kind)
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: %q: %v, want %v", test.why, test.code, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: %q: %v, want %v", test.why, test.code, got, test.want)
				break
			}
		}
	}
}

// FuzzSplit checks that the chunks are the cell, in order; that splitting a chunk again
// leaves it in one piece; and that a chunk that is a declaration is one for the parser too.
func FuzzSplit(f *testing.F) {
	for _, s := range livetest.Fragments {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		defer livetest.Watch(t, code)()
		var whole strings.Builder
		for _, all := range [][]cell.Chunk{cell.Split(code), cell.Chunks(code, cell.Lex(code), cell.BeginsLine(code))} {
			whole.Reset()
			at := 0
			for i, c := range all {
				if c.Start != at || c.End < c.Start {
					t.Fatalf("%q: chunk %d is from %d to %d, the one before ends at %d", code, i, c.Start, c.End, at)
				}
				if c.Kind == cell.Blank && i < len(all)-1 {
					t.Fatalf("%q: chunk %d is Blank", code, i)
				}
				at = c.End
				whole.WriteString(code[c.Start:c.End])
			}
			if whole.String() != code {
				t.Fatalf("%q: the chunks are %q", code, whole.String())
			}
		}
		for _, c := range cell.Split(code) {
			again := cell.Split(code[c.Start:c.End])
			if c.Kind != cell.Blank && (len(again) != 1 || again[0].Kind != c.Kind) {
				t.Fatalf("%q: chunk %q of kind %d is split into %v", code, code[c.Start:c.End], c.Kind, again)
			}
		}
		last := -1
		for _, l := range cell.Lex(code) {
			if l.At < last || l.End < l.At || l.End > len(code) {
				t.Fatalf("%q: token %s from %d to %d, the one before ends at %d", code, l.Tok, l.At, l.End, last)
			}
			last = l.End
		}
	})
}
