package sdt

import (
	"os"
	"testing"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// With ONNX Runtime every compiled program has a thread until it is released. A sweep runs
// thousands of trainings in one process: they leave none behind.
func TestNoProgramIsLeft(t *testing.T) {
	b, ok := backendtest.All(t)["onnx:cpu"]
	if !ok {
		t.Skipf("%s: no ONNX Runtime at $ONNXRUNTIME_SHARED_LIBRARY_PATH", t.Name())
	}
	threads := func() int {
		all, err := os.ReadDir("/proc/self/task")
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	drawn, lenet := exportTask(3, []int{28, 28, 1}, 5), quick(Full)
	lenet.Network, lenet.LearningRate = network.LeNet, 0.001
	for name, row := range map[string]struct {
		task   Task
		config Config
	}{
		"features":       {blobs(1, 4, 10, 2, true), quick(Full)},
		"with a cache":   {photographs(), freezing(Full, "conv2")},
		"without one":    {photographs(), func() Config { c := freezing(Full, "conv2"); c.Mirror = true; return c }()},
		"without frozen": {drawn, lenet},
	} {
		t.Run(name, func(t *testing.T) {
			train := func() {
				l, err := OpenOn(b, t.TempDir(), row.task, row.config)
				if err != nil {
					t.Fatal(err)
				}
				_, m, _, _ := stagesOf(t, t.Context(), l)
				for _, v := range []Validator{Entropy, InformationMaximization, SoftNeighbourhoodDensity} {
					if _, err := l.Score(t.Context(), m, v); err != nil {
						t.Error(err)
					}
				}
			}
			train()
			before, times := threads(), 5
			for range times {
				train()
			}
			if more := threads() - before; more >= times { // Go's own come and go
				t.Errorf("%d trainings leave %d threads", times, more)
			}
		})
	}
}
