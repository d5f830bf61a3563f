package sdt

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
)

// Diverged reports that a loss, or a weight, is not a finite number.
type Diverged struct {
	Stage string  // "pretrain" or "adapt"
	Loss  string  // "L_C", "L_D", "L_conf", "L_soft"; or "a weight of" and its path, or "a prediction"
	Step  int     // from 1; the last one if it appeared after training
	Value float64 // NaN or infinite

	weighed bool // the training has a loss weighted by λ
	untried bool // no weight has moved yet: training is not the cause
}

// Error names the stage, the loss and the step, and says what to do.
func (e *Diverged) Error() string {
	what := fmt.Sprintf("%s: %s is %v at step %d", e.Stage, e.Loss, e.Value, e.Step)
	switch {
	case e.untried:
		return what + ", before any weight has moved: check for extreme values in the data, or for a division, a logarithm or a root in the network"
	case e.weighed:
		return what + ": training has diverged; lower LearningRate or Lambda, or check for extreme values in the data"
	}
	return what + ": training has diverged; lower LearningRate, or check for extreme values in the data"
}

// diverged adds what is known about the training to a [*Diverged] error; other errors are
// returned unchanged. first means the first step: its losses are those of the initial
// weights, except L_conf, which follows the first step of θ_D.
func (t training) diverged(err error, first bool) error {
	if d := (*Diverged)(nil); errors.As(err, &d) {
		d.weighed = t.config.Lambda > 0
		d.untried = first && t.from == nil && d.Loss != confusion.name
	}
	return err
}

// finiteWeights returns a [*Diverged] error if a weight is not finite after a step.
func finiteWeights(stage string, step int, weights map[string]*tensors.Tensor) error {
	for _, path := range slices.Sorted(maps.Keys(weights)) {
		v, err := notFiniteIn(weights[path])
		if err != nil {
			return err
		}
		if v != 0 {
			return &Diverged{Stage: stage, Loss: "a weight of " + path, Step: step, Value: v}
		}
	}
	return nil
}

// notFiniteIn returns the first number of a tensor that is not finite, or zero. A tensor of
// whole numbers, such as a count of steps, or of truth values has none.
func notFiniteIn(t *tensors.Tensor) (float64, error) {
	switch t.DType() {
	case dtypes.Float32:
		return firstNotFinite[float32](t)
	case dtypes.Float64:
		return firstNotFinite[float64](t)
	}
	return 0, nil
}

func firstNotFinite[T float32 | float64](t *tensors.Tensor) (float64, error) {
	flat, err := tensors.CopyFlatData[T](t)
	if err != nil {
		return 0, err
	}
	if i := slices.IndexFunc(flat, func(v T) bool { return !finite(v) }); i >= 0 {
		return float64(flat[i]), nil
	}
	return 0, nil
}
