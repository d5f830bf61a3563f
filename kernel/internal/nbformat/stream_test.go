package nbformat

import "testing"

func TestCollapse(t *testing.T) {
	for _, row := range []struct{ name, in, want string }{
		{"nothing to do", "a\nb\n", "a\nb\n"},
		{"a bar redraws its line", "\r10%\r20%\r100%\ndone\n", "100%\ndone\n"},
		{"a shorter text leaves the rest, as on a terminal", "abcdef\rXY\n", "XYcdef\n"},
		{"a bar wiped with spaces is gone", "\r50% |###  |\r            \rdone\n", "done\n"},
		{"Windows line ends", "a\r\nb\r\n", "a\nb\n"},
		{"coloured text replaces the line", "plain long\r\x1b[31mred\x1b[0m\n", "\x1b[31mred\x1b[0m\n"},
		{"backspace", "abc\b\bX\n", "aX\n"},
		{"backspace at the start", "\b\ba", "a"},
		{"return at the very end", "50%\r", "50%"},
		{"letters of several bytes", "äöü\rx\n", "xöü\n"},
	} {
		got := Collapse(row.in)
		if got != row.want {
			t.Errorf("%s: Collapse(%q) = %q, want %q", row.name, row.in, got, row.want)
		}
		if again := Collapse(got); again != got {
			t.Errorf("%s: a second Collapse changes %q to %q", row.name, got, again)
		}
	}
}

// A stream may be split anywhere; what is shown must not depend on where.
func FuzzAppend(f *testing.F) {
	f.Add("\r10% of x\r20%\nnext\r\n\rab\rc", 3, 9)
	f.Add("abc\b\bX\ry", 4, 5)
	f.Add("\x1b[31mred\x1b[0m\rplain", 2, 12)
	f.Fuzz(func(t *testing.T, s string, i, j int) {
		n := len(s) + 1
		i, j = ((i%n)+n)%n, ((j%n)+n)%n
		i, j = min(i, j), max(i, j)
		whole := Collapse(Append("", s))
		pieces := Collapse(Append(Append(Append("", s[:i]), s[i:j]), s[j:]))
		if whole != pieces {
			t.Errorf("%q cut at %d and %d: %q, whole %q", s, i, j, pieces, whole)
		}
		if direct := Collapse(s); direct != whole {
			t.Errorf("%q: Append then Collapse %q, Collapse %q", s, whole, direct)
		}
	})
}

func TestAppendStaysShortUnderABar(t *testing.T) {
	text := ""
	for range 10_000 {
		text = Append(text, "\rstep of many, loss 0.123")
	}
	if len(text) > 100 {
		t.Errorf("10,000 redraws take %d bytes", len(text))
	}
}
