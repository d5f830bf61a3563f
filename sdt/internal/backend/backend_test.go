package backend

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// TestSettingsThatCannotBe checks the message for a setting that names no back end.
func TestSettingsThatCannotBe(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "plugin.so")
	if err := os.WriteFile(text, []byte("not a library"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ONNXRUNTIME_SHARED_LIBRARY_PATH", "")
	t.Setenv("HOME", folder)
	const want, doctor = "want go, onnx:cpu or xla:/path/plugin.so", "go run ./kernel doctor shows what is installed"
	for _, row := range []struct{ why, config, says string }{
		{"a device", "cuda", want}, {"a device", "cpu", want}, {"a space", " go", want}, {"capitals", "GO", want}, {"another's name", "torch:cpu", want},
		{"options without a name", ":", want}, {"almost a name", "onnxfoo", want},
		{"no such file", "xla:/nope.so", "no such file: /nope.so: " + doctor},
		{"no such file, with options", "xla:/nope.so,tf32=false", "no such file: /nope.so: " + doctor},
		{"a folder", "xla:" + folder, folder + " is a folder, want the plugin's file: xla:/path/plugin.so"},
		{"from where the program runs", "xla:./plugin.so", "want the plugin's full path"},
		{"from where the program runs", "xla:plugin.so", "want the plugin's full path"},
		{"no library", "xla:" + text, doctor},
		{"no such option", "go:foo", doctor},
	} {
		t.Setenv(compute.ConfigEnvVar, row.config)
		b, _, err := Choose(true, nil)
		if says := fmt.Sprintf("GOMLX_BACKEND is %q: ", row.config); b != nil || err == nil || !strings.HasPrefix(err.Error(), says) || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v\nwant %s%s", row.why, err, says, row.says)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q has more than one line", row.why, err)
		}
	}
}

// Products that are all ready at once, many more than there are workers, finish, and give the
// same bits each time.
func TestProductsAtOnceDoNotLockUp(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: large products", t.Name())
	}
	for _, config := range []string{"", "go", "go:parallelism=1"} {
		t.Setenv(compute.ConfigEnvVar, config)
		backend, _, err := Choose(true, nil)
		if err != nil {
			t.Fatal(err)
		}
		products(t, config, backend)
	}
}

func products(t *testing.T, config string, backend compute.Backend) {
	exec, err := graph.NewExec(backend, func(x *graph.Node) *graph.Node {
		var sum *graph.Node
		for i := range 16 {
			product := graph.Dot(x, graph.AddScalar(graph.Transpose(x, 0, 1), float64(i))).Product()
			if sum == nil {
				sum = product
			} else {
				sum = graph.Add(sum, product)
			}
		}
		return sum
	})
	if err != nil {
		t.Fatal(err)
	}
	const side = 512
	flat := make([]float32, side*side)
	for i := range flat {
		flat[i] = float32(i%17) / 16
	}
	x := tensors.FromFlatDataAndDimensions(flat, side, side)
	done := make(chan bool)
	go func() {
		first := exec.MustCall(x)[0]
		for range 5 {
			if !exec.MustCall(x)[0].Equal(first) {
				t.Errorf("%q: the same products give other bits", config)
			}
		}
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Minute):
		t.Fatalf("%q: after five minutes the products have not ended", config)
	}
}

// plugin is a back end of XLA, as far as its name goes.
type plugin struct {
	compute.Backend
	path string
}

func (plugin) Name() string         { return "xla" }
func (p plugin) PluginName() string { return p.path }

// Results on XLA's CPU are not those on its GPU, even from one folder of plugins.
func TestIdentify(t *testing.T) {
	goBackend, err := Of("go")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		b    compute.Backend
		want string
	}{
		{goBackend, Go},
		{plugin{path: "cpu"}, "xla-cpu"},
		{plugin{path: "/opt/cuda/pjrt_c_api_cpu_plugin.so"}, "xla-cpu"},
		{plugin{path: "cuda"}, "xla"},
		{plugin{path: "/opt/cpu/xla_cuda_plugin.so"}, "xla"},
	} {
		if got := Identify(row.b); got != row.want {
			t.Errorf("%v: %q, want %q", row.b, got, row.want)
		}
	}
}
