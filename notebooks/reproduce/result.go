package main

import (
	"context"
	"math"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// result is the result of a cell: one line of JSON.
type result struct {
	Key          string       `json:"key"`
	Table        string       `json:"table"`
	Problem      string       `json:"problem"`
	Trial        int          `json:"trial"` // from 0; the seed of split and training
	Method       sdt.Method   `json:"method"`
	Network      string       `json:"network,omitempty"` // its name among -network's, in words
	Variant      string       `json:"variant,omitempty"` // of the method, after its name in the column
	Setting      string       `json:"setting,omitempty"`
	Scores       scores       `json:"scores,omitempty"` // of the validators; if there are settings
	Accuracy     float64      `json:"accuracy"`         // 0…1, of the reported classes' test examples
	MeanPerClass float64      `json:"mean_per_class"`   // 0…1, of the reported classes
	Classes      []string     `json:"classes"`
	PerClass     []*float64   `json:"per_class"` // 0…1; null if a class has no test example
	History      sdt.History  `json:"history"`   // of the adaptation; of the pretraining if there is none
	Seconds      float64      `json:"seconds"`   // of pretraining and adaptation; a shared pretraining counts in each cell
	Backend      string       `json:"backend"`
	Version      string       `json:"version"` // of this program's source
	Config       sdt.Config   `json:"config"`
	Data         fingerprints `json:"data"`
	Split        sdt.Split    `json:"split"`              // the chosen rows, and the classes that had too few
	HeldOut      []string     `json:"held_out,omitempty"` // the reported classes; none: all
	Taken        float64      `json:"taken,omitempty"`    // share, 0…1, of the held-out classes' test examples that were taken for another class
}

// taken returns the share of the held-out classes' test examples, 0…1, that are classified
// as a class with labelled target examples: a network fine-tuned only on those classes errs
// towards them.
func taken(e sdt.Evaluation) float64 {
	of, n := 0, 0
	for i, y := range e.Labels {
		if !slices.Contains(e.HeldOut, int(y)) {
			continue
		}
		if n++; !slices.Contains(e.HeldOut, int(e.Predictions[i])) {
			of++
		}
	}
	return float64(of) / float64(max(n, 1))
}

// fingerprints are the SHA-256 of what a cell was trained and tested on.
type fingerprints struct {
	Train string `json:"train"`
	Test  string `json:"test"`
}

// known returns the numbers of x, nil for NaN.
func known(x []float64) []*float64 {
	out := make([]*float64, len(x))
	for i := range x {
		if !math.IsNaN(x[i]) {
			out[i] = &x[i]
		}
	}
	return out
}

// scores are a network's scores by the validators that need no labelled examples set aside.
type scores map[sdt.Validator]float64

func scoresOf(ctx context.Context, lab *sdt.Lab, m *sdt.Model) (scores, error) {
	all := scores{}
	for _, v := range []sdt.Validator{sdt.Entropy, sdt.InformationMaximization, sdt.SoftNeighbourhoodDensity} {
		var err error
		if all[v], err = lab.Score(ctx, m, v); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// entry is a result in one column of a table.
type entry struct {
	result
	column string
	chosen bool // the validator chose its setting
}
