package backend

import (
	"fmt"
	"os"
	"strings"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend" // the pure Go back end, always there
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// New returns the back end that $GOMLX_BACKEND names, the pure Go one if it names none.
func New() (compute.Backend, error) { return Of(os.Getenv(compute.ConfigEnvVar)) }

// Of returns the back end of one setting, "name" or "name:options": the pure Go one for "".
// It downloads nothing.
func Of(config string) (backend compute.Backend, err error) {
	if config == "" {
		config = "go"
	}
	if name, options, _ := strings.Cut(config, ":"); name == "go" && !strings.Contains(options, "ops_") {
		// One operation at a time, each on all cores: where as many products are ready at once as
		// GoMLX has workers, and run at once, each waits for workers of the others for ever.
		config = "go:ops_sequential," + options
	}
	if strings.HasPrefix(config, "onnx") {
		if err := checkONNX(); err != nil {
			return nil, fmt.Errorf("back end %q: %w", config, err)
		}
	}
	if caught := exceptions.TryCatch[error](func() { backend, err = compute.NewWithConfig(config) }); caught != nil {
		err = caught
	}
	if err != nil {
		return nil, fmt.Errorf("back end %q: %w", config, err)
	}
	return backend, nil
}

// What the back ends call themselves.
const (
	Go          = "Go Backend"
	ONNXRuntime = "onnxruntime"
)

// Runs reports whether x is computed on the back end of that name.
func Runs(x *graph.Node, name string) bool { return x.Graph().Backend().Name() == name }
