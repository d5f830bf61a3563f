package sdt

import (
	"github.com/gomlx/compute"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// NewBackend returns the GoMLX back end that $GOMLX_BACKEND names, as "name" or
// "name:options", or the pure Go one if it is not set: "go"; "onnx", ONNX Runtime at
// $ONNXRUNTIME_SHARED_LIBRARY_PATH; "xla:/path/plugin.so", any PJRT plugin. It never
// downloads one.
//
// The pure Go back end runs one operation at a time, unless its options say "ops_parallel".
func NewBackend() (compute.Backend, error) { return backend.New() }

// BackendName names a back end in the keys of results, which are those of one back end: by
// GoMLX's name, with the device if it is XLA on the CPU, "xla-cpu".
func BackendName(b compute.Backend) string { return backend.Identify(b) }
