package sdt

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// Task is one transfer problem: what a stage may see of each domain.
//
// The labels of Test are read by [Lab.Evaluate] alone; Unlabelled has none to
// leak. All label sets are over the same K classes, in the same order, which
// [Align] brings about.
type Task struct {
	Name       string     // "amazon→webcam"
	Sources    []Labelled // labelled source domains, at least one; the paper has one
	Target     Labelled   // the few labelled target examples; may be empty
	Unlabelled Examples   // target examples whose labels the method must not see
	Test       Labelled   // target examples that Evaluate reports on
	Validation Labelled   // labelled source examples that no training sees, by which [Validator]s choose; may be empty
	HeldOut    []int      // classes without labelled target examples, on which accuracy is reported; nil: report on all
	Split      Split      // how the examples were chosen
}

// Split records how a task's examples were chosen, so that a run can be made
// again: it is saved with the run.
type Split struct {
	Protocol   string           `json:"protocol"`             // "supervised", "semi-supervised", "unsupervised"
	Seed       uint64           `json:"seed"`                 // of the random choice
	PerSource  int              `json:"per_source,omitempty"` // source examples asked for per class; 0: all
	PerTarget  int              `json:"per_target,omitempty"` // labelled target examples asked for per class
	Capped     map[string]int   `json:"capped,omitempty"`     // "domain/class" → examples there were, where fewer than asked
	Source     []int            `json:"source,omitempty"`     // rows chosen of the source domain
	Target     []int            `json:"target,omitempty"`     // rows chosen of the target domain, labelled
	Validation []int            `json:"validation,omitempty"` // rows set aside of the source domain
	More       map[string][]int `json:"more,omitempty"`       // rows chosen of further source domains, by name
	Test       []int            `json:"test,omitempty"`       // rows of the target domain to report on
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

// Validate reports the first thing that makes the task unusable. Class sets that
// differ are an [*AlignmentError]; see [Align].
func (t Task) Validate() error {
	if len(t.Sources) == 0 {
		return fmt.Errorf("task %q: no source domain", t.Name)
	}
	sets := slices.Clone(t.Sources)
	if t.Target.Len() > 0 {
		sets = append(sets, t.Target)
	}
	if t.Validation.Len() > 0 {
		sets = append(sets, t.Validation)
	}
	sets = append(sets, t.Test)
	for _, s := range sets {
		if err := s.Validate(); err != nil {
			return fmt.Errorf("task %q: %w", t.Name, err)
		}
		if s.Len() == 0 {
			return fmt.Errorf("task %q: domain %q has no examples", t.Name, s.Domain)
		}
		if !slices.Equal(s.Classes, t.Classes()) {
			return fmt.Errorf("task %q: %w", t.Name, mismatch(t.Sources[0], s))
		}
		if !slices.Equal(s.Shape, t.Sources[0].Shape) {
			return fmt.Errorf("task %q: examples of %q have shape %v, of %q %v", t.Name, t.Sources[0].Domain, t.Sources[0].Shape, s.Domain, s.Shape)
		}
	}
	if t.Unlabelled.Len() > 0 {
		if err := t.Unlabelled.Validate(); err != nil {
			return fmt.Errorf("task %q: %w", t.Name, err)
		}
		if !slices.Equal(t.Unlabelled.Shape, t.Sources[0].Shape) {
			return fmt.Errorf("task %q: unlabelled examples have shape %v, source %v", t.Name, t.Unlabelled.Shape, t.Sources[0].Shape)
		}
	}
	for _, k := range t.HeldOut {
		if k < 0 || k >= len(t.Classes()) {
			return fmt.Errorf("task %q: held-out class %d is outside 0…%d", t.Name, k, len(t.Classes())-1)
		}
	}
	if len(t.Classes()) < 2 {
		return fmt.Errorf("task %q: %d classes, want at least 2", t.Name, len(t.Classes()))
	}
	return nil
}

// Fingerprint returns the SHA-256 of everything that training may see, in
// hexadecimal. The labels of Test do not count: they cannot change a network.
func (t Task) Fingerprint() string { return t.fingerprint(t.sourceFingerprint()) }

// fingerprint is Fingerprint where that of the sources is known.
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
