package plots

import (
	"cmp"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// legendOf is a legend that has all its names in sight, above the figure: in as many rows as
// they need. The option has room for one row; draw.js makes room for the others, as it
// alone knows the width of the page and its font. icon is echarts' name of the marks, ""
// for those of the series.
func legendOf(show bool, icon string) charts.GlobalOpts {
	return charts.WithLegendOpts(opts.Legend{Show: opts.Bool(show), Top: "0", Left: "center", Icon: icon})
}

// seriesName is a name that echarts takes for a series: it makes up its own for an empty one,
// and begins a row of the legend with it.
func seriesName(name string) string { return cmp.Or(name, "(no name)") }
