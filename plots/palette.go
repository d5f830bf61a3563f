package plots

import (
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/sdtlab/sdtlab/sdt"
)

// The colours of Okabe and Ito (2008), which colour-blind readers can tell apart; grey replaces
// black, to be visible on dark pages, and yellow is omitted because of pale ones.
const (
	grey       = "#8C8C8C"
	orange     = "#E69F00"
	skyBlue    = "#56B4E9"
	green      = "#009E73"
	blue       = "#0072B2"
	vermillion = "#D55E00"
	purple     = "#CC79A7"
)

// cycle has the colours for what has no colour of its own.
var cycle = []string{blue, orange, green, purple, skyBlue, vermillion, grey}

// cividis is the colour scale of heat maps: even in lightness, and the same for colour-blind
// readers (Nuñez, Anderton, Renslow, PLOS ONE 2018), at 0, ⅑ … 1.
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

// methodColours returns the colour of each method. A method that occurs again gets the next
// free colour; when none is free, the colours repeat.
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

// namedColours returns the colours of what has these names: that of a method, as in every figure,
// for its name, and free ones for other names. When none is free, the colours repeat.
func namedColours(names []string) []string {
	out, used := make([]string, len(names)), make(map[string]bool)
	for i, name := range names {
		for _, m := range sdt.Methods() {
			if c := methodColour(m); name == m.String() && !used[c] {
				out[i], used[c] = c, true
			}
		}
	}
	for i := range out {
		if out[i] != "" {
			continue
		}
		if len(used) == len(cycle) {
			clear(used)
		}
		for _, c := range cycle {
			if !used[c] {
				out[i], used[c] = c, true
				break
			}
		}
	}
	return out
}

// barStyle returns the style of the i-th of bars side by side. A bar with the colour of an
// earlier one is pale, with an edge.
func barStyle(colours []string, i int) charts.SeriesOpts {
	style := opts.ItemStyle{Color: colours[i]}
	if slices.Contains(colours[:i], colours[i]) {
		style.Opacity, style.BorderColor, style.BorderWidth = opts.Float(0.45), colours[i], 1.5
	}
	return charts.WithItemStyleOpts(style)
}
