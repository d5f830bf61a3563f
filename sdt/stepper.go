package sdt

import (
	"fmt"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// stepper takes the steps of a training: one graph, which moves the weights of its store.
type stepper struct {
	training
	backend     compute.Backend
	store       *model.Store
	frozenStore *model.Store
	frozen      *model.ExecOneOutput // makes what is trained see a batch of images; nil: it sees them as they are
	exec        *model.Exec
	reports     []reported // what a step reports; known once its graph is built
	devices     devices
	soft        []*tensors.Tensor // the soft labels for each device, the last argument, if the stage has them
}

func (l *Lab) newStepper(t training, store *model.Store, plan batchPlan) (*stepper, error) {
	s := &stepper{training: t, backend: l.backend, store: store}
	fail := func(err error) (*stepper, error) { return nil, fmt.Errorf("%s: %w", t.stage, err) }
	var err error
	if s.devices, err = newDevices(l.config.Devices); err != nil {
		return fail(err)
	}
	if l.frozen != nil && !l.caches() {
		exec, weights, err := l.frozen.trunk.exec()
		if err != nil {
			return fail(err)
		}
		s.frozen, s.frozenStore = exec, weights
		if err := s.devices.run(exec.Exec, 1, s.devices.rows); err != nil {
			return fail(err)
		}
	}
	if t.soft != nil && plan.target > 0 {
		if s.soft, err = s.devices.copies(t.soft.tensor()); err != nil {
			return fail(err)
		}
	}
	k := len(l.task.Classes())
	s.exec, err = model.NewExec(l.backend, store, func(_ *model.Scope, in []*graph.Node) (out []*graph.Node) {
		store.SetTraining(in[0].Graph(), true)
		args := stepArguments{x: in[0], labels: in[1], rate: in[2], lambda: in[3], pseudo: in[4]}
		if s.soft != nil {
			args.soft = in[5]
		}
		s.reports = t.config.alternation(store, plan, k, args)
		for _, r := range s.reports {
			out = append(out, r.node)
		}
		return out
	})
	if err == nil {
		err = s.devices.run(s.exec, 2, s.devices.whole)
	}
	if err != nil {
		return fail(err)
	}
	return s, nil
}

// finalize releases what the back end holds.
func (s *stepper) finalize() {
	s.exec.Finalize()
	if s.frozen != nil {
		s.frozen.Finalize()
		s.frozenStore.Finalize()
	}
}

// take takes one step, counted from 0, on a batch at a learning rate, and adds what it
// reports to the history. It releases the batch.
func (s *stepper) take(h *History, step int, x, labels *tensors.Tensor, rate float64) ([]Loss, error) {
	out, err := s.call(step, x, labels, rate)
	if err != nil {
		return nil, fmt.Errorf("%s, step %d: %w", s.stage, step+1, err)
	}
	shown, err := h.add(step+1, s.reports, out)
	if err != nil {
		return nil, err
	}
	if err := release(out...); err != nil {
		return nil, fmt.Errorf("%s, step %d: %w", s.stage, step+1, err)
	}
	return shown, nil
}

// call returns what take's step reports, first as the first device has it.
func (s *stepper) call(step int, x, labels *tensors.Tensor, rate float64) ([]*tensors.Tensor, error) {
	xs, err := s.devices.split(x)
	if err != nil {
		return nil, err
	}
	ys, err := s.devices.split(labels)
	if err != nil {
		return nil, err
	}
	if s.frozen != nil {
		images := xs
		if xs, err = s.frozen.Exec.Call(images); err != nil {
			return nil, firstLine(err)
		}
		if err := release(images...); err != nil {
			return nil, err
		}
	}
	lambda, pseudo := s.config.lambda(step, s.steps), s.config.pseudo(step, s.steps)
	var args []any // of each device in turn
	for i := range xs {
		args = append(args, xs[i], ys[i], float32(rate), float32(lambda), float32(pseudo))
		if s.soft != nil {
			args = append(args, s.soft[i])
		}
	}
	if s.reports == nil {
		if err := initialize(s.backend, s.exec, s.store, args...); err != nil {
			return nil, firstLine(err)
		}
	}
	out, err := s.exec.Call(args...)
	if err != nil {
		return nil, firstLine(err)
	}
	return out, release(append(xs, ys...)...)
}

// checkAfter returns a [*Diverged] error if the weights after the last step, or the losses
// that they give, are not finite. A step reports the losses before it, so those after the
// last step are checked too: weights may be finite and their losses not. It takes one more
// step for this and discards it.
func (s *stepper) checkAfter(m *Model, next func() (x, labels *tensors.Tensor)) error {
	if err := finiteWeights(s.stage, len(m.History.Step), m.weights); err != nil {
		return err
	}
	x, labels := next()
	after := History{Stage: s.stage}
	_, err := s.take(&after, s.steps-1, x, labels, 0)
	return err
}

// add appends one step's values, and returns the losses among them. If a value is not
// finite, it appends nothing and returns a [*Diverged] error.
func (h *History) add(step int, reports []reported, out []*tensors.Tensor) ([]Loss, error) {
	values := make([]float64, len(reports))
	for i, r := range reports {
		values[i] = float64(tensors.ToScalar[float32](out[i]))
		if !finite(values[i]) {
			return nil, &Diverged{Stage: h.Stage, Loss: r.name, Step: step, Value: values[i]}
		}
	}
	var shown []Loss
	for i, r := range reports {
		into := measures[measureIndex(r.measure)].in(h)
		*into = append(*into, values[i])
		if isLoss(r.measure) {
			shown = append(shown, Loss{r.name, values[i]})
		}
	}
	h.Step = append(h.Step, step)
	return shown, nil
}
