package sdt

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What methods and validators need. Without it they would not be what their name says:
// training would run as another method, or end with NaN. [Open] checks it, and so does
// [Lab.Score]. What a method needs is in its row of methods; what networks need is in
// networkneeds.go.

// validatorNeeds says which examples each validator needs, and how many.
var validatorNeeds = map[Validator]struct {
	unlabelled int  // of the target
	validation bool // labelled source examples that no training sees
	test       bool // test examples of the reported classes
}{
	Entropy:                  {unlabelled: 1},
	InformationMaximization:  {unlabelled: 2}, // for one example it is always 0
	SourceRisk:               {validation: true},
	SoftNeighbourhoodDensity: {unlabelled: 2}, // one has no neighbour
	DeepEmbedded:             {unlabelled: 1, validation: true},
	Oracle:                   {test: true},
}

// missing returns an error if a method needs something that the task or its batches lack.
func (m Method) missing(c Config, t Task) error {
	need := methods[m]
	switch {
	case need.labelled && t.Target.Len() == 0:
		return fmt.Errorf("config: Method is %s, but the task has no labelled target examples: label some, or choose a Method that needs none", m)
	case need.align.target == unlabelledRows && t.Unlabelled.Len() == 0:
		return fmt.Errorf("config: Method is %s, which learns from unlabelled target examples, but the task has none: add some, or choose another Method", m)
	case m.UsesUnlabelled() && t.Target.Len()+t.Unlabelled.Len() == 0:
		return fmt.Errorf("config: Method is %s, but the task has no target examples to learn from, labelled or not", m)
	}
	if m.UsesSoftLabels() {
		if err := softLabelled(t); err != nil {
			return err
		}
	}
	if need.align.target == labelledRows && !paired(t) {
		return fmt.Errorf("config: Method is %s, which draws together source and target examples of one class, but no class has both with labels: label target examples of the source's classes, or choose another Method", m)
	}
	if need.align.rows < 2 { // the settings ensure one row
		return nil
	}
	plan := c.rows(t)
	for i, s := range t.Sources {
		if err := atLeast(m, need.align.rows, s.Domain, s.Len()); err != nil {
			return err
		}
		if plan.sources[i] < need.align.rows {
			of := ""
			if len(t.Sources) > 1 {
				of = fmt.Sprintf(" for %d source domains", len(t.Sources))
			}
			return fmt.Errorf("config: SourceBatch is %d%s: %s needs at least %d rows of each domain", c.SourceBatch, of, m, need.align.rows)
		}
	}
	if err := atLeast(m, need.align.rows, t.Test.Domain, t.Target.Len()+t.Unlabelled.Len()); err != nil {
		return err
	}
	if rows := plan.target + plan.unlabelled; rows < need.align.rows {
		setting, value := "TargetBatch", c.TargetBatch
		if t.Unlabelled.Len() == 0 && c.TargetBatch >= need.align.rows {
			setting, value = "the task has no unlabelled target examples and LabelledBatch", c.LabelledBatch
		}
		return fmt.Errorf("config: %s is %d: %s needs at least %d rows of each domain", setting, value, m, need.align.rows)
	}
	return nil
}

func atLeast(m Method, want int, domain string, have int) error {
	if have < want {
		return fmt.Errorf("config: Method is %s, which needs at least %d examples of each domain: %q has %d", m, want, domain, have)
	}
	return nil
}

// paired reports whether any class has labelled examples in a source and in the target.
func paired(t Task) bool {
	for _, s := range t.Sources {
		if slices.ContainsFunc(t.Target.Labels, func(y int32) bool { return slices.Contains(s.Labels, y) }) {
			return true
		}
	}
	return false
}

// softLabelled returns an error for a class of the labelled target without source examples.
func softLabelled(t Task) error {
	inSource := make([]bool, len(t.Classes()))
	for _, s := range t.Sources {
		for _, y := range s.Labels {
			inSource[y] = true
		}
	}
	for _, y := range t.Target.Labels {
		if !inSource[y] {
			return fmt.Errorf("task %q: class %q has labelled target examples but no source example, so it can have no soft label: add source examples of it, drop its target examples, or choose a Method without soft labels", t.Name, t.Classes()[y])
		}
	}
	return nil
}

// missing returns what a validator needs and the task lacks, in words that follow the
// validator's name.
func (v Validator) missing(t Task) error {
	need, ok := validatorNeeds[v]
	switch n := t.Unlabelled.Len(); {
	case !ok:
		return errors.New("is not a validator: choose one of sdt.Validators, or sdt.Oracle")
	case need.validation && t.Validation.Len() == 0:
		return errors.New("needs labelled source examples that no training sees: the task has no Validation")
	case n < need.unlabelled && n == 0:
		return errors.New("needs unlabelled target examples: the task has none")
	case n < need.unlabelled:
		return errors.New("needs at least two unlabelled target examples: the task has one")
	case need.test && !t.TestsReported():
		return fmt.Errorf("needs test images of the reported classes: the task has none of %s", strings.Join(reportedNames(t), ", "))
	}
	return nil
}

// TestsReported reports whether any test example is of a class that accuracy is reported on:
// otherwise there is no accuracy.
func (t Task) TestsReported() bool {
	return len(t.HeldOut) == 0 || slices.ContainsFunc(t.Test.Labels, func(y int32) bool { return slices.Contains(t.HeldOut, int(y)) })
}

func reportedNames(t Task) (names []string) {
	for _, k := range t.HeldOut {
		names = append(names, t.Classes()[k])
	}
	return names
}

// usesValidation reports whether v needs [Task.Validation].
func (v Validator) usesValidation() bool { return validatorNeeds[v].validation }
