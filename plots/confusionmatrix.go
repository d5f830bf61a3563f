package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// ConfusionMatrix draws a heat map of predicted class (column) for each true class (row). The
// colour is the share of the row's images, 0 to 100 %, so the diagonal is the accuracy on the
// class; the tooltip counts the images. The row of a class without test images is blank.
// Held-out classes are marked.
//
// The table lists for each true class the images, the correct predictions, and every class
// predicted instead with its count, most frequent first.
//
// It panics if e has no classes, or contradicts itself as described at [PerClassAccuracy].
func ConfusionMatrix(e sdt.Evaluation) Chart {
	if len(e.Classes) == 0 {
		panic("plots.ConfusionMatrix: no classes")
	}
	checkEvaluations("ConfusionMatrix", []sdt.Evaluation{e})
	held, counts, acc := heldOut([]sdt.Evaluation{e}), e.Counts(), e.PerClass()
	labels := slices.Clone(e.Classes)
	t := Table{Caption: "Predictions for the images of each class", Text: []int{4},
		Head: []string{"true class", "images", "right", "accuracy, %", "predicted instead"}}
	var cells []any
	right, empty := 0, slices.Contains(counts, 0)
	for k, row := range e.ConfusionMatrix() {
		if held[k] {
			labels[k] += heldOutMark
		}
		for i, n := range row {
			// The background has the colour of zero, unless some row must stay blank.
			if counts[k] > 0 && (n > 0 || empty) {
				cells = append(cells, at(k, i, 100*float64(n)/float64(counts[k]), float64(n)))
			}
		}
		right += row[k]
		t.Rows = append(t.Rows, []string{labels[k], fmt.Sprint(counts[k]), fmt.Sprint(row[k]), figure(100*acc[k], 1), predictedInstead(e.Classes, row, k)})
	}
	t.Foot = [][]string{{"all", fmt.Sprint(len(e.Labels)), fmt.Sprint(right), figure(100*float64(right)/float64(len(e.Labels)), 1), ""}}
	c := Chart{
		title:    "Confusion matrix: " + isolate(evaluationName(e)),
		subtitle: "Test images of " + isolate(e.Domain) + ". Colour: share of the row's images.",
		summary: fmt.Sprintf("Heat map of %d by %d classes: %d of %d images lie on the diagonal, where the predicted class is the true one.",
			len(e.Classes), len(e.Classes), right, len(e.Labels)),
		option: heatMap(heatMapOf{classes: labels, cells: cells, tooltip: "sdt.predicted", lo: 0, hi: 100, text: []string{"100 %", "0 %"},
			x: "predicted class", y: "true class", zero: !empty}),
		tables: []Table{t},
	}
	if slices.Contains(held, true) {
		c.subtitle += " * held out: no labelled target image in training."
	}
	c.height, c.minWidth, c.maxWidth = heatMapSizeOf(labels).sizes()
	return c
}

// predictedInstead lists the wrong predictions of one row, most frequent first.
func predictedInstead(classes []string, row []int, k int) string {
	var wrong []int
	for i, n := range row {
		if i != k && n > 0 {
			wrong = append(wrong, i)
		}
	}
	slices.SortStableFunc(wrong, func(a, b int) int { return cmp.Compare(row[b], row[a]) })
	var parts []string
	for _, i := range wrong {
		parts = append(parts, fmt.Sprintf("%s %d", isolate(classes[i]), row[i]))
	}
	return strings.Join(parts, ", ")
}
