package backend

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFaster checks that a user who computes on pure Go, and has a faster back end, is told
// what to set, and that others are told nothing.
func TestFaster(t *testing.T) {
	home := t.TempDir()
	library := filepath.Join(home, ".local", "lib", "onnxruntime", "libonnxruntime.so.1")
	if err := os.MkdirAll(filepath.Dir(library), 0o755); err != nil {
		t.Fatal(err)
	}
	said := func(set string) string {
		return Faster(Where{Cache: t.TempDir()}, func(name string) string {
			return map[string]string{"HOME": home, "GOMLX_BACKEND": set}[name]
		})
	}
	if s := said(""); s != "" {
		t.Errorf("none is installed: %q", s)
	}
	if err := os.WriteFile(library, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	want := "computing on pure Go; the faster back end onnx is installed: export GOMLX_BACKEND=onnx:cpu ONNXRUNTIME_SHARED_LIBRARY_PATH=" + library
	if s := said(""); s != want {
		t.Errorf("%q, want %q", s, want)
	}
	if s := said("go"); s != "" {
		t.Errorf("one has been chosen: %q", s)
	}
}
