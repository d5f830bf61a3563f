package sdt

import (
	"errors"
	"fmt"
	"slices"
)

// checked is a record that can check itself for what its stage cannot have written. The
// file's hash shows that the bytes are unchanged, not that we wrote them.
type checked interface{ check() error }

// noMethod is the method of a record that names none: the zero value is a method.
const noMethod Method = -1

// check returns an error for a record that its stage cannot have written.
func (s Stage) check(record checked) error {
	if s.SoftLabels == nil && s.method() == noMethod {
		return errors.New("it does not name a method")
	}
	if err := record.check(); err != nil {
		return err
	}
	in := s.Provenance.Inputs
	if h := s.History; h != nil && (h.Stage != in.Stage || h.Method != in.Config.Method) {
		return fmt.Errorf("its history is for %s, %s, but its settings are for %s, %s", h.Stage, h.Method, in.Stage, in.Config.Method)
	}
	return nil
}

// check returns an error if there is not one value for each step.
func (h *History) check() error {
	for i, step := range h.Step {
		if step < 1 || i > 0 && step <= h.Step[i-1] {
			return fmt.Errorf("step %d is out of order", step)
		}
	}
	for _, m := range measures {
		if n := len(m.Of(*h)); n != len(h.Step) && (n != 0 || m.Name == measures[0].Name) {
			return fmt.Errorf("it has %s for %d steps, want all %d", m.Name, n, len(h.Step))
		}
	}
	if n := len(h.Lambda); n != 0 && n != len(h.Step) {
		return fmt.Errorf("it has λ for %d steps, want all %d", n, len(h.Step))
	}
	if len(h.DomainLoss) > 0 && h.Domains < 2 {
		return fmt.Errorf("it has L_D, but its count of domains is %d", h.Domains)
	}
	return nil
}

// check returns an error if there is not one row for each class. There may be no counts.
func (s *SoftLabels) check() error {
	k := len(s.Classes)
	ragged := func(row []float64) bool { return len(row) != k }
	if n := len(s.Counts); n != 0 && n != k {
		return fmt.Errorf("it has %d counts of source examples for %d classes", n, k)
	}
	if k < 2 || len(s.L) != k || slices.ContainsFunc(s.L, ragged) {
		return fmt.Errorf("its soft labels are not a row and a column for each of %d classes", k)
	}
	if !(s.Temperature > 0) {
		return fmt.Errorf("its temperature is %g", s.Temperature)
	}
	return nil
}

// check returns an error for classes that do not exist, and for lists of test examples that
// differ in length.
func (e *Evaluation) check() error {
	n, k := len(e.Labels), len(e.Classes)
	if n == 0 || len(e.Predictions) != n || len(e.Confidence) != n {
		return fmt.Errorf("it has %d labels, %d predictions and %d confidences for its test examples, want as many of each", n, len(e.Predictions), len(e.Confidence))
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
