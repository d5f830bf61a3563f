package plots

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// gap is how echarts writes a value that is not there. JSON has no NaN.
const gap = "-"

// number rounds v to five significant digits, or is a gap if it is not finite.
func number(v float64) any {
	if !finite(v) {
		return gap
	}
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 5, 64), 64)
	return r
}

// figure writes v with the given decimals, or as a dash if it is not finite.
func figure(v float64, decimals int) string {
	if !finite(v) {
		return "–"
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// option returns the option of a go-echarts chart with more merged into it: what
// echarts can do and go-echarts has no field for. A map goes into each element of
// an array, an array into an array element by element.
func option(chart interface{ JSON() map[string]any }, more map[string]any) map[string]any {
	o := plain(chart.JSON()).(map[string]any)
	merge(o, plain(more).(map[string]any))
	return o
}

// plain returns v as JSON gives it back: maps, slices, strings and numbers.
func plain(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("plots: option: %v", err)) // a NaN that number did not see
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		panic(fmt.Sprintf("plots: option: %v", err))
	}
	return out
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
