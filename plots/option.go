package plots

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// gap is how echarts writes a missing value. JSON has no NaN.
const gap = "-"

// number rounds v to five significant digits, or returns a gap if it is not finite.
func number(v float64) any {
	if !finite(v) {
		return gap
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 5, 64), 64)
	if err != nil { // the largest numbers round to infinity
		return v
	}
	return r
}

// dash stands for a missing number in text.
const dash = "–"

// figure writes v with the given decimals, or as a dash if it is not finite. If it is so large
// that decimals mean nothing, it has five significant digits. A rounded zero has no sign.
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

// signed is figure with a plus sign for values that are not below zero.
func signed(v float64, decimals int) string {
	if text := figure(v, decimals); text == dash || strings.HasPrefix(text, "-") {
		return text
	} else {
		return "+" + text
	}
}

// digits writes v with as many digits as it needs, at most five, or as a dash if it is not
// finite.
func digits(v float64) string {
	if !finite(v) {
		return dash
	}
	return fmt.Sprint(number(v + 0)) // −0 + 0 is 0
}

// Percent writes a share, 0…1, in percent with one decimal and without the percent sign, as the
// tables of this package do: "82.5", and a dash if it is NaN or infinite.
func Percent(share float64) string { return figure(100*share, 1) }

// option returns the option of a go-echarts chart with more merged into it, for what echarts
// can do and go-echarts has no field for. A map is merged into each element of an array, an
// array into an array element by element.
func option(chart interface{ JSON() map[string]any }, more map[string]any) map[string]any {
	o := plain(chart.JSON()).(map[string]any)
	merge(o, plain(more).(map[string]any))
	return o
}

// plain returns v as JSON decodes it: maps, slices, numbers, and strings made visible.
func plain(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("plots: option: %v", err)) // a NaN that number did not catch
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

// counted writes a count with its noun: "1 class", "2 classes".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
