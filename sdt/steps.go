package sdt

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// run takes the steps of a training and puts weights and history into m.
func (l *Lab) run(ctx context.Context, t training, m *Model) (err error) {
	plan, batches, err := l.plan(ctx, t)
	if err != nil {
		return t.beforeFirstStep(ctx, m, err)
	}
	store, best, start, err := l.start(t, m)
	if err != nil {
		return err
	}
	defer store.Finalize()
	stop := newEarlyStop(t.config, t.steps, best)
	s, err := l.newStepper(t, store, plan)
	if err != nil {
		return err
	}
	defer s.finalize()

	h := &m.History
	h.Stage, h.Method, h.Domains = t.stage, t.config.Method, plan.domains()
	h.fillLambda(t)
	now := l.sit(t, h, start)
	defer func() {
		if err != nil && !now.Ended && len(h.Step) > 0 {
			now.show(*h, true)
		}
	}()
	next, stopSampling := batches.ahead(start)
	defer stopSampling()
	for step := start; step < t.steps; step++ {
		if ctx.Err() != nil {
			return l.interrupt(ctx, t, store, m, &stop, step)
		}
		x, labels := next()
		shown, err := s.take(h, step, x, labels, t.config.rate(step, t.steps))
		if err != nil {
			return t.diverged(err, step == 0)
		}
		if t.config.Method.weighs() {
			h.Lambda = append(h.Lambda, t.config.lambda(step, t.steps))
		}
		now.stepped(h, step+1, shown)
		end, err := stop.score(ctx, l, store, h, step+1, t.steps)
		if errors.As(err, new(*Diverged)) {
			return t.diverged(err, false)
		}
		if err != nil {
			return fmt.Errorf("%s, step %d: %w", t.stage, step+1, err)
		}
		now.show(*h, end || step+1 == t.steps)
		if end {
			break
		}
		if now.due(l.SaveEvery) && step+1 < t.steps {
			if err := l.saveCheckpoint(store, m, stop.checkpointed(), step+1); err != nil {
				return fmt.Errorf("%s: %w", t.stage, err)
			}
			now.saved = time.Now()
		}
	}
	if m.weights = stop.best; m.weights != nil { // a validator has scored them, so they are finite
		return nil
	}
	m.weights = map[string]*tensors.Tensor{}
	if err := snapshot(store, isWeight, m.weights); err != nil {
		return err
	}
	return t.diverged(s.checkAfter(m, next), false)
}

// beforeFirstStep returns the error for what comes before a training's first step.
func (t training) beforeFirstStep(ctx context.Context, m *Model, err error) error {
	if ctx.Err() != nil {
		return &Interrupted{Stage: t.stage, Steps: t.steps, Dir: m.Dir, Err: ctx.Err()}
	}
	return fmt.Errorf("%s: %w", t.stage, err)
}

// interrupt saves the state of a training after its context has ended.
func (l *Lab) interrupt(ctx context.Context, t training, store *model.Store, m *Model, stop *earlyStop, step int) error {
	if err := l.saveCheckpoint(store, m, stop.checkpointed(), step); err != nil {
		return fmt.Errorf("%s interrupted (%w) and could not be saved: %w", t.stage, ctx.Err(), err)
	}
	return &Interrupted{Stage: t.stage, Step: step, Steps: t.steps, Dir: m.Dir, Err: ctx.Err()}
}

// fillLambda adds λ for the steps so far, which checkpoints of earlier versions lack.
func (h *History) fillLambda(t training) {
	for n := len(h.Lambda); n < len(h.Step) && t.config.Method.weighs(); n++ {
		h.Lambda = append(h.Lambda, t.config.lambda(h.Step[n]-1, t.steps))
	}
}
