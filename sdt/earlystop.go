package sdt

import (
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// earlyStop keeps the weights for which a validator was highest. Its zero value does
// nothing.
type earlyStop struct {
	validator Validator
	every     int                        // steps
	patience  int                        // looks
	best      map[string]*tensors.Tensor // weights; nil before the first look
}

// newEarlyStop returns what c asks for. best is what a checkpoint has kept, if there is one.
func newEarlyStop(c Config, steps int, best map[string]*tensors.Tensor) earlyStop {
	e := earlyStop{validator: c.EarlyStop, every: c.ValidateEvery, patience: c.Patience, best: best}
	if e.every == 0 {
		e.every = max(1, steps/10)
	}
	if e.patience == 0 {
		e.patience = 3
	}
	return e
}

// look scores the store's weights if step, from 1, of steps is one to look at, and reports
// whether training is to end. A score that is no number is no look. A look is not cut short: a run goes on from its checkpoint
// as if it had not been stopped.
func (e *earlyStop) look(ctx context.Context, l *Lab, store *model.Store, h *History, step, steps int) (end bool, err error) {
	if e.validator == 0 || step%e.every != 0 && step != steps {
		return false, nil
	}
	weights := map[string]*tensors.Tensor{}
	if err := snapshot(store, isWeight, weights); err != nil {
		return false, err
	}
	if err := finiteWeights(h.Stage, step, weights); err != nil {
		return false, err
	}
	score, err := l.Score(context.WithoutCancel(ctx), &Model{weights: weights, of: l.networkOf()}, e.validator)
	if n := new(noNumber); errors.As(err, &n) {
		return false, &Diverged{Stage: h.Stage, Loss: "a prediction", Step: step, Value: float64(n.value)}
	}
	if errors.Is(err, errNoScore) { // the next look may have one
		return false, nil
	}
	if err != nil {
		return false, err
	}
	highest, since := true, 0 // looks since the highest
	for _, past := range h.Scores {
		if past.Score >= score {
			highest = false
		}
		if past.Step > h.Kept {
			since++
		}
	}
	h.Scores = append(h.Scores, StepScore{step, score})
	if highest {
		e.best, h.Kept = weights, step
		return false, nil
	}
	return e.patience != Off && since+1 >= e.patience, nil
}

// bestScope holds the kept weights in a checkpoint, before their paths.
const bestScope = "/best"

// checkpointed returns the kept weights as a checkpoint has them.
func (e *earlyStop) checkpointed() map[string]*tensors.Tensor {
	values := map[string]*tensors.Tensor{}
	for path, value := range e.best {
		values[bestScope+path] = value
	}
	return values
}

// takeBest takes the kept weights out of a checkpoint's values; nil if there are none.
func takeBest(values map[string]*tensors.Tensor) (best map[string]*tensors.Tensor) {
	for path, value := range values {
		if kept, ok := strings.CutPrefix(path, bestScope); ok {
			if best == nil {
				best = map[string]*tensors.Tensor{}
			}
			best[kept] = value
		}
	}
	maps.DeleteFunc(values, func(path string, _ *tensors.Tensor) bool { return strings.HasPrefix(path, bestScope+"/") })
	return best
}
