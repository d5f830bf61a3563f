package plots

import (
	"cmp"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// legendOf returns a legend above the figure that shows all its names, in as many rows as they
// need. The option reserves one row; draw.js makes room for the others, because only it knows
// the width of the page and its font. icon is echarts' name of the marks, "" for those of the
// series.
func legendOf(show bool, icon string) charts.GlobalOpts {
	return charts.WithLegendOpts(opts.Legend{Show: opts.Bool(show), Top: "0", Left: "center", Icon: icon})
}

// symbolLegend is [legendOf] for figures whose marks are symbols as high as wide.
func symbolLegend(show bool, icon string) charts.GlobalOpts {
	return charts.WithLegendOpts(opts.Legend{Show: opts.Bool(show), Top: "0", Left: "center", Icon: icon, ItemWidth: 12, ItemHeight: 12})
}

// seriesName returns a name that echarts accepts for a series: for an empty one it would make up
// its own, and begin a row of the legend with it.
func seriesName(name string) string { return cmp.Or(name, "(no name)") }
