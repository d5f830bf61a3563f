package sdt

import (
	"errors"
	"fmt"
	"slices"
)

// checked is a record that can tell whether it is as its stage writes it. The hash of a file
// says that its bytes are those that were written, not that it was we who wrote them.
type checked interface{ check() error }

// noMethod is the method of a record that has none: the zero value is one.
const noMethod Method = -1

// check reports a record that its stage cannot have written.
func (s Stage) check(record checked) error {
	if s.SoftLabels == nil && s.method() == noMethod {
		return errors.New("it does not say which method it is of")
	}
	if err := record.check(); err != nil {
		return err
	}
	in := s.Provenance.Inputs
	if h := s.History; h != nil && (h.Stage != in.Stage || h.Method != in.Config.Method) {
		return fmt.Errorf("its history is of %s, %s, and its settings are of %s, %s", h.Stage, h.Method, in.Stage, in.Config.Method)
	}
	return nil
}

// check reports values that are not one for each step.
func (h *History) check() error {
	for i, step := range h.Step {
		if step < 1 || i > 0 && step <= h.Step[i-1] {
			return fmt.Errorf("step %d is out of order", step)
		}
	}
	for _, m := range measures {
		if n := len(m.Of(*h)); n != len(h.Step) && (n != 0 || m.Name == measures[0].Name) {
			return fmt.Errorf("it has %s of %d steps, want all %d", m.Name, n, len(h.Step))
		}
	}
	if n := len(h.Lambda); n != 0 && n != len(h.Step) {
		return fmt.Errorf("it has λ of %d steps, want all %d", n, len(h.Step))
	}
	if len(h.DomainLoss) > 0 && h.Domains < 2 {
		return fmt.Errorf("it has L_D, and its count of domains is %d", h.Domains)
	}
	return nil
}

// check reports rows that are not one for each class.
func (s *SoftLabels) check() error {
	k := len(s.Classes)
	ragged := func(row []float64) bool { return len(row) != k }
	if k < 2 || len(s.L) != k || len(s.Counts) != k || slices.ContainsFunc(s.L, ragged) {
		return fmt.Errorf("its soft labels are not a row and a column for each of %d classes", k)
	}
	if !(s.Temperature > 0) {
		return fmt.Errorf("its temperature is %g", s.Temperature)
	}
	return nil
}

// check reports classes that are not there, and lists of test examples that differ in length.
func (e *Evaluation) check() error {
	n, k := len(e.Labels), len(e.Classes)
	if n == 0 || len(e.Predictions) != n || len(e.Confidence) != n {
		return fmt.Errorf("it has labels of %d, predictions of %d and confidences of %d test examples, want the same for all", n, len(e.Predictions), len(e.Confidence))
	}
	for _, list := range []struct {
		name   string
		values []int32
	}{{"label", e.Labels}, {"prediction", e.Predictions}} {
		for i, y := range list.values {
			if y < 0 || int(y) >= k {
				return fmt.Errorf("the %s of test example %d is class %d, outside 0…%d", list.name, i, y, k-1)
			}
		}
	}
	for _, y := range e.HeldOut {
		if y < 0 || y >= k {
			return fmt.Errorf("held-out class %d is outside 0…%d", y, k-1)
		}
	}
	return nil
}
