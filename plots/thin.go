package plots

import (
	"math"
	"slices"
)

// runningMean returns for each value the mean of those at most w/2 places away, without the
// values that are not finite; at the ends there are fewer.
func runningMean(values []float64, w int) []float64 {
	half := w / 2
	sum, n := make([]float64, len(values)+1), make([]int, len(values)+1) // prefix sums
	for i, v := range values {
		sum[i+1], n[i+1] = sum[i], n[i]
		if finite(v) {
			sum[i+1], n[i+1] = sum[i]+v, n[i]+1
		}
	}
	out := make([]float64, len(values))
	for i := range values {
		lo, hi := max(0, i-half), min(len(values), i+half+1)
		out[i] = (sum[hi] - sum[lo]) / float64(n[hi]-n[lo]) // 0/0 is NaN
	}
	return out
}

// extremes returns about n rows, in order, that preserve the look of a curve: the smallest and
// the largest value of each of n/2 equal intervals, and also the first value that is not finite
// in an interval, for the gap. If there are at most n values, all are kept.
func extremes(values []float64, n int) []int {
	if len(values) <= n {
		return evenly(len(values), len(values))
	}
	var rows []int
	for b := range n / 2 {
		least, most, hole := -1, -1, -1
		for i := b * len(values) / (n / 2); i < (b+1)*len(values)/(n/2); i++ {
			switch v := values[i]; {
			case !finite(v):
				if hole < 0 {
					hole = i
				}
			case least < 0:
				least, most = i, i
			case v < values[least]:
				least = i
			case v > values[most]:
				most = i
			}
		}
		kept := []int{least, most, hole}
		slices.Sort(kept)
		for _, i := range slices.Compact(kept) {
			if i >= 0 {
				rows = append(rows, i)
			}
		}
	}
	return rows
}

// evenly returns at most n of the rows 0 … size−1, including the first and the last, as evenly
// spaced as integers allow.
func evenly(size, n int) []int {
	n = min(n, size)
	rows := make([]int, n)
	for i := range rows {
		if n > 1 {
			rows[i] = i * (size - 1) / (n - 1)
		}
	}
	return rows
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
