package plots

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// repeated are evaluated runs that differ only in their seeds.
type repeated struct {
	method        sdt.Method
	settings      []setting // with which the seeds have nothing to do
	accuracies    Trials
	meansPerClass Trials
}

// OverSeeds returns a table of the mean accuracy, and of the mean accuracy per class, over runs
// that differ only in their seeds: mean ± standard error in percent, only the mean for a single
// run. There is a row for each method and each combination of the settings in which runs of one
// method differ; of settings that vary together the table has the first. The seeds are those of
// the training and of the choice of examples. A run that occurs twice, in two directories, counts
// once. Runs without an evaluation, or with unknown settings (see [sdt.Run.Config]), are left out.
// It panics if a run has no stage.
func OverSeeds(runs ...sdt.Run) Table {
	checkRuns("OverSeeds", runs)
	groups, axes := bySettings(runs)
	return overSeedsTable(groups, axes)
}

func overSeedsTable(groups []repeated, axes [][]string) Table {
	t := Table{Caption: "Accuracy, %: mean ± standard error over seeds", Head: []string{"method"}}
	for _, axis := range axes {
		t.Head = append(t.Head, shortName(axis[0]))
	}
	t.Head = append(t.Head, "seeds", "accuracy, %", "mean per class, %")
	for i, g := range groups {
		row := []string{g.method.String()}
		for _, axis := range axes {
			row = append(row, axis[1+i])
		}
		t.Rows = append(t.Rows, append(row, strconv.Itoa(len(g.accuracies.Accuracies)), g.accuracies.percent(), g.meansPerClass.percent()))
	}
	return t
}

// bySettings groups evaluated runs that differ only in their seeds, and returns the settings in
// which groups of one method differ, as rows like those of [byRow]: a name, then the value of each
// group. Groups are in the order of their methods, and of one method in that of the values.
func bySettings(runs []sdt.Run) (groups []repeated, axes [][]string) {
	at, seen := map[string]int{}, map[string]bool{}
	var methods []sdt.Method
	for _, r := range runs {
		e := r.Evaluation()
		if e == nil || r.Config() == nil {
			continue
		}
		if same := fmt.Sprintf("%q", settings(r)); seen[same] {
			continue
		} else {
			seen[same] = true
		}
		of := withoutSeeds(r)
		key := fmt.Sprintf("%q", of)
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key], groups = i, append(groups, repeated{method: r.Method(), settings: of})
		}
		g := &groups[i]
		g.accuracies.Accuracies = append(g.accuracies.Accuracies, e.Accuracy())
		g.meansPerClass.Accuracies = append(g.meansPerClass.Accuracies, e.MeanPerClass())
		if !slices.Contains(methods, r.Method()) {
			methods = append(methods, r.Method())
		}
	}
	telling := tellingSettings(groups)
	slices.SortStableFunc(groups, func(a, b repeated) int {
		if c := cmp.Compare(slices.Index(methods, a.method), slices.Index(methods, b.method)); c != 0 {
			return c
		}
		for _, i := range telling {
			if c := compareValues(a.settings[i].value, b.settings[i].value); c != 0 {
				return c
			}
		}
		return 0
	})
	for _, i := range telling {
		axes = append(axes, settingRow(groups, i))
	}
	return groups, axes
}

// withoutSeeds returns the settings of a run but for its seeds, and for the fingerprint of the
// examples that they choose.
func withoutSeeds(r sdt.Run) []setting {
	data := r.Provenance().Data
	h := sha256.New()
	fmt.Fprintln(h, len(data.Classes), data.PerSource, data.PerTarget)
	for _, p := range data.Sets {
		fmt.Fprintln(h, p.Role, p.Domain, p.Count, p.Shape)
	}
	all := settings(r)
	for i, s := range all {
		switch s.name {
		case "Seed":
			all[i].value = ""
		case "protocol":
			all[i].value = data.Protocol
		case "data":
			all[i].value = short(hex.EncodeToString(h.Sum(nil)))
		}
	}
	return all
}

// settingRow returns the name of a setting and its value in each group.
func settingRow(groups []repeated, i int) []string {
	row := []string{groups[0].settings[i].name}
	for _, g := range groups {
		row = append(row, g.settings[i].value)
	}
	return row
}

// tellingSettings returns the indices of the settings in which groups of one method differ; of
// those that vary together, the first.
func tellingSettings(groups []repeated) (telling []int) {
	if len(groups) == 0 {
		return nil
	}
	var known []grouping
	for i := range groups[0].settings {
		of := map[sdt.Method]string{}
		differ := false
		for _, g := range groups {
			first, ok := of[g.method]
			differ = differ || ok && first != g.settings[i].value
			if !ok {
				of[g.method] = g.settings[i].value
			}
		}
		if !differ {
			continue
		}
		alike := groupedBy(settingRow(groups, i))
		if !slices.ContainsFunc(known, func(k grouping) bool { return slices.Equal(k, alike) }) {
			known, telling = append(known, alike), append(telling, i)
		}
	}
	return telling
}

// compareValues orders values of a setting: a dash first, then numbers, then words.
func compareValues(a, b string) int {
	rank := func(s string) (int, float64) {
		v, err := strconv.ParseFloat(s, 64)
		switch {
		case s == dash:
			return 0, 0
		case err == nil && finite(v):
			return 1, v
		}
		return 2, 0
	}
	ra, va := rank(a)
	rb, vb := rank(b)
	return cmp.Or(cmp.Compare(ra, rb), cmp.Compare(va, vb), strings.Compare(a, b))
}
