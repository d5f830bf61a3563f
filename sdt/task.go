package sdt

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Task is one transfer problem: what a stage may see of each domain.
//
// Only [Lab.Evaluate] and [Oracle] read the labels of Test; Unlabelled has none to leak. All
// label sets have the same K classes in the same order, which [Align] ensures.
type Task struct {
	Name       string     // "amazon→webcam"
	Sources    []Labelled // labelled source domains, at least one; the paper has one
	Target     Labelled   // the few labelled target examples; may be empty
	Unlabelled Examples   // target examples whose labels the method must not see
	Test       Labelled   // target examples that Evaluate reports on
	Validation Labelled   // labelled source examples that no training sees, by which [Validator]s choose; may be empty
	HeldOut    []int      // classes without labelled target examples, each once, on which accuracy is reported; empty: report on all
	Split      Split      // how the examples were chosen
}

// Split records how a task's examples were chosen, so that the same task can be built again:
// write it as JSON, and pass it to FromSplit of package datasets.
type Split struct {
	Protocol   string           `json:"protocol"`             // "supervised", "semi-supervised", "unsupervised", "lists"
	Seed       uint64           `json:"seed"`                 // of the random choice
	PerSource  int              `json:"per_source,omitempty"` // source examples requested per class; 0: all
	PerTarget  int              `json:"per_target,omitempty"` // labelled target examples requested per class
	HeldOut    []string         `json:"held_out,omitempty"`   // names of the held-out classes; missing in splits written by earlier versions
	Capped     map[string]int   `json:"capped,omitempty"`     // "domain/class" → available examples, if fewer than requested
	Source     []int            `json:"source,omitempty"`     // rows chosen from the source domain
	Target     []int            `json:"target,omitempty"`     // rows chosen from the target domain, labelled
	Validation []int            `json:"validation,omitempty"` // rows set aside from the source domain
	More       map[string][]int `json:"more,omitempty"`       // rows chosen from further source domains, by name
	Test       []int            `json:"test,omitempty"`       // rows of the target domain to report on
	Unlabelled []int            `json:"unlabelled,omitempty"` // rows of the target domain to learn from without labels; none: those of Test
}

// Classes returns the names of the task's K classes.
func (t Task) Classes() []string {
	if len(t.Sources) == 0 {
		return t.Test.Classes
	}
	return t.Sources[0].Classes
}

// Domains returns the names of the task's D domains: the sources, then the target.
func (t Task) Domains() []string {
	var names []string
	for _, s := range t.Sources {
		names = append(names, s.Domain)
	}
	return append(names, t.Test.Domain)
}

// Validate returns an error for the first thing that makes the task unusable. Class sets that
// differ are an [*AlignmentError]; see [Align].
func (t Task) Validate() error {
	if !utf8.ValidString(t.Name) { // JSON would change it
		return fmt.Errorf("task %q: its name is not UTF-8: give it another name", t.Name)
	}
	if err := t.validate(); err != nil {
		return fmt.Errorf("task %q: %w", t.Name, err)
	}
	return nil
}

func (t Task) validate() error {
	if len(t.Sources) == 0 {
		return errors.New("no source domain")
	}
	first := taskSet{"source", t.Sources[0]}
	for _, s := range t.sets() {
		if err := s.Validate(); err != nil {
			return err
		}
		if s.Len() == 0 {
			return fmt.Errorf("domain %q has no examples", s.Domain)
		}
		if !slices.Equal(s.Classes, t.Classes()) {
			return mismatch(first.Labelled, s.Labelled)
		}
		if err := s.alike(first); err != nil {
			return err
		}
	}
	if t.Unlabelled.Len() > 0 {
		if err := t.Unlabelled.Validate(); err != nil {
			return err
		}
		if err := (taskSet{"unlabelled target", Labelled{Examples: t.Unlabelled}}).alike(first); err != nil {
			return err
		}
	}
	if len(t.Classes()) < 2 {
		return fmt.Errorf("%d classes, want at least 2", len(t.Classes()))
	}
	return t.validateHeldOut()
}

// examples returns all sets of examples of the task, with or without labels.
func (t Task) examples() []Examples {
	all := []Examples{t.Unlabelled}
	for _, s := range t.sets() {
		all = append(all, s.Examples)
	}
	return all
}

// taskSet is a set of a task's examples and its role.
type taskSet struct {
	role string
	Labelled
}

// sets returns the labelled sets of the task, including empty ones only if they must have
// examples.
func (t Task) sets() (all []taskSet) {
	for _, s := range t.Sources {
		all = append(all, taskSet{"source", s})
	}
	for _, s := range []taskSet{{"labelled target", t.Target}, {"validation", t.Validation}} {
		if s.Len() > 0 || len(s.Labels) > 0 {
			all = append(all, s)
		}
	}
	return append(all, taskSet{"test", t.Test})
}

// alike returns an error if one network cannot see both these examples and those of first.
func (s taskSet) alike(first taskSet) error {
	switch {
	case !slices.Equal(s.Shape, first.Shape):
		return fmt.Errorf("the %s examples of %q have shape %v, the %s examples of %q %v", first.role, first.Domain, first.Shape, s.role, s.Domain, s.Shape)
	case s.kind() != first.kind():
		return fmt.Errorf("the %s examples of %q are %s, the %s examples of %q are %s: use the same type for all sets of a task", first.role, first.Domain, first.kind(), s.role, s.Domain, s.kind())
	}
	return nil
}

// validateHeldOut returns an error for a held-out class that is not valid.
func (t Task) validateHeldOut() error {
	labelled := countLabels(t.Target.Labels, len(t.Classes()))
	for i, k := range t.HeldOut {
		switch {
		case k < 0 || k >= len(t.Classes()):
			return fmt.Errorf("held-out class %d is outside 0…%d", k, len(t.Classes())-1)
		case slices.Contains(t.HeldOut[:i], k):
			return fmt.Errorf("class %q is held out twice: name it once in HeldOut", t.Classes()[k])
		case labelled[k] > 0:
			return fmt.Errorf("class %q is held out, but Target has labelled examples of it (%d): remove them from Target, or the class from HeldOut", t.Classes()[k], labelled[k])
		}
	}
	return nil
}

// Fingerprint returns the SHA-256 of everything that training may see, in hexadecimal. It
// does not depend on the labels of Test: they cannot change a network.
func (t Task) Fingerprint() string { return t.fingerprint(t.sourceFingerprint()) }

// fingerprint is Fingerprint, given the fingerprint of the sources.
func (t Task) fingerprint(sources string) string {
	h := sha256.New()
	fmt.Fprintln(h, sources)
	fmt.Fprintln(h, "target", t.Target.Fingerprint(), t.Unlabelled.Fingerprint())
	return hex.EncodeToString(h.Sum(nil))
}

// sourceFingerprint returns the SHA-256 of the labelled source domains.
func (t Task) sourceFingerprint() string {
	h := sha256.New()
	for _, s := range t.Sources {
		fmt.Fprintln(h, s.Fingerprint())
	}
	return hex.EncodeToString(h.Sum(nil))
}
