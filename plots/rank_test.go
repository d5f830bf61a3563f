package plots

import (
	"math"
	"testing"
)

// The first two are the examples of SciPy's documentation (scipy.stats.kendalltau,
// scipy.stats.spearmanr); the others follow from the definitions.
func TestRankCorrelations(t *testing.T) {
	for _, row := range []struct {
		name              string
		x, y              []float64
		spearman, kendall float64
	}{
		{"SciPy's of kendalltau", []float64{12, 2, 1, 12, 2}, []float64{1, 4, 7, 1, 0}, math.NaN(), -0.47140452079103173},
		{"SciPy's of spearmanr", []float64{1, 2, 3, 4, 5}, []float64{5, 6, 7, 8, 7}, 0.8207826816681233, math.NaN()},
		{"the same order", []float64{1, 2, 3}, []float64{1, 10, 100}, 1, 1},
		{"the opposite order", []float64{1, 2, 3}, []float64{3, 2, 1}, -1, -1},
		{"one exchange of three", []float64{1, 2, 3}, []float64{1, 3, 2}, 0.5, 1.0 / 3}, // 1 − 6·2/(3·8); (2 − 1)/3
	} {
		if got := spearman(row.x, row.y); !math.IsNaN(row.spearman) && math.Abs(got-row.spearman) > 1e-12 {
			t.Errorf("%s: ρ = %v want %v", row.name, got, row.spearman)
		}
		if got := kendall(row.x, row.y); !math.IsNaN(row.kendall) && math.Abs(got-row.kendall) > 1e-12 {
			t.Errorf("%s: τ = %v want %v", row.name, got, row.kendall)
		}
	}
	level := []float64{2, 2, 2}
	if r, k := spearman(level, []float64{1, 2, 3}), kendall(level, []float64{1, 2, 3}); !math.IsNaN(r) || !math.IsNaN(k) {
		t.Errorf("of numbers that are all the same: %v and %v, want NaN", r, k)
	}
}
