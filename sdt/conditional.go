package sdt

import (
	"math/rand/v2"

	"github.com/gomlx/gomlx/core/graph"

	"github.com/sdtlab/sdtlab/sdt/loss"
)

// For a conditional domain classifier: above this many products of a feature and a class it
// sees that many random numbers in their place (Long et al., NeurIPS 2018, and their code).
const (
	mostProducts   = 4096
	randomProducts = 1024
)

// domainInput returns what the domain classifier sees of features f [n, d] and logits [n, K]:
// the features, normalised if Config.NormalizeFeatures is set, or conditioned on the
// predictions, [n, d·K] or [n, 1024].
func (c Config) domainInput(f, logits *graph.Node) *graph.Node {
	if c.NormalizeFeatures {
		f = rmsNormalize(f)
	}
	if !methods[c.Method].conditional {
		return f
	}
	p := graph.Softmax(logits)
	d, k := f.Shape().Dimensions[1], logits.Shape().Dimensions[1]
	if d*k <= mostProducts {
		return loss.Multilinear(f, p)
	}
	g := f.Graph()
	return loss.RandomMultilinear(f, p, graph.Const(g, gaussian(c.Seed, "features", d)), graph.Const(g, gaussian(c.Seed, "predictions", k)))
}

// gaussian returns a matrix [rows, 1024] of standard normal numbers, the same for the same seed
// and name.
func gaussian(seed uint64, name string, rows int) [][]float32 {
	s := newStream("conditional "+name, rows, 1, seed)
	rng := rand.New(rand.NewPCG(s.seed, 1))
	m := make([][]float32, rows)
	for i := range m {
		m[i] = make([]float32, randomProducts)
		for j := range m[i] {
			m[i][j] = float32(rng.NormFloat64())
		}
	}
	return m
}
