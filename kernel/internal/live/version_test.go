package live

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOtherGo checks the error if the Go version is not the one with known tables.
func TestOtherGo(t *testing.T) {
	dir := t.TempDir()
	said := "#!/bin/sh\nprintf '/tools\\n/bin/sh\\n/go\\ngo1.27.1 X:simd\\n'\n"
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(said), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	_, err := Build(t.Context(), t.TempDir(), t.TempDir(), os.Environ(), nil, nil)
	if want := "they need Go 1.26, this is go1.27.1"; !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), want) {
		t.Errorf("says %v, want %q", err, want)
	}
}

// TestOtherRuntime makes a cell change what the process takes for its runtime's version: it
// then loads no more cells, says why, and keeps its values.
func TestOtherRuntime(t *testing.T) {
	l := newTester(t)
	library := l.base.Library()
	l.want(fmt.Sprintf(`f, err := elf.Open(%q)
symbols, err := f.Symbols()
maps, err := os.ReadFile("/proc/self/maps")
var begin uintptr
for line := range strings.Lines(string(maps)) {
	if strings.Contains(line, %[1]q) {
		fmt.Sscanf(line, "%%x-", &begin)
		break
	}
}
for _, s := range symbols {
	if s.Name == "runtime.buildVersion" {
		*(*string)(unsafe.Pointer(begin + uintptr(s.Value))) = "go1.27"
	}
}
runtime.Version()`, library), `Out: "go1.27"`)
	for range 2 {
		if _, err := l.run("1"); err == nil || err.Error() != "load: cells cannot be loaded: they need Go 1.26; this is go1.27" {
			t.Errorf("says %v", err)
		}
	}
	if variables, _, err := l.Who(); err != nil || len(variables) == 0 {
		t.Errorf("left: %v, %v", variables, err)
	}
}
