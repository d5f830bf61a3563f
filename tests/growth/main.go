// Command growth draws how a step's time grows with the batch and with the number of
// classes:
//
//	go test ./sdt -run '^$' -bench Growth | go run ./tests/growth > growth.html
package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"

	"golang.org/x/tools/benchmark/parse"

	"github.com/sdtlab/sdtlab/plots"
)

func main() {
	if err := draw(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "growth:", err)
		os.Exit(1)
	}
}

// measured is one line of the benchmark.
type measured struct{ batch, classes, ms float64 }

var named = regexp.MustCompile(`^BenchmarkGrowth/batch=(\d+)/classes=(\d+)(?:-\d+)?$`)

// draw reads what the benchmark prints and writes a page.
func draw(in io.Reader, out io.Writer) error {
	set, err := parse.ParseSet(in)
	if err != nil {
		return err
	}
	var all []measured
	for name, runs := range set {
		match := named.FindStringSubmatch(name)
		if match == nil {
			continue
		}
		batch, _ := strconv.ParseFloat(match[1], 64)
		classes, _ := strconv.ParseFloat(match[2], 64)
		for _, r := range runs {
			all = append(all, measured{batch, classes, r.NsPerOp / 1e6})
		}
	}
	if len(all) == 0 {
		return fmt.Errorf("no BenchmarkGrowth in what was read")
	}
	batch := func(m measured) float64 { return m.batch }
	classes := func(m measured) float64 { return m.classes }
	return plots.Page{Title: "How a step grows", Figures: []plots.Figure{
		grows(all, "batch", "images in the batch", "classes", batch, classes),
		grows(all, "number of classes", "classes", "images", classes, batch),
	}}.Render(out)
}

// grows is the time of a step by what stands along x, a group for each of what is fixed.
func grows(all []measured, by, x, unit string, along, fixed func(measured) float64) plots.Chart {
	slices.SortFunc(all, func(a, b measured) int {
		return cmp.Or(cmp.Compare(fixed(a), fixed(b)), cmp.Compare(along(a), along(b)))
	})
	var groups []plots.Points
	for _, m := range all {
		name := fmt.Sprintf("%v %s", fixed(m), unit)
		if len(groups) == 0 || groups[len(groups)-1].Name != name {
			groups = append(groups, plots.Points{Name: name})
		}
		g := &groups[len(groups)-1]
		g.XY = append(g.XY, [2]float64{along(m), m.ms})
		g.Labels = append(g.Labels, fmt.Sprintf("%v images, %v classes", m.batch, m.classes))
	}
	return plots.Scatter(plots.ScatterText{Title: "Time of a step by " + by, Subtitle: "Head(256) on 256 features, the full method.", X: x, Y: "ms per step"}, groups...)
}
