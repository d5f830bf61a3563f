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
func (v Validator) usesValidation() bool { return v == SourceRisk || v == DeepEmbedded }

// missing reports what v needs of a task that it does not have.
func (v Validator) missing(t Task) error {
	switch {
	case v < Entropy || v > Oracle:
		return fmt.Errorf("%s is no validator", v)
	case v.usesValidation() && t.Validation.Len() == 0:
		return fmt.Errorf("%s needs labelled source examples that no training sees: the task has no Validation", v)
	case v != SourceRisk && v != Oracle && t.Unlabelled.Len() == 0:
		return fmt.Errorf("%s needs unlabelled target examples: the task has none", v)
	}
	return nil
}

// Score returns what the validator v makes of the network m: larger is better. What a
// score needs and the task does not have is an error; so is the context's end.
func (l *Lab) Score(ctx context.Context, m *Model, v Validator) (float64, error) {
	fail := func(err error) (float64, error) { return 0, fmt.Errorf("score by %s: %w", v, err) }
	if err := v.missing(l.task); err != nil {
		return fail(err)
	}
	switch v {
	case Oracle:
		e, err := l.evaluate(ctx, m)
		if err != nil {
			return fail(err)
		}
		return e.Accuracy(), nil
	case SourceRisk:
		loss, err := l.validationLoss(ctx, m)
		if err != nil {
			return fail(err)
		}
		return -mean(loss), nil
	case DeepEmbedded:
		risk, err := l.embeddedRisk(ctx, m)
		if err != nil {
			return fail(err)
		}
		return -risk, nil
	}
	p, err := l.Predict(ctx, m, l.task.Unlabelled)
	if err != nil {
		return fail(err)
	}
	score := map[Validator]func([][]float64) float64{
		Entropy:                  func(p [][]float64) float64 { return -meanEntropy(p) },
		InformationMaximization:  func(p [][]float64) float64 { return entropy(meanRow(p)) - meanEntropy(p) },
		SoftNeighbourhoodDensity: neighbourhoodDensity,
	}[v](p)
	if math.IsNaN(score) {
		return fail(errors.New("the network gives no number"))
	}
	return score, nil
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
