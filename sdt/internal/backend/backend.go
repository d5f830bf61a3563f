package backend

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend" // the pure Go back end, always there
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// Of returns the back end of one setting, "name" or "name:options": the pure Go one for "".
// It downloads nothing.
func Of(config string) (compute.Backend, error) {
	backend, err := open(config)
	if err != nil {
		return nil, fmt.Errorf("back end %q: %w", config, err)
	}
	return backend, nil
}

func open(config string) (backend compute.Backend, err error) {
	if config == "" {
		config = "go"
	}
	config = measuredAs(config)
	name, options, _ := strings.Cut(config, ":")
	switch {
	case name == "go" && !strings.Contains(options, "ops_"):
		// One operation at a time, each on all cores. If GoMLX ran as many products at once as it
		// has workers, each would wait for the others' workers forever.
		config = "go:ops_sequential," + options
	case slices.Contains(onnxNames, name):
		err = checkONNX()
	case slices.Contains(xlaNames, name):
		err = checkXLA(options)
	case !slices.Contains(compute.List(), name):
		err = errors.New("want go, onnx:cpu or xla:/path/plugin.so")
	}
	if err != nil {
		return nil, err
	}
	if caught := exceptions.TryCatch[error](func() { backend, err = compute.NewWithConfig(config) }); caught != nil {
		err = caught
	}
	if err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("%s: %s", reason, doctor)
	}
	return backend, nil
}

const doctor = "go run ./kernel doctor shows what is installed"

// GoMLX's names for the back ends that are not always available.
var onnxNames, xlaNames = []string{"onnx", "onnxruntime"}, []string{"xla", "stablehlo", "hlo", "shlo"}

// checkXLA returns an error if the plugin does not exist or is not given by its full path, or
// if this program was built without the back end.
func checkXLA(options string) error {
	plugin, _, _ := strings.Cut(options, ",")
	info, err := os.Stat(plugin)
	switch {
	case !slices.Contains(compute.List(), xlaNames[0]):
		return errNotBuilt
	case plugin != "" && !filepath.IsAbs(plugin) && (err == nil || strings.Contains(plugin, "/") || strings.HasSuffix(plugin, ".so")):
		return errors.New("want the plugin's full path:  xla:/path/plugin.so")
	case !filepath.IsAbs(plugin): // a name that GoMLX looks up
		return nil
	case err != nil:
		return fmt.Errorf("no such file: %s: %s", plugin, doctor)
	case info.IsDir():
		return fmt.Errorf("%s is a folder, want the plugin's file: xla:/path/plugin.so", plugin)
	}
	return nil
}

// errNotBuilt reports a back end that this program was built without.
var errNotBuilt = errors.New("this program was built without it: it needs linux/amd64 and a C compiler")

// The back ends' own names.
const (
	Go          = "Go Backend"
	ONNXRuntime = "onnxruntime"
	ONNXFile    = "ONNX file" // records a graph, see sdt/internal/onnx
)

// Runs reports whether x is computed on the back end with that name.
func Runs(x *graph.Node, name string) bool { return x.Graph().Backend().Name() == name }

// Identify names a back end and, if it is XLA on the CPU, the device: some layers have other
// forms there than on a GPU.
func Identify(b compute.Backend) string {
	if isXLACPU(b) {
		return b.Name() + "-cpu"
	}
	return b.Name()
}

// RunsOnXLACPU reports whether x is computed by XLA on the CPU.
func RunsOnXLACPU(x *graph.Node) bool { return isXLACPU(x.Graph().Backend()) }

// isXLACPU reports whether a back end is XLA with a plugin for the CPU, by the plugin's name.
func isXLACPU(b compute.Backend) bool {
	xla, ok := b.(interface{ PluginName() string })
	return ok && strings.Contains(filepath.Base(xla.PluginName()), "cpu")
}
