package sdt

import "slices"

// Measure is a number that training reports at each step.
type Measure struct {
	Name string // the paper's symbol: "L_C"; "discrepancy" is L_MMD, L_CORAL or L_CSA, depending on the method
	Unit string // "nats", "squared features", or "0…1", a share

	in func(*History) *[]float64
}

// measures is the table of measures, in the order in which they are reported.
var measures = []Measure{
	{"L_C", "nats", func(h *History) *[]float64 { return &h.ClassLoss }},
	{"L_D", "nats", func(h *History) *[]float64 { return &h.DomainLoss }},
	{"L_conf", "nats", func(h *History) *[]float64 { return &h.ConfusionLoss }},
	{"L_soft", "nats", func(h *History) *[]float64 { return &h.SoftLoss }},
	{"L_pseudo", "nats", func(h *History) *[]float64 { return &h.PseudoLoss }},
	{"entropy", "nats", func(h *History) *[]float64 { return &h.Entropy }},
	{"discrepancy", "squared features", func(h *History) *[]float64 { return &h.Discrepancy }},
	{accuracyName, "0…1", func(h *History) *[]float64 { return &h.DomainAccuracy }},
	{confidentName, "0…1", func(h *History) *[]float64 { return &h.Confident }},
}

// Names of the measures that are not losses.
const (
	accuracyName  = "domain accuracy" // of the domain classifier
	confidentName = "confident"       // share of the unlabelled rows that have a pseudo-label
)

func isLoss(measure string) bool { return measure != accuracyName && measure != confidentName }

// Measures returns what training reports at each step, the losses first.
func Measures() []Measure { return append([]Measure(nil), measures...) }

// Of returns the measure's values in a history, one for each entry of its Step; empty if
// the stage does not have it.
func (m Measure) Of(h History) []float64 { return *m.in(&h) }

// measureIndex returns the index of a name among the measures.
func measureIndex(name string) int {
	return slices.IndexFunc(measures, func(m Measure) bool { return m.Name == name })
}
