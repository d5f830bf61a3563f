package sdt

// finite reports whether a number is neither NaN nor infinite.
func finite[T float32 | float64](v T) bool { return v-v == 0 }
