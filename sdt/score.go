package sdt

import (
	"context"
	"errors"
	"fmt"
)

// Score returns what the validator v makes of the network m: larger is better, and a finite
// number. What a score needs and the task does not have is an error; so are a model that cannot
// be used (see [Model]), a score that is NaN or infinite, and the context's end.
func (l *Lab) Score(ctx context.Context, m *Model, v Validator) (float64, error) {
	fail := func(err error) (float64, error) { return 0, fmt.Errorf("score by %s: %w", v, err) }
	if v == 0 {
		return 0, errors.New("score: no validator is given: choose one of sdt.Validators, or sdt.Oracle")
	}
	if err := v.missing(l.task); err != nil {
		return fail(fmt.Errorf("it %w", err))
	}
	if err := l.usableOver(m); err != nil {
		return fail(err)
	}
	score, err := l.score(ctx, m, v)
	if err != nil {
		return fail(err)
	}
	if !finite(score) {
		return fail(fmt.Errorf("%w (%v): choose by another validator", errNoScore, score))
	}
	return score, nil
}

// errNoScore is of a network that is sound and a score that is not finite, as a weight of
// [DeepEmbedded] may be that is beyond float64.
var errNoScore = errors.New("it is not a finite number")

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
