package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// DataTable lists the sets of examples that runs used, each once: its role, the count and shape
// of its examples, the count per class, and its SHA-256. It panics if a run has no stage.
func DataTable(runs ...sdt.Run) Table {
	checkRuns("DataTable", runs)
	t := Table{Caption: "Data", Head: []string{"domain", "used as", "examples", "shape", "per class", "sha256"}, Text: []int{1, 5}}
	for _, r := range runs {
		for _, p := range r.Provenance().Data.Sets {
			row := []string{p.Domain, p.Role, fmt.Sprint(p.Count), dimensions(p.Shape), perClass(p.Counts), short(p.SHA256)}
			if !slices.ContainsFunc(t.Rows, func(have []string) bool { return slices.Equal(have, row) }) {
				t.Rows = append(t.Rows, row)
			}
		}
	}
	return t
}

// dimensions writes {32, 32, 3} as 32 × 32 × 3.
func dimensions(dims []int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(dims), "[]"), " ", " × ")
}

// perClass summarises how many examples the classes have.
func perClass(counts []int) string {
	var some []int
	for _, n := range counts {
		if n > 0 {
			some = append(some, n)
		}
	}
	if len(some) == 0 {
		return "–"
	}
	text := fmt.Sprint(slices.Min(some))
	if most := slices.Max(some); most > slices.Min(some) {
		text += fmt.Sprintf("…%d", most)
	}
	if len(some) < len(counts) {
		text += fmt.Sprintf(" in %d of %d classes", len(some), len(counts))
	}
	return text
}

// dateFormat is the format of the date at the top of a report.
const dateFormat = "2 January 2006, 15:04 MST"

// sideBySide is how many columns of sentences fit on a page.
const sideBySide = 3

// Origins lists where the last result of each run comes from: its directory, the command that
// made it (and makes it again), when, on which back end, and its key. It has a row for each
// run, or a column for each if there are at most three. It panics if a run has no stage.
func Origins(runs ...sdt.Run) Table {
	checkRuns("Origins", runs)
	t := Table{Caption: "Where the results come from",
		Head: []string{"run", "directory", "command", "made", "computed on", "by", "key"}}
	for i, name := range RunNames(runs...) {
		p := runs[i].Provenance()
		by := p.Environment.Go + " " + p.Environment.Platform
		if p.Environment.GoMLX != "" {
			by += ", GoMLX " + p.Environment.GoMLX
		}
		on := backend(p) + ", " + counted(p.Environment.CPUs, "CPU", "CPUs")
		t.Rows = append(t.Rows, []string{name, runs[i].Dir, p.Command, p.Made.Format(dateFormat), on, by, runs[i].Key()})
	}
	if len(runs) <= sideBySide {
		t = t.turned("run")
	}
	for i := range t.Head[1:] {
		t.Text = append(t.Text, i+1)
	}
	return t
}
