package backend

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/compute"

	"github.com/sdtlab/sdtlab/internal/measured"
)

// keep makes the cache folder of the test hold the times of back ends.
func keep(t *testing.T, all ...measured.BackEnd) {
	t.Helper()
	data, err := measured.Times{Machine: measured.Machine(), BackEnds: all}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	if err := os.WriteFile(measured.Path(cache), data, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SDT_CACHE", cache)
	t.Setenv(compute.ConfigEnvVar, "")
	t.Setenv("ONNXRUNTIME_SHARED_LIBRARY_PATH", "")
}

// Where $GOMLX_BACKEND is not set, results are resumed on the back end that they are of; new
// ones are computed on the fastest that was measured and can be opened. What is said names it,
// and why.
func TestChoose(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "libonnxruntime.so")
	if err := os.WriteFile(broken, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	slow := measured.BackEnd{Name: "go", Environ: []string{"GOMLX_BACKEND=go"}, Images: 0.5, Features: 0.1}
	// As fast back ends there are only settings of pure Go, since no other is sure to be here.
	fast := measured.BackEnd{Name: "fast", Environ: []string{"GOMLX_BACKEND=go:parallelism=1"}, Images: 0.1, Features: 0.3}
	damaged := measured.BackEnd{Name: "onnx", Environ: []string{"GOMLX_BACKEND=onnx:cpu", "ONNXRUNTIME_SHARED_LIBRARY_PATH=" + broken}, Images: 0.01, Features: 0.01}
	for _, row := range []struct {
		why      string
		measured []measured.BackEnd
		set      string
		features bool
		before   []string
		says     []string // "": nothing
	}{
		{"nothing was measured", nil, "", false, nil, []string{"computing on pure Go; go run ./kernel doctor measures"}},
		{"the fastest on images", []measured.BackEnd{slow, fast}, "", false, nil, []string{"computing on fast, the fastest measured here (100 ms a step on images, go 500 ms)"}},
		{"the fastest on features", []measured.BackEnd{slow, fast}, "", true, nil, []string{"computing on go, the fastest measured here (100 ms a step on features, fast 300 ms)"}},
		{"the fastest is damaged", []measured.BackEnd{slow, fast, damaged}, "", false, nil, []string{"computing on fast, ", "; onnx cannot be used: "}},
		{"all are damaged", []measured.BackEnd{damaged}, "", false, nil, []string{"computing on pure Go; onnx cannot be used: "}},
		{"one that was deleted", []measured.BackEnd{slow, {Name: "onnx", Environ: []string{"GOMLX_BACKEND=onnx", "ONNXRUNTIME_SHARED_LIBRARY_PATH=" + broken + ".1"}, Images: 0.01, Features: 0.01}}, "", false, nil,
			[]string{"computing on go, the fastest measured here"}},
		{"results of a slower one", []measured.BackEnd{slow, fast}, "", false, []string{Go}, []string{"computing on go, as the results here; fast is faster: use another run directory, or set GOMLX_BACKEND=fast"}},
		{"results of one that is not here", []measured.BackEnd{slow, fast}, "", false, []string{"xla"}, []string{"the results here are of the back end xla-cuda, which is not here; computing on fast"}},
		{"results of the fastest", []measured.BackEnd{slow}, "", false, []string{Go}, nil},
		{"one that is set", []measured.BackEnd{slow, fast}, "go", false, nil, nil},
		{"one that is set, by its name", []measured.BackEnd{slow, fast}, "fast", false, nil, nil},
		{"one that is set, on its results", []measured.BackEnd{slow, fast}, "go", false, []string{"xla", Go}, nil},
		{"one that is set, on results of another", []measured.BackEnd{slow, fast}, "go", false, []string{"xla-cpu"}, []string{"the results here are of the back end xla-cpu: on go it trains anew"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			keep(t, row.measured...)
			t.Setenv(compute.ConfigEnvVar, row.set)
			b, why, err := Choose(!row.features, row.before)
			if err != nil || b == nil {
				t.Fatal(err)
			}
			if row.says == nil && why != "" {
				t.Errorf("it says %q", why)
			}
			for _, says := range row.says {
				if !strings.Contains(why, says) {
					t.Errorf("it says %q, want %q", why, says)
				}
			}
		})
	}
}

// Times that cannot be read, or are of another machine, are not used.
func TestTimesThatAreNotUsed(t *testing.T) {
	for why, text := range map[string]string{
		"damaged":            `{"machine": `,
		"of another machine": `{"machine": "abacus, 1 cores", "back_ends": [{"name": "fast", "environ": ["GOMLX_BACKEND=go"], "images": 1, "features": 1}]}`,
	} {
		keep(t)
		if err := os.WriteFile(measured.Path(os.Getenv("SDT_CACHE")), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, said, err := Choose(true, nil); err != nil || !strings.HasPrefix(said, "computing on pure Go; ") {
			t.Errorf("%s: %q, %v", why, said, err)
		}
	}
}
