package sdt

import "fmt"

// finite reports whether a number is neither NaN nor infinite.
func finite[T float32 | float64](v T) bool { return v-v == 0 }

// notFinite reports that a network gives NaN or an infinity for an example: its training has
// diverged, or the example has extreme values.
type notFinite struct {
	of    Examples
	row   int
	value float32
}

func (e *notFinite) Error() string {
	name := ""
	if e.of.Names != nil {
		name = fmt.Sprintf(" (%s)", e.of.Names[e.row])
	}
	return fmt.Sprintf("the network gives %v for row %d of %s%s: its training has diverged, or the example has extreme values", e.value, e.row, e.of.Domain, name)
}
