// Package backendtest has what tests of graphs share: the available back ends, and the
// values, gradients and differences of a graph.
package backendtest

import (
	"os"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// All returns every available back end, by a short name: the pure Go one and the one that
// $GOMLX_BACKEND names; or, if it names none, ONNX Runtime if its library is given, and XLA if
// $SDT_TEST_XLA has its setting, "xla:/path/plugin.so".
func All(t testing.TB) map[string]compute.Backend {
	t.Helper()
	configs := map[string]string{"go": "go"}
	if c := os.Getenv(compute.ConfigEnvVar); c != "" && c != "go" {
		configs[c] = c
	} else {
		if os.Getenv("ONNXRUNTIME_SHARED_LIBRARY_PATH") != "" {
			configs["onnx:cpu"] = "onnx:cpu"
		}
		if c := os.Getenv("SDT_TEST_XLA"); c != "" {
			configs["xla"] = c
		}
	}
	all := map[string]compute.Backend{}
	for name, config := range configs {
		b, err := backend.Of(config)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = b
	}
	return all
}

// Go returns a pure Go back end.
func Go(t testing.TB) compute.Backend {
	t.Helper()
	b, err := backend.Of("go")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Local returns the arguments with tensors copied, since a tensor belongs to the back end
// that first used it.
func Local(t testing.TB, args []any) []any {
	t.Helper()
	out := append([]any(nil), args...)
	for i, a := range out {
		if x, ok := a.(*tensors.Tensor); ok {
			var err error
			if out[i], err = x.LocalClone(); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// Number runs a graph with the given inputs that ends in one scalar.
func Number(t testing.TB, b compute.Backend, f func(in []*graph.Node) *graph.Node, args ...any) float64 {
	t.Helper()
	out, err := graph.CallOnce(b, f, Local(t, args)...)
	if err != nil {
		t.Fatal(err)
	}
	switch v := out.Value().(type) {
	case float32:
		return float64(v)
	case float64:
		return v
	}
	t.Fatalf("the graph gives %s, want a scalar", out.Shape())
	return 0
}

// Gradient returns the gradient of f with respect to its first input, flat.
func Gradient(t testing.TB, b compute.Backend, f func(in []*graph.Node) *graph.Node, args ...any) []float64 {
	t.Helper()
	out, err := graph.CallOnce(b, func(in []*graph.Node) *graph.Node { return graph.Gradient(f(in), in[0])[0] }, Local(t, args)...)
	if err != nil {
		t.Fatal(err)
	}
	flat, err := tensors.CopyFlatData[float64](out)
	if err != nil {
		t.Fatal(err)
	}
	return flat
}

// CentralDifferences returns (f(x+h) − f(x−h)) / 2h for each number of f's first
// input, float64.
func CentralDifferences(t testing.TB, b compute.Backend, f func(in []*graph.Node) *graph.Node, x *tensors.Tensor, rest ...any) []float64 {
	t.Helper()
	rest = Local(t, rest)
	exec, err := graph.NewExec(b, f)
	if err != nil {
		t.Fatal(err)
	}
	const h = 1e-5
	flat, err := tensors.CopyFlatData[float64](x)
	if err != nil {
		t.Fatal(err)
	}
	at := func(i int, delta float64) float64 {
		moved := append([]float64(nil), flat...)
		moved[i] += delta
		out, err := exec.Call(append([]any{tensors.FromFlatDataAndDimensions(moved, x.Shape().Dimensions...)}, rest...)...)
		if err != nil {
			t.Fatal(err)
		}
		return tensors.ToScalar[float64](out[0])
	}
	d := make([]float64, len(flat))
	for i := range d {
		d[i] = (at(i, h) - at(i, -h)) / (2 * h)
	}
	return d
}
