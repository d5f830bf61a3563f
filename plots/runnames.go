package plots

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// RunNames names runs by method. Runs of the same method are also named by the settings that
// distinguish them, by as much of the path of their directory as distinguishes it, and by
// number if nothing does. Of settings that vary together only the first is named, and no more
// settings than necessary. The name of a run with unknown settings (see [sdt.Run.Config]) says
// so.
func RunNames(runs ...sdt.Run) []string {
	names := make([]string, len(runs))
	directories := directoryNames(runs)
	for _, alike := range byMethod(runs) {
		var known []sdt.Run
		at := map[int]int{} // index of a run among those with known settings
		severalDirs := false
		for _, i := range alike {
			if runs[i].Config() != nil {
				at[i] = len(known)
				known = append(known, runs[i])
			}
			severalDirs = severalDirs || directories[i] != directories[alike[0]]
		}
		telling := tellApart(byRow(known))
		for _, i := range alike {
			parts := []string{runs[i].Method().String()}
			if column, ok := at[i]; ok {
				for _, row := range telling {
					parts = append(parts, shortName(row[0])+" = "+row[1+column])
				}
			} else if len(alike) > 1 {
				parts = append(parts, "settings unknown")
			}
			if severalDirs {
				parts = append(parts, "in "+directories[i])
			}
			names[i] = strings.Join(parts, ", ")
		}
	}
	return distinct(names)
}

// byMethod returns the runs of each method, by index.
func byMethod(runs []sdt.Run) [][]int {
	var all [][]int
	for i, r := range runs {
		at := slices.IndexFunc(all, func(alike []int) bool { return runs[alike[0]].Method() == r.Method() })
		if at < 0 {
			at, all = len(all), append(all, nil)
		}
		all[at] = append(all[at], i)
	}
	return all
}

// shortName returns the name of a setting in the name of a run: λ for "λ Lambda".
func shortName(setting string) string {
	for _, symbol := range symbols {
		if strings.HasPrefix(setting, symbol+" ") {
			return symbol
		}
	}
	return setting
}

// tellApart returns the fewest settings that distinguish all runs that these settings can
// distinguish; of equally few, those that come first. The settings are rows as in [byRow].
func tellApart(rows [][]string) [][]string {
	var differing [][]string
	var groups []grouping // of each setting that differs
	for _, row := range rows {
		g := groupedBy(row)
		if differs(row) && !slices.ContainsFunc(groups, func(h grouping) bool { return slices.Equal(h, g) }) {
			differing, groups = append(differing, row), append(groups, g)
		}
	}
	if len(differing) == 0 {
		return nil
	}
	all := groups[0].with(groups[1:]...)
	// A setting that is the only difference of two runs is needed. That leaves few to choose from.
	var needed, free []int
	for i := range groups {
		if others := slices.Delete(slices.Clone(groups), i, i+1); len(others) > 0 && slices.Equal(others[0].with(others[1:]...), all) {
			free = append(free, i)
		} else {
			needed = append(needed, i)
		}
	}
	start := make(grouping, len(all)) // all runs in one group
	for _, i := range needed {
		start = start.with(groups[i])
	}
	var chosen []int
	for n := 0; ; n++ {
		if more, ok := choose(start, all, groups, free, n); ok {
			chosen = append(needed, more...)
			break
		}
	}
	slices.Sort(chosen)
	var telling [][]string
	for _, i := range chosen {
		telling = append(telling, differing[i])
	}
	return telling
}

// choose returns the first n of the free groupings that turn start into all, if there are any.
func choose(start, all grouping, groups []grouping, free []int, n int) ([]int, bool) {
	if n == 0 {
		return nil, slices.Equal(start, all)
	}
	for at, i := range free {
		if more, ok := choose(start.with(groups[i]), all, groups, free[at+1:], n-1); ok {
			return append([]int{i}, more...), true
		}
	}
	return nil, false
}

// grouping says which runs are alike: for each run the first run that it is like.
type grouping []int

// groupedBy groups runs by their values of a setting.
func groupedBy(row []string) grouping {
	g := make(grouping, len(row)-1)
	for i, value := range row[1:] {
		g[i] = slices.Index(row[1:], value)
	}
	return g
}

// with returns the grouping of runs that are alike in this one and in all others.
func (g grouping) with(others ...grouping) grouping {
	for _, h := range others {
		first, both := map[[2]int]int{}, make(grouping, len(g))
		for i := range g {
			pair := [2]int{g[i], h[i]}
			if _, ok := first[pair]; !ok {
				first[pair] = i
			}
			both[i] = first[pair]
		}
		g = both
	}
	return g
}

// directoryNames returns the ends of the runs' directories, with as many path elements as
// distinguish them.
func directoryNames(runs []sdt.Run) []string {
	paths := make([][]string, len(runs)) // from the end
	for i, r := range runs {
		path, err := filepath.Abs(r.Dir)
		if err != nil {
			path = r.Dir
		}
		paths[i] = strings.Split(filepath.ToSlash(filepath.Clean(path)), "/")
		slices.Reverse(paths[i])
	}
	names := make([]string, len(runs))
	for i, mine := range paths {
		n := 1
		for _, other := range paths {
			if slices.Equal(mine, other) {
				continue
			}
			for n < len(mine) && slices.Equal(mine[:n], other[:min(n, len(other))]) {
				n++
			}
		}
		end := slices.Clone(mine[:n])
		slices.Reverse(end)
		names[i] = strings.Join(end, "/")
	}
	return names
}
