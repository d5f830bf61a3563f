package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDoctorLinker checks what doctor reports about the linker of cells.
func TestDoctorLinker(t *testing.T) {
	for _, c := range []struct {
		here, chosen string
		ok           bool
		want         string
	}{
		{"ld.mold", "", true, "mold at "},
		{"ld.bfd", "", true, "bfd at "},
		{"", "", true, "the C compiler's"},
		{"ld.bfd", "bfd", true, "ld.bfd, from SDT_LINKER"},
		{"ld.bfd", "gold", false, "SDT_LINKER=gold: set it to bfd, mold or lld"},
		{"ld.bfd", "lld", false, "SDT_LINKER=lld: no ld.lld in PATH"},
	} {
		dir := t.TempDir()
		if c.here != "" {
			if err := os.WriteFile(filepath.Join(dir, c.here), nil, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv("PATH", dir)
		f := cellLinker([]string{"SDT_LINKER=" + c.chosen})
		var line strings.Builder
		f.write(&line)
		if f.here != c.ok || !strings.Contains(line.String(), c.want) {
			t.Errorf("with %s, %q chosen: %s, want %s", c.here, c.chosen, line.String(), c.want)
		}
	}
}
