package sdt

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
)

// Diverged says that a loss, or a weight, is not a finite number.
type Diverged struct {
	Stage string  // "pretrain" or "adapt"
	Loss  string  // "L_C", "L_D", "L_conf", "L_soft"; or "a weight of" and its path, or "a prediction"
	Step  int     // from 1; the last one where it showed after that
	Value float64 // NaN or infinite

	weighed bool // λ weighs a loss of the training
	untried bool // no weight has moved yet: it is not the training's fault
}

// Error names the stage, the loss and the step, and says what to do.
func (e *Diverged) Error() string {
	what := fmt.Sprintf("%s: %s is %v at step %d", e.Stage, e.Loss, e.Value, e.Step)
	switch {
	case e.untried:
		return what + ", before any weight has moved: look for extreme values in the data, or for a division, a logarithm or a root in the network"
	case e.weighed:
		return what + ": training has diverged; lower LearningRate or Lambda, or look for extreme values in the data"
	}
	return what + ": training has diverged; lower LearningRate, or look for extreme values in the data"
}

// diverged puts into a [*Diverged] error what is known of the training; other errors are as
// they are. first says that it is of the first step: its losses are of the weights at the
// start, but for L_conf, which is behind the first step of θ_D.
func (t training) diverged(err error, first bool) error {
	if d := (*Diverged)(nil); errors.As(err, &d) {
		d.weighed = t.config.Lambda > 0
		d.untried = first && t.from == nil && d.Loss != confusion.name
	}
	return err
}

// finiteWeights returns a [*Diverged] if a weight is not a finite number after a step.
func finiteWeights(stage string, step int, weights map[string]*tensors.Tensor) error {
	for _, path := range slices.Sorted(maps.Keys(weights)) {
		flat, err := tensors.CopyFlatData[float32](weights[path])
		if err != nil {
			return err
		}
		for _, v := range flat {
			if !finite(v) {
				return &Diverged{Stage: stage, Loss: "a weight of " + path, Step: step, Value: float64(v)}
			}
		}
	}
	return nil
}
