package sdt

import (
	"bytes"
	"cmp"
	"os"
	"strings"
	"testing"

	"github.com/gomlx/compute"

	"github.com/sdtlab/sdtlab/internal/measured"
	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// Tests compute in pure Go where no back end is set, not on the fastest of the machine.
func TestMain(m *testing.M) {
	os.Setenv("GOMLX_BACKEND", cmp.Or(os.Getenv("GOMLX_BACKEND"), "go"))
	m.Run()
}

// Where no back end is set, a lab resumes what is in its run directory on the back end that
// began it, though another one is faster here, and begins elsewhere on the faster one. Its first
// training says so, once.
func TestOpenResumesOnTheSameBackEnd(t *testing.T) {
	library := os.Getenv("ONNXRUNTIME_SHARED_LIBRARY_PATH")
	if library == "" {
		t.Skipf("%s: needs ONNX Runtime", t.Name())
	}
	data, err := measured.Times{Machine: measured.Machine(), BackEnds: []measured.BackEnd{
		{Name: "go", Environ: []string{"GOMLX_BACKEND=go"}, Images: 2, Features: 2},
		{Name: "onnx", Environ: []string{"GOMLX_BACKEND=onnx:cpu", "ONNXRUNTIME_SHARED_LIBRARY_PATH=" + library}, Images: 1, Features: 1},
	}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	cache, begun := t.TempDir(), t.TempDir()
	if err := os.WriteFile(measured.Path(cache), data, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SDT_CACHE", cache)
	config := quick(ConfusionOnly)
	config.PretrainSteps, config.AdaptSteps = 3, 2
	said := func(set, dir string) (name, text string) {
		t.Helper()
		t.Setenv(compute.ConfigEnvVar, set)
		lab, err := Open(dir, blobs(1, 4, 8, 2, false), config)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		lab.OnProgress = Bar(&b)
		source, err := lab.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := lab.Adapt(t.Context(), source, nil); err != nil {
			t.Fatal(err)
		}
		return BackendName(lab.backend), b.String()
	}
	for _, row := range []struct {
		why, set, dir, name string
		says                string // "": nothing
	}{
		{"begun in pure Go", "go", begun, backend.Go, ""},
		{"resumed", "", begun, backend.Go, ""}, // it is loaded, so nothing trains
		{"elsewhere", "", t.TempDir(), backend.ONNXRuntime, "computing on onnx, the fastest measured here (1000 ms a step on features, go 2000 ms)"},
		{"on another", "onnx", begun, backend.ONNXRuntime, "the results here are of the back end go: on onnx it trains anew"},
	} {
		name, text := said(row.set, row.dir)
		if name != row.name {
			t.Errorf("%s: on %s, want %s", row.why, name, row.name)
		}
		if row.says == "" && strings.Contains(text, "computing on") || strings.Count(text, row.says) != 1 && row.says != "" {
			t.Errorf("%s: it says\n%s\nwant, once, %q", row.why, text, row.says)
		}
	}
	config.AdaptSteps++ // another training, in the folder of both
	if name, text := said("", begun); name != backend.ONNXRuntime || strings.Contains(text, "as the results here") {
		t.Errorf("the newest results are of ONNX Runtime, the fastest: on %s\n%s", name, text)
	}
}
