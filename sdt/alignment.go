package sdt

import (
	"github.com/gomlx/gomlx/core/graph"

	"github.com/sdtlab/sdtlab/sdt/loss"
)

// alignment is a loss weighted by λ: one that draws the domains together, by their features or
// by their predictions.
type alignment struct {
	measure string     // its name among [Measures]; "": not reported
	name    string     // in progress and errors
	lambda  float64    // λ by default
	rows    int        // of each domain that it needs, in the task and in a batch
	target  targetRows // that it sees
	share   bool       // λ is a share: L_C is weighted by 1 − λ
	classes bool       // it moves θ_C too, so it has an effect although no variable of θ_repr is trainable
	of      func(in aligned) *graph.Node
}

// targetRows says which rows of the target a loss sees.
type targetRows int

const (
	targetAll targetRows = iota
	unlabelledRows
	labelledRows
)

// aligned is what an alignment is computed from, for a batch of n rows.
type aligned struct {
	features *graph.Node // f [n, d]
	logits   *graph.Node // of θ_C, [n, K]
	input    *graph.Node // [n, d]: the features as θ_C takes them
	weights  *graph.Node // of θ_C, [d, K]
	labels   *graph.Node // [n] int32; −1: unlabelled
	domains  *graph.Node // [n] int32: the sources, then the target
	count    int         // of domains, D
	counts   *graph.Node // [n] int32: 1 on unlabelled target rows
	onto     *graph.Node // logits of θ_D after its step, whose weights pass no gradient, [n, D]; nil without θ_D
}

var (
	confusion = alignment{measure: "L_conf", name: "L_conf", lambda: 0.01, rows: 1,
		of: func(in aligned) *graph.Node { return loss.Confusion(in.onto) }}
	// of DANN and CDAN
	reversal = alignment{lambda: 1, rows: 1,
		of: func(in aligned) *graph.Node { return loss.GradientReversal(in.onto, in.domains) }}
	// of DDC and deep CORAL; one row has no covariance
	discrepancy = alignment{measure: "discrepancy", name: "L_MMD", lambda: 0.25, rows: 1,
		of: func(in aligned) *graph.Node { return loss.MMD(in.features, in.domains, in.count) }}
	covariance = alignment{measure: "discrepancy", name: "L_CORAL", lambda: 1, rows: 2,
		of: func(in aligned) *graph.Node { return loss.CORAL(in.features, in.domains, in.count) }}
	// of MME and entropy minimization, with the λ of Saito et al., ICCV 2019
	minimax = alignment{measure: "entropy", name: "H", lambda: 0.1, rows: 1, target: unlabelledRows,
		of: func(in aligned) *graph.Node { return loss.MinimaxEntropy(in.input, in.weights, in.counts) }}
	sureness = alignment{measure: "entropy", name: "H", lambda: 0.1, rows: 1, target: unlabelledRows, classes: true,
		of: func(in aligned) *graph.Node { return loss.Entropy(in.logits, in.counts) }}
	// of CCSA, with the γ and the margin of its authors' code
	contrast = alignment{measure: "discrepancy", name: "L_CSA", lambda: 0.25, rows: 1, target: labelledRows, share: true,
		of: func(in aligned) *graph.Node {
			target := graph.ConvertDType(graph.Equal(in.domains, graph.Scalar(in.domains.Graph(), in.domains.DType(), in.count-1)), in.domains.DType())
			return loss.Contrastive(in.features, in.labels, target, in.logits.Shape().Dimensions[1], 1)
		}}
)
