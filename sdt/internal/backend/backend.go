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

// New returns the back end that $GOMLX_BACKEND names, the pure Go one if it names none.
func New() (compute.Backend, error) {
	config := os.Getenv(compute.ConfigEnvVar)
	backend, err := open(config)
	if err != nil {
		return nil, fmt.Errorf("%s is %q: %w", compute.ConfigEnvVar, config, err)
	}
	return backend, nil
}

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
	name, options, _ := strings.Cut(config, ":")
	switch {
	case name == "go" && !strings.Contains(options, "ops_"):
		// One operation at a time, each on all cores: where as many products are ready at once as
		// GoMLX has workers, and run at once, each waits for workers of the others for ever.
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

const doctor = "go run ./kernel doctor shows what is here"

// The names that GoMLX has for the back ends that are not always there.
var onnxNames, xlaNames = []string{"onnx", "onnxruntime"}, []string{"xla", "stablehlo", "hlo", "shlo"}

// checkXLA reports a plugin that is not there, or not named by its whole path, and a program
// that is built without the back end.
func checkXLA(options string) error {
	plugin, _, _ := strings.Cut(options, ",")
	info, err := os.Stat(plugin)
	switch {
	case !slices.Contains(compute.List(), xlaNames[0]):
		return errNotBuilt
	case plugin != "" && !filepath.IsAbs(plugin) && (err == nil || strings.Contains(plugin, "/") || strings.HasSuffix(plugin, ".so")):
		return errors.New("want the plugin's whole path, from the root on: xla:/path/plugin.so")
	case !filepath.IsAbs(plugin): // a name, of those that GoMLX finds
		return nil
	case err != nil:
		return fmt.Errorf("there is no %s: %s", plugin, doctor)
	case info.IsDir():
		return fmt.Errorf("%s is a folder, want the plugin's file: xla:/path/plugin.so", plugin)
	}
	return nil
}

// errNotBuilt is of a back end that this program does not have.
var errNotBuilt = errors.New("this program is built without it: it needs linux/amd64 and a C compiler")

// What the back ends call themselves.
const (
	Go          = "Go Backend"
	ONNXRuntime = "onnxruntime"
)

// Runs reports whether x is computed on the back end of that name.
func Runs(x *graph.Node, name string) bool { return x.Graph().Backend().Name() == name }
