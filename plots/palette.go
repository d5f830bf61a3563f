package plots

import (
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// The colours of Okabe and Ito (2008), which stay apart for colour-blind eyes;
// black became grey, to be seen on dark pages, and yellow is left out for pale
// ones.
const (
	grey       = "#8C8C8C"
	orange     = "#E69F00"
	skyBlue    = "#56B4E9"
	green      = "#009E73"
	blue       = "#0072B2"
	vermillion = "#D55E00"
	purple     = "#CC79A7"
)

// cycle colours what has no colour of its own.
var cycle = []string{blue, orange, green, purple, skyBlue, vermillion, grey}

// cividis is the colour scale of heat maps: even in lightness, the same to
// colour-blind eyes (Nuñez, Anderton, Renslow, PLOS ONE 2018), at 0, ⅑ … 1.
var cividis = []string{"#00224E", "#123570", "#3B496C", "#575D6D", "#707173", "#8A8678", "#A59C74", "#C3B369", "#E1CC55", "#FEE838"}

// methodColour gives a method the same colour in every figure.
func methodColour(m sdt.Method) string {
	switch m {
	case sdt.SourceOnly:
		return grey
	case sdt.TargetOnly:
		return skyBlue
	case sdt.SourceTarget:
		return blue
	case sdt.ConfusionOnly:
		return orange
	case sdt.SoftOnly:
		return green
	case sdt.Full:
		return vermillion
	}
	return purple
}

// methodColours returns the colour of each method; one that occurs again takes
// the next that is free, and where none is, the colours go round once more.
func methodColours(methods []sdt.Method) []string {
	used := make(map[string]bool)
	out := make([]string, len(methods))
	for i, m := range methods {
		if len(used) == len(cycle) {
			clear(used)
		}
		out[i] = methodColour(m)
		for j := 0; used[out[i]]; j++ {
			out[i] = cycle[j]
		}
		used[out[i]] = true
	}
	return out
}

// barStyle is that of the i-th of bars side by side. Those of a colour that an earlier one
// has are pale, with an edge.
func barStyle(colours []string, i int) charts.SeriesOpts {
	style := opts.ItemStyle{Color: colours[i]}
	if slices.Contains(colours[:i], colours[i]) {
		style.Opacity, style.BorderColor, style.BorderWidth = opts.Float(0.45), colours[i], 1.5
	}
	return charts.WithItemStyleOpts(style)
}
