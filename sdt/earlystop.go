package sdt

import (
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// earlyStop keeps the weights with the highest validator score. Its zero value does
// nothing.
type earlyStop struct {
	validator Validator
	every     int                        // steps
	patience  int                        // scores
	best      map[string]*tensors.Tensor // weights; nil before the first score
}

// newEarlyStop returns the early stopping that c asks for. best is what a checkpoint kept.
func newEarlyStop(c Config, steps int, best map[string]*tensors.Tensor) earlyStop {
	every, patience := c.earlyStopping(steps)
	return earlyStop{validator: c.EarlyStop, every: every, patience: patience, best: best}
}

// score scores the store's weights if a score is due at step (from 1) of steps, and reports
// whether training should end. A score that is not finite is ignored. Scoring is not cut
// short by the context, so that a run resumes from its checkpoint as if it had not stopped.
func (e *earlyStop) score(ctx context.Context, l *Lab, store *model.Store, h *History, step, steps int) (end bool, err error) {
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
	if n := new(notFinite); errors.As(err, &n) {
		return false, &Diverged{Stage: h.Stage, Loss: "a prediction", Step: step, Value: float64(n.value)}
	}
	if errors.Is(err, errNoScore) { // the next score may be finite
		return false, nil
	}
	if err != nil {
		return false, err
	}
	highest, since := true, 0 // scores since the highest
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

// bestScope precedes the paths of the kept weights in a checkpoint.
const bestScope = "/best"

// checkpointed returns the kept weights in the form that a checkpoint has.
func (e *earlyStop) checkpointed() map[string]*tensors.Tensor {
	values := map[string]*tensors.Tensor{}
	for path, value := range e.best {
		values[bestScope+path] = value
	}
	return values
}

// takeBest removes the kept weights from a checkpoint's values and returns them; nil if none.
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
