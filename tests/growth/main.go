// Command growth draws how a step's time grows with the batch and with the number of
// classes:
//
//	go test ./sdt -run '^$' -bench Growth | go run ./tests/growth > growth.html
package main

import (
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
		grows(all, "batch, images", "classes", batch, classes),
		grows(all, "classes", "images", classes, batch),
	}}.Render(out)
}

// grows is the time of a step by what stands along x, a group for each of what is fixed.
func grows(all []measured, x, unit string, along, fixed func(measured) float64) plots.Chart {
	points := map[float64][][2]float64{}
	var order []float64
	for _, m := range all {
		if points[fixed(m)] == nil {
			order = append(order, fixed(m))
		}
		points[fixed(m)] = append(points[fixed(m)], [2]float64{along(m), m.ms})
	}
	slices.Sort(order)
	var groups []plots.Points
	for _, f := range order {
		xy := points[f]
		slices.SortFunc(xy, func(a, b [2]float64) int { return int(a[0] - b[0]) })
		groups = append(groups, plots.Points{Name: fmt.Sprintf("%v %s", f, unit), XY: xy})
	}
	return plots.Scatter(plots.ScatterText{Title: "Time of a step by " + x, Subtitle: "Head(256) on 256 features, the full method.", X: x, Y: "ms per step"}, groups...)
}
