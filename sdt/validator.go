package sdt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Validator names a score by which runs or steps are chosen, larger being better. All but
// [Oracle] choose without a label of the target.
type Validator int

// The validators. p is the network's prediction, softmax(θ_Cᵀ f), over all K classes; the
// target's examples are the unlabelled ones.
const (
	Entropy                  Validator = iota + 1 // − mean over the target of H(p), nats: how sure it is
	InformationMaximization                       // H(mean p) − mean H(p) over the target, nats: sure, and of various classes
	SourceRisk                                    // − mean of −log p_y over the validation examples of the source, nats
	SoftNeighbourhoodDensity                      // mean entropy of the similarities among the target's predictions, nats
	DeepEmbedded                                  // − the source's risk, weighted to look like the target's
	Oracle                                        // the accuracy that is reported, 0…1: chooses by the test labels
)

var validatorNames = [...]string{"", "entropy", "information maximization", "source risk", "soft neighbourhood density", "deep embedded validation", "oracle"}

// Validators returns those that see no label of the target.
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

// usesValidation reports whether v needs [Task.Validation].
func (v Validator) usesValidation() bool { return validatorNeeds[v].validation }

// Score returns what the validator v makes of the network m: larger is better, and a finite
// number. What a score needs and the task does not have is an error; so are a score that
// comes to no number, and the context's end.
func (l *Lab) Score(ctx context.Context, m *Model, v Validator) (float64, error) {
	fail := func(err error) (float64, error) { return 0, fmt.Errorf("score by %s: %w", v, err) }
	if err := v.missing(l.task); err != nil {
		return fail(err)
	}
	score, err := l.score(ctx, m, v)
	if err != nil {
		return fail(err)
	}
	if !finite(score) {
		return fail(fmt.Errorf("%w, but %v: choose by another validator", errNoScore, score))
	}
	return score, nil
}

// errNoScore is of a network that is sound and a score that comes to no number, as a weight
// of [DeepEmbedded] may that is beyond float64.
var errNoScore = errors.New("it comes to no number")

func (l *Lab) score(ctx context.Context, m *Model, v Validator) (float64, error) {
	switch v {
	case Oracle:
		e, err := l.evaluate(ctx, m)
		return e.Accuracy(), err
	case SourceRisk:
		loss, err := l.validationLoss(ctx, m)
		return -mean(loss), err
	case DeepEmbedded:
		risk, err := l.embeddedRisk(ctx, m)
		return -risk, err
	}
	p, err := l.Predict(ctx, m, l.task.Unlabelled)
	if err != nil {
		return 0, err
	}
	switch v {
	case InformationMaximization:
		return entropy(meanRow(p)) - meanEntropy(p), nil
	case SoftNeighbourhoodDensity:
		return neighbourhoodDensity(p), nil
	}
	return -meanEntropy(p), nil
}

// validationLoss returns −log p_y of each validation example, nats.
func (l *Lab) validationLoss(ctx context.Context, m *Model) ([]float64, error) {
	v := l.task.Validation
	z, err := l.logits(ctx, m, v.Examples)
	if err != nil {
		return nil, err
	}
	k := len(v.Classes)
	loss := make([]float64, v.Len())
	for i, y := range v.Labels {
		loss[i] = logSumExp(z[i*k:(i+1)*k]) - float64(z[i*k+int(y)])
	}
	return loss, nil
}

// logSumExp returns log Σ exp z.
func logSumExp(z []float32) float64 {
	top := float64(slices.Max(z))
	sum := 0.0
	for _, v := range z {
		sum += math.Exp(float64(v) - top)
	}
	return top + math.Log(sum)
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// meanRow returns the mean of the rows of p [n][K], [K].
func meanRow(p [][]float64) []float64 {
	m := make([]float64, len(p[0]))
	for _, row := range p {
		for k, v := range row {
			m[k] += v / float64(len(p))
		}
	}
	return m
}

// entropy returns −Σ p log p, nats.
func entropy(p []float64) float64 {
	h := 0.0
	for _, v := range p {
		if v > 0 {
			h -= v * math.Log(v)
		}
	}
	return h
}

func meanEntropy(p [][]float64) float64 {
	sum := 0.0
	for _, row := range p {
		sum += entropy(row)
	}
	return sum / float64(len(p))
}
