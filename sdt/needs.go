package sdt

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What methods and validators need. Without it they could not be what they are called:
// training would go on as another method's, or end in a number that is none. [Open] looks
// here, and so does [Lab.Score]. What a method needs stands in its row of the methods; what
// networks need is in networkneeds.go.

// validatorNeeds are counts of examples.
var validatorNeeds = map[Validator]struct {
	unlabelled int  // of the target
	validation bool // labelled source examples that no training sees
	test       bool // test examples of the reported classes
}{
	Entropy:                  {unlabelled: 1},
	InformationMaximization:  {unlabelled: 2}, // of one example it is always 0
	SourceRisk:               {validation: true},
	SoftNeighbourhoodDensity: {unlabelled: 2}, // one has no neighbour
	DeepEmbedded:             {unlabelled: 1, validation: true},
	Oracle:                   {test: true},
}

// missing reports what a method needs of a task, or of its batches, and does not get.
func (m Method) missing(c Config, t Task) error {
	need := methods[m]
	switch {
	case need.labelled && t.Target.Len() == 0:
		return fmt.Errorf("config: Method is %s, but the task has no labelled target example: label some, or choose a Method that needs none", m)
	case m.UsesUnlabelled() && t.Target.Len()+t.Unlabelled.Len() == 0:
		return fmt.Errorf("config: Method is %s, but the task has no target example to learn from, labelled or not", m)
	}
	if m.UsesSoftLabels() {
		if err := softLabelled(t); err != nil {
			return err
		}
	}
	if need.align.rows < 2 { // of one the settings take care
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
			return fmt.Errorf("config: SourceBatch is %d%s: %s wants at least %d rows of each domain", c.SourceBatch, of, m, need.align.rows)
		}
	}
	if err := atLeast(m, need.align.rows, t.Test.Domain, t.Target.Len()+t.Unlabelled.Len()); err != nil {
		return err
	}
	if rows := plan.target + plan.unlabelled; rows < need.align.rows {
		setting, value := "TargetBatch", c.TargetBatch
		if t.Unlabelled.Len() == 0 && c.TargetBatch >= need.align.rows {
			setting, value = "the task has no unlabelled target example and LabelledBatch", c.LabelledBatch
		}
		return fmt.Errorf("config: %s is %d: %s wants at least %d rows of each domain", setting, value, m, need.align.rows)
	}
	return nil
}

func atLeast(m Method, want int, domain string, have int) error {
	if have < want {
		return fmt.Errorf("config: Method is %s, which wants at least %d examples of each domain: %q has %d", m, want, domain, have)
	}
	return nil
}

// softLabelled reports a class of the labelled target that no source has an example of.
func softLabelled(t Task) error {
	inSource := make([]bool, len(t.Classes()))
	for _, s := range t.Sources {
		for _, y := range s.Labels {
			inSource[y] = true
		}
	}
	for _, y := range t.Target.Labels {
		if !inSource[y] {
			return fmt.Errorf("task %q: class %q has labelled target examples but no source example, so it can have no soft label: add source examples of it, leave its target examples out, or choose a Method without soft labels", t.Name, t.Classes()[y])
		}
	}
	return nil
}

// missing reports what a validator needs of a task that it does not have, in words that follow
// its name.
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

// TestsReported tells whether a test example is of a class that accuracy is reported on: else
// there is none.
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
