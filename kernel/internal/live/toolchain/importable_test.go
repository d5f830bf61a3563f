package toolchain

import "testing"

// TestRefusal checks which internal packages a program at the root of a module may import,
// and that none may import a program.
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
}
