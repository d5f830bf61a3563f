package plots

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// spearman returns Spearman's rank correlation of x and y: Pearson's correlation of their ranks,
// where ties share the mean of their ranks. It is NaN if x or y does not vary.
func spearman(x, y []float64) float64 { return stat.Correlation(ranks(x), ranks(y), nil) }

// ranks returns the rank of each number, from 1; equal numbers have the mean of their ranks.
func ranks(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		below, equal := 0, 0
		for _, w := range x {
			if w < v {
				below++
			} else if w == v {
				equal++
			}
		}
		out[i] = float64(below) + float64(equal+1)/2
	}
	return out
}

// kendall returns Kendall's τ_b of x and y, which corrects for ties,
//
//	τ_b = (C − D)/√((n₀ − n₁)(n₀ − n₂)),
//
// where C and D are the pairs in the same and in the opposite order, n₀ all pairs, n₁ and n₂
// those that are ties in x and in y. It is NaN if x or y does not vary.
func kendall(x, y []float64) float64 {
	var order, inX, inY float64 // C − D; n₀ − n₁; n₀ − n₂
	for i := range x {
		for j := range i {
			a, b := sign(x[i]-x[j]), sign(y[i]-y[j])
			order, inX, inY = order+a*b, inX+a*a, inY+b*b
		}
	}
	return order / math.Sqrt(inX*inY)
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// largest returns the index of the largest finite number, the first of several; −1 if none is
// finite.
func largest(x []float64) int {
	at := -1
	for i, v := range x {
		if finite(v) && (at < 0 || v > x[at]) {
			at = i
		}
	}
	return at
}
