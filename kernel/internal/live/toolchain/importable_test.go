package toolchain

import "testing"

// TestRefusal checks which internal packages a program at the root of a module may import,
// and that none may import a program, or an invalid import path.
func TestRefusal(t *testing.T) {
	for _, c := range []struct {
		module, path string
		may          bool
	}{
		{"example.com/a", "example.com/a/internal", true},
		{"example.com/a", "example.com/a/internal/b/c", true},
		{"example.com/a", "example.com/a/b/internal/c", false},
		{"example.com/a", "example.com/ab/internal/c", false},
		{"example.com/ab", "example.com/a/internal/c", false},
		{"example.com/a/b", "example.com/a/internal/c", true},
		{"example.com/a", "example.com/a/internal/b/internal/c", false},
		{"example.com/a", "example.com/a/internals/b", true},
		{"", "example.com/a/internal/b", false},
		{"internal.com/a", "internal.com/b", true},
	} {
		b := &Base{module: c.module}
		if err := b.Refusal(c.path); (err == nil) != c.may {
			t.Errorf("%s in module %s: %v", c.path, c.module, err)
		}
	}
	b := &Base{programs: map[string]bool{"example.com/a/cmd": true}}
	if err := b.Refusal("example.com/a/cmd"); err == nil || err.Error() != `import "example.com/a/cmd" is a program, not an importable package` {
		t.Errorf("a program: %v", err)
	}
	for path, want := range map[string]string{
		"fmt/":         `malformed import path "fmt/": trailing slash`,
		"strings//":    `malformed import path "strings//": double slash`,
		"math/../math": `malformed import path "math/../math": invalid path element ".."`,
		"a/b c":        `malformed import path "a/b c": invalid char ' '`,
	} {
		if err := b.Refusal(path); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	for _, path := range []string{"fmt", "unsafe", "golang.org/x/text/unicode/norm", "example.com/a.v2"} {
		if err := b.Refusal(path); err != nil {
			t.Error(err)
		}
	}
}
