package sdt

import (
	"fmt"
	"math"
	"slices"
)

// Evaluation is a network's result on the target's test examples.
type Evaluation struct {
	Method      Method    `json:"method"`             // how the network was trained
	Domain      string    `json:"domain"`             // that was tested
	Classes     []string  `json:"classes"`            // names of the K classes
	HeldOut     []int     `json:"held_out,omitempty"` // the classes reported on; empty: all
	Labels      []int32   `json:"labels"`             // true class of each test example, [n]
	Predictions []int32   `json:"predictions"`        // argmax over all K outputs, [n]
	Confidence  []float32 `json:"confidence"`         // softmax probability of the prediction, [n]

	Name    string `json:"-"` // what figures call it; empty: by its method
	TestSet string `json:"-"` // which test examples: their [Labelled.Fingerprint]; empty: unknown
}

// SameTest reports whether two evaluations are of the same test examples, so that row i of both
// is one example: their labels are equal, and so are their test sets. If a TestSet is unknown,
// only the labels count. Those do not tell two random choices of examples apart: a protocol
// that chooses by class and sorts the rows often makes equal labels of different examples.
func (e Evaluation) SameTest(other Evaluation) bool {
	known := e.TestSet != "" && other.TestSet != ""
	return slices.Equal(e.Labels, other.Labels) && (!known || e.TestSet == other.TestSet)
}

// At returns the evaluation for only the test examples at the given rows, in that order. Its
// TestSet is that of e and the rows. It panics if a row is outside 0 ≤ row < n.
func (e Evaluation) At(rows []int) Evaluation {
	labels, predictions, confidence := e.Labels, e.Predictions, e.Confidence
	e.Labels, e.Predictions, e.Confidence = nil, nil, nil
	for _, i := range rows {
		e.Labels = append(e.Labels, labels[i])
		e.Predictions = append(e.Predictions, predictions[i])
		e.Confidence = append(e.Confidence, confidence[i])
	}
	if e.TestSet != "" {
		e.TestSet += fmt.Sprint(rows)
	}
	return e
}

// ConfusionMatrix counts test examples by true class (row) and predicted class
// (column), [K][K].
func (e Evaluation) ConfusionMatrix() [][]int {
	m := make([][]int, len(e.Classes))
	for k := range m {
		m[k] = make([]int, len(e.Classes))
	}
	for i, y := range e.Labels {
		m[y][e.Predictions[i]]++
	}
	return m
}

// Counts returns how many test examples each class has, [K].
func (e Evaluation) Counts() []int {
	return countLabels(e.Labels, len(e.Classes))
}

// PerClass returns the accuracy on each class, 0…1, [K]; NaN where the class has no
// test example.
func (e Evaluation) PerClass() []float64 {
	acc := make([]float64, len(e.Classes))
	m := e.ConfusionMatrix()
	for k, n := range e.Counts() {
		acc[k] = float64(m[k][k]) / float64(n) // 0/0 is NaN
	}
	return acc
}

// Reported returns the classes that the accuracy covers: HeldOut, each once, or all.
func (e Evaluation) Reported() []int {
	if len(e.HeldOut) > 0 {
		var once []int
		for _, k := range e.HeldOut {
			if !slices.Contains(once, k) {
				once = append(once, k)
			}
		}
		return once
	}
	all := make([]int, len(e.Classes))
	for k := range all {
		all[k] = k
	}
	return all
}

// Accuracy returns the share of the test examples of the reported classes that were
// predicted correctly, 0…1; NaN if there are none.
func (e Evaluation) Accuracy() float64 {
	right, n := 0, 0
	m, counts := e.ConfusionMatrix(), e.Counts()
	for _, k := range e.Reported() {
		right += m[k][k]
		n += counts[k]
	}
	return float64(right) / float64(n)
}

// MeanPerClass returns the mean of the reported classes' accuracies, 0…1, over those that
// have test examples; NaN if none has.
func (e Evaluation) MeanPerClass() float64 {
	sum, n := 0.0, 0
	acc := e.PerClass()
	for _, k := range e.Reported() {
		if !math.IsNaN(acc[k]) {
			sum += acc[k]
			n++
		}
	}
	return sum / float64(n)
}
