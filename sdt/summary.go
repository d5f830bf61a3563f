package sdt

import "fmt"

// TaskSummary describes a task in counts: what there was to learn from and to test on.
type TaskSummary struct {
	Name      string       `json:"name"`                 // of the task: "amazon→webcam"
	Protocol  string       `json:"protocol,omitempty"`   // by which the examples were chosen
	Seed      uint64       `json:"seed"`                 // of that choice
	PerSource int          `json:"per_source,omitempty"` // source examples requested per class; 0: all
	PerTarget int          `json:"per_target,omitempty"` // labelled target examples requested per class
	Classes   []string     `json:"classes"`              // names of the K classes
	HeldOut   []int        `json:"held_out,omitempty"`   // the classes reported on; empty: all
	Sets      []SetSummary `json:"parts"`                // the sets of examples
}

// SetSummary is one set of examples of a task.
type SetSummary struct {
	Role   string `json:"role"`             // "source", "validation", "target, labelled", "target, unlabelled" or "test"
	Domain string `json:"domain"`           // its name
	Count  int    `json:"count"`            // of examples
	Shape  []int  `json:"shape"`            // of one
	Counts []int  `json:"counts,omitempty"` // of each class, [K]; nil if labels must not be seen
	SHA256 string `json:"sha256"`           // its fingerprint: examples, and labels if it has them
}

// Summary returns the task in counts, with the fingerprints of its sets.
func (t Task) Summary() TaskSummary {
	s := TaskSummary{Name: t.Name, Protocol: t.Split.Protocol, Seed: t.Split.Seed, PerSource: t.Split.PerSource, PerTarget: t.Split.PerTarget,
		Classes: t.Classes(), HeldOut: t.HeldOut}
	labelled := func(role string, l Labelled) {
		if l.Len() > 0 {
			s.Sets = append(s.Sets, SetSummary{role, l.Domain, l.Len(), l.Shape, l.Counts(), l.Fingerprint()})
		}
	}
	for _, source := range t.Sources {
		labelled("source", source)
	}
	labelled("validation", t.Validation)
	labelled("target, labelled", t.Target)
	if u := t.Unlabelled; u.Len() > 0 {
		s.Sets = append(s.Sets, SetSummary{"target, unlabelled", u.Domain, u.Len(), u.Shape, nil, u.Fingerprint()})
	}
	labelled("test", t.Test)
	return s
}

// testSet returns the fingerprint of the test examples; "" if the summary does not have it.
func (s TaskSummary) testSet() string {
	for _, set := range s.Sets {
		if set.Role == "test" {
			return set.SHA256
		}
	}
	return ""
}

// String names the set as tables show it.
func (p SetSummary) String() string { return fmt.Sprintf("%s (%s)", p.Domain, p.Role) }
