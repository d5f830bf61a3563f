package plots

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// shownRows is how many steps the table of a history has, at most.
const shownRows = 21

// historyTable returns a table of the values themselves, at evenly spaced steps.
func historyTable(h sdt.History, name string) Table {
	rows := evenly(len(h.Step), shownRows)
	t := Table{Caption: fmt.Sprintf("Losses of %s", name), Head: []string{"step"}}
	if len(rows) < len(h.Step) {
		t.Caption += fmt.Sprintf(", %d of %d steps", len(rows), len(h.Step))
	}
	var shown []curve
	for _, cv := range curves {
		if len(cv.values(h)) > 0 {
			shown = append(shown, cv)
			t.Head = append(t.Head, cv.head())
		}
	}
	for _, i := range rows {
		row := []string{fmt.Sprint(h.Step[i])}
		for _, cv := range shown {
			row = append(row, cv.figure(cv.values(h)[i]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// figure writes a value of the curve.
func (c curve) figure(v float64) string {
	switch v *= c.scale; c.unit {
	case "nats":
		return figure(v, 4)
	case "%":
		return figure(v, 1)
	}
	return digits(v)
}

// historyNames names histories that have no name of their own by method, or by stage.
func historyNames(histories []sdt.History) []string {
	names := make([]string, len(histories))
	for i, h := range histories {
		names[i] = h.Method.String()
		if h.Stage == "pretrain" {
			names[i] = "source pretraining"
		}
		names[i] = cmp.Or(h.Name, names[i])
	}
	return distinct(names)
}

// stepRange returns the first and the last step of all histories, or the steps around a single
// one; if last is not 0, the range ends there, although training has not come so far.
func stepRange(histories []sdt.History, last int) (lo, hi int) {
	if last > 1 {
		return 1, last
	}
	var steps []int
	for _, h := range histories {
		steps = append(steps, h.Step...)
	}
	if len(steps) == 0 {
		return 0, 1
	}
	if lo, hi = slices.Min(steps), slices.Max(steps); lo == hi {
		return lo - 1, hi + 1
	}
	return lo, hi
}

func historyColours(histories []sdt.History) []string {
	methods := make([]sdt.Method, len(histories))
	for i, h := range histories {
		methods[i] = h.Method
	}
	return methodColours(methods)
}
