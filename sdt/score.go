package sdt

import (
	"context"
	"errors"
	"fmt"
)

// Score returns the score of the network m by the validator v: larger is better, and it is a
// finite number. It returns an error if the task lacks what the score needs, if the model
// cannot be used (see [Model]), if the score is NaN or infinite, or if the context ends.
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

// errNoScore reports a score that is not finite although the network is sound, because, for
// example, a weight of [DeepEmbedded] overflows float64.
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
