package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// writtenMatrix is the largest K for which the K×K numbers are written out in full.
const writtenMatrix = 50

// SoftLabels draws the soft labels as a heat map: row k is l^(k), for the class that images
// belong to; column i is the class that mass is on. The diagonal holds nearly all of the mass,
// and the rest shows what is similar to what. So the cells of the diagonal are only framed, and
// the colour is the logarithm of the mass off the diagonal. It starts at the mass that a tenth
// of the cells are below, but not lower than 10⁻⁶, and ends at the largest.
//
// Soft labels that were given to [sdt.Lab.Adapt] (see [sdt.SoftLabels.Given]) are named so.
//
// The first table lists, for each class, the mass on itself, the entropy in nats and the
// classes most similar to it; the second, for up to 50 classes, holds the matrix in percent.
//
// A number that is not finite has no cell, is not among the similar classes, and is a dash in
// the tables. The same holds for every number of a class without source images, which has a row
// of zeros in place of a soft label. It panics unless L has K rows of K numbers, K ≥ 1.
func SoftLabels(s sdt.SoftLabels) Chart {
	checkSoftLabels("SoftLabels", s)
	s = withGaps(s)
	lo, hi := softScale(s.L)
	c := Chart{
		title:    softLabelsTitle(s),
		subtitle: softLabelsSubtitle(s),
		summary:  softLabelsSummary(s),
		option:   softHeatMap(s, lo, hi), tables: []Table{similarTable(s)}, lead: true,
	}
	c.height, c.minWidth, c.maxWidth = heatMapSizeOf(s.Classes).sizes()
	if len(s.Classes) <= writtenMatrix {
		c.tables = append(c.tables, matrixTable("Soft labels, %: row, images of; column, mass on", s.Classes, s.L))
	}
	return c
}

func softLabelsTitle(s sdt.SoftLabels) string {
	if s.Given() {
		return "Soft labels, as they were given"
	}
	return "Soft labels: what the source network finds similar"
}

func softLabelsSubtitle(s sdt.SoftLabels) string {
	row := "mean softmax at τ = %s over source images of class k"
	if s.Given() {
		row = "soft label of class k at τ = %s, given to the training and not made from its source network"
	}
	return fmt.Sprintf("Row k: "+row+". Colour: mass on the other classes, on a logarithmic scale; framed: on the class itself.", digits(s.Temperature))
}

func softLabelsSummary(s sdt.SoftLabels) string {
	_, hi := softScale(s.L)
	return fmt.Sprintf("Heat map of %d by %d classes. The largest mass off the diagonal is %s.", len(s.Classes), len(s.Classes), percent(hi))
}

// softHeatMap returns the option for a colour scale from mass lo to hi.
func softHeatMap(s sdt.SoftLabels, lo, hi float64) map[string]any {
	var cells, diagonal []any
	for k, row := range s.L {
		for i, v := range row {
			switch {
			case i == k:
				diagonal = append(diagonal, offScale(k, i, v))
			case finite(v):
				cells = append(cells, at(k, i, math.Log10(min(max(v, lo), hi)), v))
			}
		}
	}
	cells = append(cells, diagonal...) // last, so that no neighbour covers a frame
	return heatMap(heatMapOf{classes: s.Classes, cells: cells, tooltip: "sdt.similar", lo: math.Log10(lo), hi: math.Log10(hi),
		text: []string{percent(hi), "≤ " + percent(lo)}, x: "mass on", y: "images of"})
}

// similarTable returns the table of what each class resembles.
func similarTable(s sdt.SoftLabels) Table {
	similar := Table{Caption: fmt.Sprintf("What each class resembles, by the soft labels at τ = %s", digits(s.Temperature)),
		Head: []string{"class", "images", "on itself, %", "entropy, nats", "most similar"}, Text: []int{4}}
	for k, row := range s.L {
		images := "–"
		if k < len(s.Counts) {
			images = fmt.Sprint(s.Counts[k])
		}
		similar.Rows = append(similar.Rows, []string{s.Classes[k], images, figure(100*row[k], 1), figure(entropy(row), 2), mostSimilar(s.Classes, row, k, 4)})
	}
	return similar
}

func checkSoftLabels(caller string, s sdt.SoftLabels) {
	if len(s.L) != len(s.Classes) || len(s.L) == 0 {
		panic(fmt.Sprintf("plots.%s: %d rows, want K = %d, at least 1", caller, len(s.L), len(s.Classes)))
	}
	for k, row := range s.L {
		if len(row) != len(s.Classes) {
			panic(fmt.Sprintf("plots.%s: row %d has %d numbers, want K = %d", caller, k, len(row), len(s.Classes)))
		}
	}
}

// withGaps returns soft labels with NaN for the numbers of each class that has no soft label,
// only a row of zeros.
func withGaps(s sdt.SoftLabels) sdt.SoftLabels {
	rows := slices.Clone(s.L)
	for k := range rows {
		if hasNone(rows[k]) {
			rows[k] = slices.Repeat([]float64{math.NaN()}, len(rows[k]))
		}
	}
	s.L = rows
	return s
}

// hasNone reports whether a row of soft labels stands for no soft label.
func hasNone(row []float64) bool {
	return !slices.ContainsFunc(row, func(v float64) bool { return v != 0 })
}

// softScale returns the masses at which the colour scale begins and ends, from the cells off
// the diagonal.
func softScale(l [][]float64) (lo, hi float64) {
	var off []float64
	for k, row := range l {
		for i, v := range row {
			if i != k && finite(v) {
				off = append(off, v)
			}
		}
	}
	if len(off) == 0 {
		return 1e-6, 1
	}
	slices.Sort(off)
	hi = max(off[len(off)-1], 1e-5)
	return min(max(off[len(off)/10], 1e-6), hi/10), hi
}

// bySimilarity returns the classes other than k, largest mass first, and last those with a mass
// that is not finite.
func bySimilarity(row []float64, k int) []int {
	var order, none []int
	for i, v := range row {
		switch {
		case i == k:
		case finite(v):
			order = append(order, i)
		default:
			none = append(none, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(row[b], row[a]) })
	return append(order, none...)
}

// mostSimilar lists the n classes other than k with the largest mass.
func mostSimilar(classes []string, row []float64, k, n int) string {
	var parts []string
	for _, i := range bySimilarity(row, k) {
		if len(parts) == n || !finite(row[i]) {
			break
		}
		parts = append(parts, isolate(classes[i])+" "+percent(row[i]))
	}
	if parts == nil {
		return "–"
	}
	return strings.Join(parts, ", ")
}

// entropy returns −Σ lᵢ log lᵢ, in nats; NaN if a number of l is not finite.
func entropy(l []float64) float64 {
	h := 0.0
	for _, v := range l {
		if !finite(v) {
			return math.NaN()
		}
		if v > 0 {
			h -= v * math.Log(v)
		}
	}
	return h
}

// percent writes a share in percent, or a dash if it is not finite.
func percent(v float64) string {
	if text := percentDigits(v); text != dash {
		return text + " %"
	}
	return dash
}

// percentDigits writes a share in percent with as many decimals as it needs.
func percentDigits(v float64) string {
	switch p := 100 * v; {
	case !finite(p) || math.Abs(p) >= 10 || p == 0:
		return figure(p, 1)
	case math.Abs(p) >= 0.1:
		return figure(p, 2)
	default:
		return fmt.Sprintf("%.2g", p)
	}
}

// matrixTable returns a K×K matrix of shares as a table, in percent.
func matrixTable(caption string, classes []string, m [][]float64) Table {
	t := Table{Caption: caption, Head: append([]string{"class"}, classes...)}
	for k, row := range m {
		cells := []string{classes[k]}
		for _, v := range row {
			cells = append(cells, percentDigits(v))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}
