package sdt

import (
	"context"
	"math"
)

// embeddedRisk is deep embedded validation: the loss on the source's validation examples,
// each weighted by how much more likely its features are in the target than in the source,
// with a control variate that reduces the variance,
//
//	R = mean(w ℓ) + η mean(w) − η,  η = −Cov(w ℓ, w)/Var(w).
//
// ℓ is −log p_y in nats; w = (n_S/n_T)·q_T/q_S comes from a logistic regression between
// the features of the training source, n_S, and of the unlabelled target, n_T.
//
// You, Wang, Long, Jordan, Towards Accurate Model Selection in Deep Unsupervised Domain
// Adaptation, ICML 2019, algorithm 1. They estimate the density ratio with a small network.
func (l *Lab) embeddedRisk(ctx context.Context, m *Model) (float64, error) {
	var x []float32
	for _, s := range l.task.Sources {
		f, _, err := l.FeaturesOf(ctx, m, s.Examples)
		if err != nil {
			return 0, err
		}
		x = append(x, f...)
	}
	target, d, err := l.FeaturesOf(ctx, m, l.task.Unlabelled)
	if err != nil {
		return 0, err
	}
	sources, targets := len(x)/d, len(target)/d
	isTarget := make([]bool, sources+targets)
	for i := range targets {
		isTarget[sources+i] = true
	}
	ratio, err := fitLogistic(append(x, target...), isTarget, d)
	if err != nil {
		return 0, err
	}
	loss, err := l.validationLoss(ctx, m)
	if err != nil {
		return 0, err
	}
	f, _, err := l.FeaturesOf(ctx, m, l.task.Validation.Examples)
	if err != nil {
		return 0, err
	}
	weights := make([]float64, len(loss))
	for i := range weights {
		weights[i] = float64(sources) / float64(targets) * math.Exp(ratio.score(f[i*d:(i+1)*d]))
	}
	return controlled(weights, loss), nil
}

// controlled returns mean(w ℓ) + η (mean(w) − 1) with the η of least variance, which is 0
// if the weights do not vary.
func controlled(w, loss []float64) float64 {
	weighted := make([]float64, len(w))
	for i := range w {
		weighted[i] = w[i] * loss[i]
	}
	meanW, meanWeighted := mean(w), mean(weighted)
	var covariance, variance float64
	for i := range w {
		covariance += (weighted[i] - meanWeighted) * (w[i] - meanW)
		variance += (w[i] - meanW) * (w[i] - meanW)
	}
	if variance == 0 {
		return meanWeighted
	}
	return meanWeighted - covariance/variance*(meanW-1)
}
