package plots

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// gap is how echarts writes a value that is not there. JSON has no NaN.
const gap = "-"

// number rounds v to five significant digits, or is a gap if it is not finite.
func number(v float64) any {
	if !finite(v) {
		return gap
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 5, 64), 64)
	if err != nil { // the largest numbers are rounded to one that there is not
		return v
	}
	return r
}

// dash stands in text for a number that is not there.
const dash = "–"

// figure writes v with the given decimals, or as a dash if it is not finite. One so large
// that decimals say nothing has five significant digits. What is rounded to zero has no sign.
func figure(v float64, decimals int) string {
	switch {
	case !finite(v):
		return dash
	case math.Abs(v) >= 1e9:
		return strconv.FormatFloat(v, 'g', 5, 64)
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}

// signed is figure with the sign of what is not below zero, too.
func signed(v float64, decimals int) string {
	if text := figure(v, decimals); text == dash || strings.HasPrefix(text, "-") {
		return text
	} else {
		return "+" + text
	}
}

// digits writes v with as many digits as it needs, five at the most, or as a dash if it is
// not finite.
func digits(v float64) string {
	if !finite(v) {
		return dash
	}
	return fmt.Sprint(number(v + 0)) // −0 + 0 is 0
}

// Percent writes a share, 0…1, in percent with one decimal, as the tables of this package
// do, without the sign: "82.5", and a dash if it is NaN or infinite.
func Percent(share float64) string { return figure(100*share, 1) }

// option returns the option of a go-echarts chart with more merged into it: what
// echarts can do and go-echarts has no field for. A map goes into each element of
// an array, an array into an array element by element.
func option(chart interface{ JSON() map[string]any }, more map[string]any) map[string]any {
	o := plain(chart.JSON()).(map[string]any)
	merge(o, plain(more).(map[string]any))
	return o
}

// plain returns v as JSON gives it back: maps, slices, numbers, and strings that can be seen.
func plain(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("plots: option: %v", err)) // a NaN that number did not see
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		panic(fmt.Sprintf("plots: option: %v", err))
	}
	return visibleAll(out)
}

// beforeAxis puts the name of a vertical category axis above its labels.
var beforeAxis = map[string]any{"align": "right", "padding": []int{0, 8, 0, 0}}

func merge(into, more map[string]any) {
	for key, v := range more {
		switch v := v.(type) {
		case map[string]any:
			switch old := into[key].(type) {
			case map[string]any:
				merge(old, v)
				continue
			case []any:
				for _, el := range old {
					merge(el.(map[string]any), v)
				}
				continue
			}
		case []any:
			if old, ok := into[key].([]any); ok && len(old) == len(v) {
				for i, el := range v {
					merge(old[i].(map[string]any), el.(map[string]any))
				}
				continue
			}
		}
		into[key] = v
	}
}

// counted writes how many there are of something: "1 class", "2 classes".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
