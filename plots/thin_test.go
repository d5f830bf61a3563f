package plots

import (
	"math"
	"reflect"
	"slices"
	"testing"
)

func TestEvenly(t *testing.T) {
	for _, row := range []struct {
		size, n int
		want    []int
	}{
		{0, 5, []int{}}, {1, 5, []int{0}}, {3, 5, []int{0, 1, 2}}, {9, 3, []int{0, 4, 8}}, {10, 4, []int{0, 3, 6, 9}}, {7, 1, []int{0}},
	} {
		if got := evenly(row.size, row.n); !reflect.DeepEqual(got, row.want) {
			t.Errorf("evenly(%d, %d) = %v want %v", row.size, row.n, got, row.want)
		}
	}
}

func TestExtremesKeepSpikes(t *testing.T) {
	v := make([]float64, 1000)
	for i := range v {
		v[i] = math.Sin(float64(i) / 100)
	}
	v[123], v[789], v[500] = 9, -9, math.NaN()
	rows := extremes(v, 40)
	for _, i := range []int{123, 789, 500} {
		if !slices.Contains(rows, i) {
			t.Errorf("row %d is lost", i)
		}
	}
	if !slices.IsSorted(rows) || len(slices.Compact(slices.Clone(rows))) != len(rows) || len(rows) > 60 {
		t.Errorf("rows %v: want about 40, in order, each once", rows)
	}
	if got := extremes(v[:30], 40); len(got) != 30 {
		t.Errorf("%d of 30 rows kept, want all", len(got))
	}
	if got := extremes([]float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()}, 2); !reflect.DeepEqual(got, []int{0}) {
		t.Errorf("a hole is %v want its first row", got)
	}
}

func TestRunningMean(t *testing.T) {
	nan := math.NaN()
	for _, row := range []struct {
		values []float64
		w      int
		want   []float64
	}{
		{[]float64{1, 2, 6}, 1, []float64{1, 2, 6}},
		{[]float64{1, 2, 6, 4}, 3, []float64{1.5, 3, 4, 5}}, // fewer at the ends
		{[]float64{1, nan, 3}, 3, []float64{1, 2, 3}},       // NaN does not count
		{nil, 3, []float64{}},
	} {
		if got := runningMean(row.values, row.w); !reflect.DeepEqual(got, row.want) {
			t.Errorf("runningMean(%v, %d) = %v want %v", row.values, row.w, got, row.want)
		}
	}
	if got := runningMean([]float64{nan, nan}, 1); !math.IsNaN(got[0]) {
		t.Errorf("the mean of nothing is %v want NaN", got[0])
	}
}

func TestAccuracyRange(t *testing.T) {
	for _, row := range [][4]float64{ // lo, hi → lo, hi
		{61.2, 78.9, 60, 80}, {50, 50, 45, 55}, {99, 100, 98, 100}, {0, 1, 0, 2}, {math.Inf(1), math.Inf(-1), 0, 100},
	} {
		if lo, hi := accuracyRange(row[0], row[1]); lo != row[2] || hi != row[3] {
			t.Errorf("accuracyRange(%v, %v) = %v, %v want %v, %v", row[0], row[1], lo, hi, row[2], row[3])
		}
	}
}
