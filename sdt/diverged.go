package sdt

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
)

// Diverged says that a loss, or a weight, is no number any more.
type Diverged struct {
	Stage string  // "pretrain" or "adapt"
	Loss  string  // "L_C", "L_D", "L_conf", "L_soft"; or "a weight of" and its path, or "a prediction"
	Step  int     // from 1; the last one where it showed after that
	Value float64 // NaN or infinite
}

// Error names the stage, the loss and the step.
func (e *Diverged) Error() string {
	return fmt.Sprintf("%s: %s is %v at step %d: training has diverged; lower LearningRate or Lambda, or look for extreme values in the data", e.Stage, e.Loss, e.Value, e.Step)
}

// finiteWeights returns a [*Diverged] if a weight is no finite number after a step.
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
