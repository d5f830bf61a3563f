package sdt

import (
	"math"
	"slices"
)

// mean returns the mean of x.
func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
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

// entropy returns −Σ p log p, in nats.
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
