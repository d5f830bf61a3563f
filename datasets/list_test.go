package datasets

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestListsOfAllForms(t *testing.T) {
	for _, row := range []struct{ text, want, why string }{
		{"webcam/images/mug/frame_0001.jpg 17\nwebcam/images/pen/a.jpg 0\n", "1 webcam/images/mug/frame_0001.jpg 17|2 webcam/images/pen/a.jpg 0", "as published"},
		{"a/b.jpg 1", "1 a/b.jpg 1", "no end of line"},
		{"\ufeffa/b.jpg 1\r\n\r\n  \t\na/c.jpg\t2 \r\n", "1 a/b.jpg 1|4 a/c.jpg 2", "a mark, Windows' line ends, blank lines, a tab"},
		{"desk lamp/my  lamp 3.jpg 4\n", "1 desk lamp/my  lamp 3.jpg 4", "spaces in the path stay"},
		{"a/b.jpg   5\n", "1 a/b.jpg 5", "several spaces between"},
		{"a\\b\\c.jpg 1\n", "1 a/b/c.jpg 1", `"\" of Windows`},
		{"./a//b.jpg 1\n", "1 a/b.jpg 1", "the cleaned path"},
		{"a/日本\u00a0x.jpg 1\n", "1 a/日本\u00a0x.jpg 1", "letters of all scripts"},
		{"a/b.jpg\u30001\n", "1 a/b.jpg 1", "a wide space"},
		{"a/b..c.jpg 007\n", "1 a/b..c.jpg 7", "two points in a name, zeros in front"},
		{"", "", "nothing"},
	} {
		lines, err := parseList("L", []byte(row.text))
		var got []string
		for _, l := range lines {
			got = append(got, fmt.Sprint(l.line, " ", l.name, " ", l.label))
		}
		if strings.Join(got, "|") != row.want || err != nil {
			t.Errorf("%s: %q gives %q, %v; want %q", row.why, row.text, got, err, row.want)
		}
	}
}

func TestWrongListsNameTheLine(t *testing.T) {
	for _, row := range []struct{ line, want string }{
		{"a/b.jpg", "want PATH LABEL"},
		{"17", "want PATH LABEL"},
		{"a/b.jpg -1", `"-1" is not a label`},
		{"a/b.jpg +1", `"+1" is not a label`},
		{"a/b.jpg 1.0", `"1.0" is not a label`},
		{"a/b.jpg 0x1", `"0x1" is not a label`},
		{"a/b.jpg one", `"one" is not a label`},
		{"a/b.jpg ١", `is not a label`}, // Arabic-Indic one
		{"a/b.jpg 65536", "from 0 to 65535"},
		{"a/b.jpg 99999999999999999999", "is not a label"},
		{"a/b.jpg,1", "want PATH LABEL"},
		{"../a/b.jpg 1", `has ".."`},
		{"x/../../a/b.jpg 1", `has ".."`},
		{"x/../a/b.jpg 1", `has ".."`},
		{`x\..\..\a\b.jpg 1`, `has ".."`},
		{"/etc/a/b.jpg 1", "is absolute"},
		{`C:\a\b.jpg 1`, "is absolute"},
		{"c:a/b.jpg 1", "is absolute"},
		{`\\server\a\b.jpg 1`, "is absolute"},
		{"b.jpg 1", "want CLASS/FILE"},
		{"./b.jpg 1", "want CLASS/FILE"},
		{"a/b/ 1", "want CLASS/FILE"},
		{". 1", "want CLASS/FILE"},
		{"a/b\x00.jpg 1", "control character"},
		{"a/b\rc.jpg 1", "control character"}, // the line ends of an old Mac
		{"a/b\xff.jpg 1", "not UTF-8"},
		{"a/first.jpg 0", "listed twice, first in line 1"},
		{`.\a\first.jpg 3`, "listed twice, first in line 1"},
	} {
		_, err := parseList("dir/L.txt", []byte("a/first.jpg 0\n\n"+row.line+"\n"))
		if err == nil || !strings.HasPrefix(err.Error(), "dir/L.txt:3: ") || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%q: %v; want dir/L.txt:3: … %s", row.line, err, row.want)
		}
	}
	for _, mark := range []string{"\xff\xfe", "\xfe\xff"} {
		if _, err := parseList("L", []byte(mark+"a\x00")); err == nil || !strings.Contains(err.Error(), "L: it is UTF-16") {
			t.Errorf("UTF-16: %v", err)
		}
	}
}

// What the parser accepts is a path below the root with a class folder, once, and the same
// lines come out of what they were written as.
func FuzzList(f *testing.F) {
	for _, text := range []string{"a/b.jpg 1\n", "\ufeffa b/c d.jpg\t1\r\n", `a\..\b.jpg 1`, "../a/b 0", "a/./b 3\na//b 3", "a/b 1\n\n c/d 2 \r\n", "C:a/b 1", "a/b\u3000 1", "/ 1", "\xff\xfea"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := parseList("L", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "L:") {
				t.Fatalf("error %q does not name the list", err)
			}
			return
		}
		var text strings.Builder
		for _, l := range lines {
			parts := strings.Split(l.name, "/")
			if path.IsAbs(l.name) || len(parts) < 2 || slices.Contains(parts, "..") || slices.Contains(parts, "") || strings.ContainsFunc(l.name, unicode.IsControl) || l.label < 0 || l.class() != parts[len(parts)-2] {
				t.Fatalf("%q was read as %q, label %d, class %q", data, l.name, l.label, l.class())
			}
			fmt.Fprintf(&text, "%s %d\n", l.name, l.label)
		}
		again, err := parseList("L", []byte(text.String()))
		if err != nil || len(again) != len(lines) {
			t.Fatalf("%q gives %q, which gives %d lines, %v", data, text.String(), len(again), err)
		}
		for i := range again {
			if again[i].name != lines[i].name || again[i].label != lines[i].label {
				t.Fatalf("%q gives %v, written again %v", data, lines[i], again[i])
			}
		}
	})
}
