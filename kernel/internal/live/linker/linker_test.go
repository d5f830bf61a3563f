package linker

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFind checks which linker is used of those that are here.
func TestFind(t *testing.T) {
	for _, c := range []struct {
		here   []string
		chosen string
		want   string
		err    string
	}{
		{[]string{"ld.mold", "ld.lld", "ld.bfd"}, "", "mold", ""},
		{[]string{"ld.lld", "ld.bfd"}, "", "lld", ""},
		{[]string{"ld.bfd"}, "", "bfd", ""},
		{nil, "", "", ""},
		{[]string{"ld.mold", "ld.lld", "ld.bfd"}, "lld", "lld", ""},
		{[]string{"ld.mold", "ld.bfd"}, "bfd", "bfd", ""},
		{[]string{"ld.mold"}, "gold", "", "SDT_LINKER=gold: cells are linked by mold, lld or bfd"},
		{[]string{"ld.bfd"}, "mold", "", "SDT_LINKER=mold: there is no ld.mold in PATH: install it, or unset SDT_LINKER"},
	} {
		dir := t.TempDir()
		for _, name := range c.here {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv("PATH", dir)
		l, err := Find([]string{"SDT_LINKER=before", Variable + "=" + c.chosen})
		if l.Name != c.want || err == nil && c.err != "" || err != nil && err.Error() != c.err {
			t.Errorf("of %v, %q chosen: %v, %v; want %q, %q", c.here, c.chosen, l, err, c.want, c.err)
		}
		if want := " -fuse-ld=" + c.want; c.want != "" && (l.Flag() != want || l.Path != filepath.Join(dir, "ld."+c.want)) {
			t.Errorf("%v has %q", l, l.Flag())
		}
	}
	if l := (Linker{}); l.Flag() != "" {
		t.Errorf("the C compiler's own has %q", l.Flag())
	}
}
