package backend

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sdtlab/sdtlab/internal/measured"
)

// A user who has a back end that was never measured is told how to, and others are told
// nothing.
func TestUnmeasured(t *testing.T) {
	home := t.TempDir()
	w := Where{Cache: t.TempDir()}
	library := filepath.Join(home, ".local", "lib", "onnxruntime", "libonnxruntime.so.1")
	if err := os.MkdirAll(filepath.Dir(library), 0o755); err != nil {
		t.Fatal(err)
	}
	said := func(set string) string {
		return Unmeasured(w, func(name string) string {
			return map[string]string{"HOME": home, "GOMLX_BACKEND": set}[name]
		})
	}
	if s := said(""); s != "" {
		t.Errorf("none is installed: %q", s)
	}
	if err := os.WriteFile(library, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	want := "installed, but not measured here: onnx; go run ./kernel doctor measures it, and the fastest back end is used from then on"
	if s := said(""); s != want {
		t.Errorf("%q, want %q", s, want)
	}
	if s := said("go"); s != "" {
		t.Errorf("one has been chosen: %q", s)
	}
	if err := Keep(w, []measured.BackEnd{{Name: "onnx", Environ: onnxSetting(library).Environ(), Images: 1, Features: 1}}); err != nil {
		t.Fatal(err)
	}
	if s := said(""); s != "" {
		t.Errorf("it was measured: %q", s)
	}
	if err := os.WriteFile(measured.Path(w.Cache), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if s := said(""); s == "" {
		t.Error("the file is damaged, and nothing says so")
	}
}
