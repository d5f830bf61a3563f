package main

import (
	"maps"

	"github.com/sdtlab/sdtlab/sdt"
)

// marks explains the marks of published figures.
const marks = "Published: (v) was read in a public source other than the paper, (m) is from memory and may be wrong."

// publishedSupervised is the paper's Table 1.
var publishedSupervised = publishedTable("", averageRow, map[sdt.Method][7]string{
	sdt.SourceOnly:    {"56.5", "64.6", "42.7", "93.6", "47.6", "92.4", "66.22"},
	sdt.TargetOnly:    {"80.5", "81.8", "59.9", "81.8", "59.9", "80.5", "74.05"},
	sdt.SourceTarget:  {"82.5", "85.2", "65.2", "96.3", "65.8", "93.9", "81.50"},
	sdt.ConfusionOnly: {"82.8", "85.9", "64.9", "97.5", "66.2", "95.6", "82.13"},
	sdt.SoftOnly:      {"82.7", "84.9", "65.2", "98.3", "66.0", "95.9", "82.17"},
	sdt.Full:          {"82.7 ± 0.8", "86.1 ± 1.2", "65.0 ± 0.5", "97.6 ± 0.2", "66.2 ± 0.3", "95.7 ± 0.5", "82.22"},
}, sdt.Full)

// publishedHeldOut is the paper's Table 2.
var publishedHeldOut = publishedTable(heldOut, averageRow, heldOutFigures)

var heldOutFigures = map[sdt.Method][7]string{
	sdt.SourceOnly:    {"54.2", "63.2", "34.7", "94.5", "36.4", "89.3", "62.0"},
	sdt.ConfusionOnly: {"55.2", "63.7", "41.1", "96.5", "41.2", "91.3", "64.8"},
	sdt.SoftOnly:      {"56.8", "65.2", "38.8", "96.5", "41.7", "89.6", "64.8"},
	sdt.Full:          {"59.3", "68.0", "40.5", "97.5", "43.1", "90.0", "66.4"},
}

// publishedBoth is both tables, for a table with both protocols.
var publishedBoth = func() map[string]map[sdt.Method]string {
	both := maps.Clone(publishedSupervised)
	maps.Copy(both, publishedTable(heldOut, averageRow+heldOut, heldOutFigures))
	return both
}()

// publishedOthers are the figures of methods that this program does not train, and of CCSA with
// another network than the paper's, in one sentence each.
var publishedOthers = []string{
	"Published by others for the paper's Table 1, VGG-16, average of the six shifts: So-HoT 82.7, CCSA 83.1, d-SNE 83.6, DAGE-LDA 83.6 (v). With no test image among those that choose settings (Hedegaard et al., IEEE TIP 2021): CCSA 82.2, d-SNE 81.6, DAGE-LDA 82.8 (v).",
}

// publishedTable turns rows of methods, the six shifts and their average, into figures by
// problem, with their marks: the averages were read, and so were all figures of the methods
// named as read; the other cells are from memory.
func publishedTable(ending, average string, rows map[sdt.Method][7]string, read ...sdt.Method) map[string]map[sdt.Method]string {
	out := map[string]map[sdt.Method]string{average: {}}
	for i, name := range shifts(ending) {
		out[name] = map[sdt.Method]string{}
		for m, figures := range rows {
			out[name][m] = figures[i] + " (m)"
			out[average][m] = figures[6] + " (v)"
		}
		for _, m := range read {
			out[name][m] = rows[m][i] + " (v)"
		}
	}
	return out
}

// shifts returns the names of the six shifts, each with an ending.
func shifts(ending string) (names []string) {
	for _, s := range office31Shifts {
		names = append(names, s[0]+"→"+s[1]+ending)
	}
	return names
}

// averageRow names the row of averages.
const averageRow = "average"
