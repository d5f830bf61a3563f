package sdt

import (
	"fmt"
	"os"
	"strings"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend" // the pure Go back end, always there
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// NewBackend returns the GoMLX back end that $GOMLX_BACKEND names, "name" or
// "name:options", or the pure Go one if it names none: "go"; "onnx", ONNX Runtime at
// $ONNXRUNTIME_SHARED_LIBRARY_PATH; "xla:/path/plugin.so", any PJRT plugin. It never
// downloads one.
//
// The pure Go one takes one operation at a time, unless its options say "ops_parallel".
func NewBackend() (compute.Backend, error) { return backendOf(os.Getenv(compute.ConfigEnvVar)) }

// backendOf returns the back end of one setting.
func backendOf(config string) (backend compute.Backend, err error) {
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
	pureGo      = "Go Backend"
	onnxRuntime = "onnxruntime"
)

// on reports whether x is computed on the back end of that name.
func on(x *graph.Node, name string) bool { return x.Graph().Backend().Name() == name }
