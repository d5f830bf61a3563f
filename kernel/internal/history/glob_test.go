package history

import "testing"

// The answers are those of SQLite 3.40.1 to SELECT text GLOB pattern.
func TestGlob(t *testing.T) {
	for _, row := range []struct {
		why, pattern, text string
		want               bool
	}{
		{"no text", "*", "", true},
		{"lines", "*", "a\nb", true},
		{"some text", "a*c", "abbc", true},
		{"none", "a*c", "ac", true},
		{"more behind", "a*c", "acd", false},
		{"several", "*a*b*", "xaxxbx", true},
		{"the first a is not the one", "*ab", "aab", true},
		{"one character, however long", "a?c", "a𝔾c", true},
		{"none", "a?c", "ac", false},
		{"a line's end", "?", "\n", true},
		{"case", "A", "a", false},
		{"no regular expression", "a.c", "abc", false},
		{"the whole text", "plot", "x.plot()", false},
		{"the part", "*plot*", "x.plot()", true},
		{"nothing", "", "", true},
		{"nothing", "", "a", false},
		{"in", "[abc]", "b", true},
		{"out", "[abc]", "d", false},
		{"not in", "[^abc]", "d", true},
		{"in", "[^abc]", "b", false},
		{"a range", "[a-c]x", "bx", true},
		{"a range beyond ASCII", "[é-ü]", "ö", true},
		{"a bracket first", "[]]", "]", true},
		{"a bracket first", "[^]]", "]", false},
		{"a bracket first", "[^]]", "x", true},
		{"a bracket begins no range", "[]-a]", "^", false},
		{"never closed", "[a", "[a", false},
		{"never closed", "[a", "a", false},
		{"never closed", "[]", "[]", false},
		{"never closed", "[^", "[^", false},
		{"never closed", "*[", "x[", false},
		{"the wrong way round", "[z-a]", "m", false},
		{"but its first is one", "[z-a]", "z", true},
		{"a minus last", "[a-]", "-", true},
		{"a minus first", "[-a]", "-", true},
		{"a minus after a range", "[a-c-e]", "d", false},
		{"a minus after a range", "[a-c-e]", "-", true},
		{"no escapes", "[\\]", "\\", true},
		{"a bracket inside", "[[]", "[", true},
		{"a roof inside", "[^^]", "^", false},
		{"a roof inside", "[a^]", "^", true},
		{"no escapes", "\\d", "\\d", true},
	} {
		if got := glob(row.pattern, row.text); got != row.want {
			t.Errorf("%s: %q GLOB %q is %t, want %t", row.why, row.text, row.pattern, got, row.want)
		}
	}
}
