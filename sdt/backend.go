package sdt

import (
	"fmt"
	"os"
	"reflect"
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
func NewBackend() (backend compute.Backend, err error) {
	config := os.Getenv(compute.ConfigEnvVar)
	if config == "" {
		config = "go"
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
	if config == "go" {
		liftLimit(backend)
	}
	return backend, nil
}

// liftLimit lets the pure Go back end start workers without limit, as its option
// "parallelism=-1" does, which also writes to the standard output. With the limit, operations
// that run at once lock up where they are as many as the workers: each holds one, and waits
// for another to compute with. In a sequence they would not, but take a third longer.
func liftLimit(backend compute.Backend) {
	workers := reflect.ValueOf(backend).Elem().FieldByName("Workers") // of an internal type
	workers.MethodByName("SetMaxParallelism").Call([]reflect.Value{reflect.ValueOf(-1)})
}

// What the back ends call themselves.
const (
	pureGo      = "Go Backend"
	onnxRuntime = "onnxruntime"
)

// on reports whether x is computed on the back end of that name.
func on(x *graph.Node, name string) bool { return x.Graph().Backend().Name() == name }
