package sdt

import (
	"fmt"
	"slices"
)

// Validator names a score for choosing runs or steps, larger being better. All except
// [Oracle] work without labels of the target.
type Validator int

// The validators. p is the network's prediction, softmax(θ_Cᵀ f), over all K classes; the
// target's examples are the unlabelled ones.
const (
	Entropy                  Validator = iota + 1 // − mean over the target of H(p), nats: how confident it is
	InformationMaximization                       // H(mean p) − mean H(p) over the target, nats: confident, and in various classes
	SourceRisk                                    // − mean of −log p_y over the validation examples of the source, nats
	SoftNeighbourhoodDensity                      // mean entropy of the similarities among the target's predictions, nats
	DeepEmbedded                                  // − the source's risk, weighted to resemble the target's
	Oracle                                        // the reported accuracy, 0…1: chooses by the test labels
)

var validatorNames = [...]string{"", "entropy", "information maximization", "source risk", "soft neighbourhood density", "deep embedded validation", "oracle"}

// Validators returns the validators that see no label of the target.
func Validators() []Validator {
	return []Validator{Entropy, InformationMaximization, SourceRisk, SoftNeighbourhoodDensity, DeepEmbedded}
}

// String returns the validator's name.
func (v Validator) String() string {
	if v < 0 || int(v) >= len(validatorNames) {
		return fmt.Sprintf("Validator(%d)", int(v))
	}
	return validatorNames[v]
}

// MarshalText writes the validator's name.
func (v Validator) MarshalText() ([]byte, error) {
	if v < 0 || int(v) >= len(validatorNames) {
		return nil, fmt.Errorf("validator %d is unknown", int(v))
	}
	return []byte(v.String()), nil
}

// UnmarshalText reads a validator's name.
func (v *Validator) UnmarshalText(text []byte) error {
	i := slices.Index(validatorNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("validator %q is unknown: want one of %q", text, validatorNames[1:])
	}
	*v = Validator(i)
	return nil
}
