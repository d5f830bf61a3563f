package plots

import (
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
)

func TestVisible(t *testing.T) {
	for _, row := range []struct{ text, want, why string }{
		{"mug, 日本語, שלום, 🏳️‍🌈, e\u0301", "mug, 日本語, שלום, 🏳️‍🌈, e\u0301", "what can be seen stays"},
		{"a\nb\tc\x00\x1b[31m\x7f", "a␊b␉c␀␛[31m␡", "control characters are their pictures"},
		{"a\u0085\u009b", "a��", "C1 has no pictures, and is the beginning of an escape sequence"},
		{"a\u2028b\u2029", "a␤b␤", "separators break lines where JSON and a table do not expect it"},
		{"\xff\xed\xa0\x80é", "����é", "a byte, and a lone surrogate's three, that are not UTF-8"},
		{"a\u202eb\u202a", "a�b�", "an override would write what follows backwards"},
		{"\u2068כ\u2069 1\u200e", "\u2068כ\u2069 1\u200e", "our own marks, and marks that turn nothing, stay"},
	} {
		if got := visible(row.text); got != row.want {
			t.Errorf("visible(%q) = %q want %q: %s", row.text, got, row.want, row.why)
		}
	}
}

func TestIsolate(t *testing.T) {
	for _, row := range []struct{ name, want, why string }{
		{"mug (2)", "mug (2)", "nothing to turn"},
		{"שלום", "\u2068שלום\u2069", "Hebrew"},
		{"my كوب", "\u2068my كوب\u2069", "Arabic, not at the beginning"},
		{"𞤀", "\u2068𞤀\u2069", "Adlam, beyond the first plane"},
		{"٣", "\u2068٣\u2069", "an Arabic digit turns those beside it"},
		{"a\u2069b", "a�b", "would end an isolation that it stands in"},
		{"\u2067כ", "\u2068�כ\u2069", "would begin one that our own mark ends"},
		{"\u2069a\u2068", "�a�", "as many of either, but none is the other's end"},
		{"\u2068כ\u2069 on a", "\u2068\u2068כ\u2069 on a\u2069", "a name that is made of such"},
	} {
		if got := isolate(row.name); got != row.want {
			t.Errorf("isolate(%q) = %q want %q: %s", row.name, got, row.want, row.why)
		}
	}
}

func TestDistinct(t *testing.T) {
	for _, row := range []struct{ names, want []string }{
		{[]string{"a", "b", "a", "a"}, []string{"a", "b", "a (2)", "a (3)"}},
		{[]string{"a", "a", "a (2)"}, []string{"a", "a (2)", "a (2) (2)"}}, // not the same name twice
		{[]string{"a (2)", "a", "a"}, []string{"a (2)", "a", "a (3)"}},
		{[]string{"כ", "כ"}, []string{"כ", "\u2068כ\u2069 (2)"}},
		{[]string{"\u2068כ\u2069 on a", "\u2068כ\u2069 on a"}, []string{"\u2068כ\u2069 on a", "\u2068\u2068כ\u2069 on a\u2069 (2)"}},
	} {
		if got := distinct(row.names); !slices.Equal(got, row.want) {
			t.Errorf("distinct(%q) = %q want %q", row.names, got, row.want)
		}
	}
}

// In a terminal a row is a line, and columns are aligned by the width that characters have there.
func TestTableText(t *testing.T) {
	text := Table{Caption: "c\x1b[31m", Head: []string{"class", "n"}, Rows: [][]string{{"two\nlines", "1"}, {"日本", "22"}, {"e\u0301\u0301", "3"}, {"🏳️‍🌈", "4"}}}.String()
	want := "c␛[31m\nclass       n\n─────────────\ntwo␊lines   1\n日本       22\ne\u0301\u0301           3\n🏳️‍🌈          4\n"
	if text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

// The estimate of a name's width is not below its width in DejaVu Sans (74 px for "headphones" at
// 12 px), nor far above; marks that have no width do not count.
func TestTextWidth(t *testing.T) {
	for _, row := range []struct {
		text   string
		lo, hi int
	}{
		{"headphones", 74, 80}, {"WWWWW", 60, 64}, {"iiiii", 17, 20}, {"e\u0301\u200b", 8, 9}, {"日本", 24, 29}, {"", 0, 0},
	} {
		if got := textWidth(row.text); got < row.lo || got > row.hi {
			t.Errorf("textWidth(%q) = %d want %d … %d", row.text, got, row.lo, row.hi)
		}
	}
	texts, lines := wrapped([]string{"mug", strings.Repeat("word ", 100)}, 96)
	if texts[0] != "mug" || lines > mostLines || lines < mostLines-1 || !strings.HasSuffix(texts[1], "…") {
		t.Errorf("wrapped gives %q in %d lines, want the second cut to at most %d", texts, lines, mostLines)
	}
}

// The eighth of several bars of one method repeats a colour, and looks different.
func TestColoursGoRound(t *testing.T) {
	colours := methodColours(make([]sdt.Method, 9))
	if !slices.Equal(colours[:2], colours[7:]) || len(slices.Compact(slices.Sorted(slices.Values(colours)))) != len(cycle) {
		t.Errorf("the colours of nine are %q, want all %d before one comes again", colours, len(cycle))
	}
}
