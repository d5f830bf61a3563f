package echarts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/npm"
)

func TestFindGiven(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.js")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	silent := func(s string) { t.Errorf("said %q", s) }
	s, err := Find(t.Context(), path, t.TempDir(), silent)
	if err != nil || string(s.Code) != "mine" {
		t.Errorf("got %+v, %v", s, err)
	}
	if _, err := Find(t.Context(), path+"x", t.TempDir(), silent); err == nil || !strings.Contains(err.Error(), "SDT_ECHARTS") {
		t.Errorf("a missing file: %v, want an error that names SDT_ECHARTS", err)
	}
}

// Without npm the report refers to the script, and the user is told.
func TestFindWithoutNPM(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var told []string
	s, err := Find(t.Context(), "", t.TempDir(), func(l string) { told = append(told, l) })
	if err != nil || s.Code != nil || s.URL != URL || len(told) != 1 || !strings.Contains(told[0], "need a network") {
		t.Errorf("got %+v, %v, told %q", s, err, told)
	}
}

// A cached script that is not the pinned one is fetched again.
func TestFindFetches(t *testing.T) {
	if !npm.Available() {
		t.Skip("npm is not on PATH")
	}
	cache := t.TempDir()
	if err := os.WriteFile(Path(cache), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	var told []string
	s, err := Find(t.Context(), "", cache, func(l string) { told = append(told, l) })
	if err != nil {
		t.Fatal(err)
	}
	if s.Code == nil {
		t.Skipf("npm does not reach its registry: %q", told)
	}
	if len(s.Code) < 1_000_000 || len(told) != 1 {
		t.Errorf("%d bytes, told %q", len(s.Code), told)
	}
	told = nil
	if s, err = Find(t.Context(), "", cache, func(l string) { told = append(told, l) }); err != nil || s.Code == nil || told != nil {
		t.Errorf("from the cache: %d bytes, %v, told %q", len(s.Code), err, told)
	}
	changed := pinned
	changed.Integrity = "sha512-AAAA"
	target := filepath.Join(cache, "x.js")
	if err := changed.Fetch(t.Context(), map[string]string{"dist/echarts.min.js": target}); err == nil || !strings.Contains(err.Error(), "it was changed") {
		t.Errorf("an archive with another sum: %v", err)
	}
	if _, err := os.Stat(target); err == nil {
		t.Error("it was unpacked nevertheless")
	}
	if err := pinned.Fetch(t.Context(), map[string]string{"dist/none.js": target}); err == nil || !strings.Contains(err.Error(), "1 of the 1 files") {
		t.Errorf("a file that is not in it: %v", err)
	}
}
