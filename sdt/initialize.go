package sdt

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// uncalled is a model.Exec before its first call.
type uncalled interface {
	Compile(inputs ...shapes.Shape) (*graph.Graph, error)
}

// initialize compiles exec for arguments, tensors and float32 numbers, and gives the variables
// of its store their initial values. The first call would do both, but GoMLX 0.28.2 would not
// release the program that computes these values, with ONNX Runtime megabytes and a thread.
func initialize(b compute.Backend, exec uncalled, store *model.Store, args ...any) error {
	inputs := make([]shapes.Shape, len(args))
	for i, a := range args {
		inputs[i] = shapes.Make(dtypes.Float32)
		if x, ok := a.(*tensors.Tensor); ok {
			inputs[i] = x.Shape()
		}
	}
	if _, err := exec.Compile(inputs...); err != nil {
		return err
	}
	var program *model.Exec
	err := store.InitializeVariables(b, func(e *model.Exec) error { program = e; return nil })
	if program != nil {
		program.Finalize()
	}
	return err
}
