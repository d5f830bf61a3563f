package plots

import (
	"cmp"
	"math"
	"slices"
)

// Order is the order of classes in [PerClassAccuracyIn].
type Order int

const (
	AsGiven    Order = iota // as in the class list
	ByGain                  // by gain of the last evaluation over the first, largest first
	ByAccuracy              // by accuracy in the last evaluation, best first
)

// ordered returns the classes in the given order, which may depend on their accuracies.
func ordered(order Order, acc [][]float64) []int {
	first, last := acc[0], acc[len(acc)-1]
	classes := make([]int, len(first))
	for k := range classes {
		classes[k] = k
	}
	key := func(k int) float64 {
		v := last[k]
		if order == ByGain {
			v -= first[k]
		}
		if math.IsNaN(v) {
			return math.Inf(-1)
		}
		return v
	}
	if order != AsGiven {
		slices.SortStableFunc(classes, func(a, b int) int { return cmp.Compare(key(b), key(a)) })
	}
	return classes
}
