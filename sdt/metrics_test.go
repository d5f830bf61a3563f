package sdt

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// named returns a run of one class, with that name for the class and for the directory.
func named(name string) Run {
	return Run{Dir: name, Stages: []Stage{{Evaluation: &Evaluation{Classes: []string{name}, Labels: []int32{0}, Predictions: []int32{0}}}}}
}

// csvNames returns the names of the directory and of the class in the output of WriteCSV, which
// must have ten fields on each line.
func csvNames(t *testing.T, name string) (dir, class string) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteCSV(&b, named(name)); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(lines) != 5 { // the heads, accuracy, mean, images of the class, its accuracy
		t.Fatalf("%q: %v, lines %q, want 5", name, err, lines)
	}
	return lines[4][1], lines[4][6]
}

func TestMetricsNames(t *testing.T) {
	for _, row := range []struct{ name, csv, json, why string }{
		{`back, "pack"`, `back, "pack"`, `back, "pack"`, "commas and quotes are within quotes"},
		{"two\nlines", "two\nlines", "two\nlines", "so are lines"},
		{"كوب \u2028 日本 🏳️‍🌈", "كوب \u2028 日本 🏳️‍🌈", "كوب \u2028 日本 🏳️‍🌈", "what is UTF-8 stays"},
		{"a\xffb\xed\xa0\x80", "a\uFFFDb\uFFFD", "a\uFFFDb\uFFFD\uFFFD\uFFFD", "a file of names that are not UTF-8 cannot be read"},
		{"a\x00b", "a\uFFFDb", "a\x00b", "readers of CSV stop at NUL"},
		{"=1+1", "'=1+1", "=1+1", "a spreadsheet would write 2"},
		{`=HYPERLINK("x")`, `'=HYPERLINK("x")`, `=HYPERLINK("x")`, "or worse"},
		{"+mug", "'+mug", "+mug", "also a formula"},
		{"-mug", "'-mug", "-mug", "also a formula"},
		{"@mug", "'@mug", "@mug", "also a formula"},
		{"\t=1", "'\t=1", "\t=1", "what is before it is taken away"},
		{"-1", "-1", "-1", "classes may be called −1 and 1; a number is none"},
		{"+1", "+1", "+1", "the same"},
		{"-Inf", "'-Inf", "-Inf", "a number to Go, but to no spreadsheet"},
		{"a=1", "a=1", "a=1", "not at the beginning"},
		{"", "", "", "nothing to begin with"},
	} {
		if dir, class := csvNames(t, row.name); dir != row.csv || class != row.csv {
			t.Errorf("%q in CSV: directory %q and class %q, want %q: %s", row.name, dir, class, row.csv, row.why)
		}
		var b bytes.Buffer
		if err := WriteJSON(&b, named(row.name)); err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(b.Bytes()) || strings.ContainsAny(b.String(), "<>&\u2028\u2029") {
			t.Errorf("%q in JSON has what a <script> would not take: %s", row.name, b.String())
		}
		var runs []Run
		if err := json.Unmarshal(b.Bytes(), &runs); err != nil || runs[0].Dir != row.json || runs[0].Stages[0].Evaluation.Classes[0] != row.json {
			t.Errorf("%q in JSON is %q want %q (%v)", row.name, runs[0].Dir, row.json, err)
		}
	}
}

// Whatever a name is, it stays in its field: reading returns what was written, except for the
// changes that csvName makes.
func FuzzMetricsNames(f *testing.F) {
	for _, name := range []string{"mug", "=a", "a\r\nb", "\"", "\xff\x00", "'", "-1e9", "-Inf", "\ufeff"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		want := strings.ReplaceAll(csvName(name), "\r\n", "\n") // as Go's reader returns it
		if dir, class := csvNames(t, name); dir != want || class != want {
			t.Errorf("%q is read as %q and %q, want %q", name, dir, class, want)
		}
		if bare := strings.TrimPrefix(want, "'"); strings.ToValidUTF8(strings.ReplaceAll(strings.ReplaceAll(name, "\r\n", "\n"), "\x00", "\uFFFD"), "\uFFFD") != bare && !strings.HasPrefix(name, "'") {
			t.Errorf("%q has become %q", name, want)
		}
	})
}
