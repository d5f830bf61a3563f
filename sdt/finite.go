package sdt

// finite tells whether a number is neither NaN nor an infinity.
func finite[T float32 | float64](v T) bool { return v-v == 0 }
