package main

import "github.com/sdtlab/sdtlab/sdt"

// marks explains the marks of published figures.
const marks = "Published: (v) was read in a public source other than the paper, (m) is from memory and may be wrong."

// publishedSupervised is the paper's Table 1.
var publishedSupervised = publishedTable("", map[sdt.Method][7]string{
	sdt.SourceOnly:    {"56.5", "64.6", "42.7", "93.6", "47.6", "92.4", "66.22"},
	sdt.TargetOnly:    {"80.5", "81.8", "59.9", "81.8", "59.9", "80.5", "74.05"},
	sdt.SourceTarget:  {"82.5", "85.2", "65.2", "96.3", "65.8", "93.9", "81.50"},
	sdt.ConfusionOnly: {"82.8", "85.9", "64.9", "97.5", "66.2", "95.6", "82.13"},
	sdt.SoftOnly:      {"82.7", "84.9", "65.2", "98.3", "66.0", "95.9", "82.17"},
	sdt.Full:          {"82.7", "86.1", "65.0", "97.6", "66.2", "95.7", "82.22"},
})

// publishedHeldOut is the paper's Table 2.
var publishedHeldOut = publishedTable(heldOut, map[sdt.Method][7]string{
	sdt.SourceOnly:    {"54.2", "63.2", "34.7", "94.5", "36.4", "89.3", "62.0"},
	sdt.ConfusionOnly: {"55.2", "63.7", "41.1", "96.5", "41.2", "91.3", "64.8"},
	sdt.SoftOnly:      {"56.8", "65.2", "38.8", "96.5", "41.7", "89.6", "64.8"},
	sdt.Full:          {"59.3", "68.0", "40.5", "97.5", "43.1", "90.0", "66.4"},
})

// publishedTable turns rows of methods, the six shifts and their average, into figures by
// problem, with their marks: the averages are verified, the cells are from memory.
func publishedTable(ending string, rows map[sdt.Method][7]string) map[string]map[sdt.Method]string {
	out := map[string]map[sdt.Method]string{averageRow: {}}
	for i, name := range shifts(ending) {
		out[name] = map[sdt.Method]string{}
		for m, figures := range rows {
			out[name][m] = figures[i] + " (m)"
			out[averageRow][m] = figures[6] + " (v)"
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
