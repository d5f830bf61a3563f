package sdt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/backendtest"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// fourDevices returns a back end with four devices, XLA's plugin for the CPU. Without one it
// skips the test.
func fourDevices(t testing.TB) compute.Backend {
	t.Helper()
	b, ok := backendtest.All(t)["xla"]
	if !ok {
		t.Skipf("%s: $SDT_TEST_XLA names no plugin", t.Name())
	}
	if n := b.NumDevices(); n != 4 {
		t.Skipf("%s: the plugin has %d devices, not 4", t.Name(), n)
	}
	return b
}

// labWith opens a lab on so many devices.
func labWith(t *testing.T, b compute.Backend, count int, dir string, task Task, config Config) *Lab {
	t.Helper()
	config.Devices = count
	l, err := OpenOn(b, dir, task, config)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// trained runs both trainings of a lab.
func trained(t *testing.T, l *Lab) (source, adapted *Model) {
	t.Helper()
	source, err := l.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var soft *SoftLabels
	if l.config.Method.UsesSoftLabels() {
		if soft, err = l.SoftLabels(t.Context(), source); err != nil {
			t.Fatal(err)
		}
	}
	if adapted, err = l.Adapt(t.Context(), source, soft); err != nil {
		t.Fatal(err)
	}
	return source, adapted
}

// dropping is Head, and half of its features dropped in training.
func dropping() Config {
	config := quick(Full)
	config.Network = append(network.Head(16), network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
		return layers.DropoutStatic(s, x, 0.5)
	})...)
	return config
}

// apart is how far apart the losses of 50 steps may be, as a share of the loss or, below 1,
// as they are. The largest difference seen was 5e-7.
const apart = 1e-5

// sameLosses checks that a training on some devices has the measures of one on one device.
func sameLosses(t *testing.T, count int, one, several *Model) {
	t.Helper()
	if len(one.History.Step) == 0 {
		t.Fatalf("no step was taken")
	}
	for _, m := range Measures() {
		want, got := m.Of(one.History), m.Of(several.History)
		if len(got) != len(want) {
			t.Fatalf("%s on %d devices: %s has %d values, want %d", one.Stage, count, m.Name, len(got), len(want))
		}
		for i := range want {
			if d := math.Abs(got[i]-want[i]) / max(1, math.Abs(want[i])); !(d <= apart) {
				t.Fatalf("%s on %d devices, step %d: %s is %v, on one device %v", one.Stage, count, i+1, m.Name, got[i], want[i])
			}
		}
	}
	if d := far(t, one, several); d > apart {
		t.Errorf("%s on %d devices: the weights differ by %g", one.Stage, count, d)
	}
}

// TestDevicesTrainAsOne: the losses of fifty steps of pretraining and of adaptation, on two
// devices and on four, are those on one to rounding, also where units are dropped at random.
func TestDevicesTrainAsOne(t *testing.T) {
	b := fourDevices(t)
	lenet, head := quick(Full), dropping()
	lenet.Network, lenet.LearningRate, lenet.SourceBatch, lenet.TargetBatch = network.LeNet, 0.001, 8, 8
	head.Optimizer, head.LearningRate, head.PseudoLabels = Adam, 0.005, 0.5
	for name, row := range map[string]struct {
		task   Task
		config Config
	}{
		"LeNet": {exportTask(3, []int{28, 28, 1}, 5), lenet},
		"Head":  {blobs(1, 4, 20, 3, true), head},
	} {
		t.Run(name, func(t *testing.T) {
			row.config.PretrainSteps, row.config.AdaptSteps = 50, 50
			source, adapted := trained(t, labWith(t, b, 1, t.TempDir(), row.task, row.config))
			for _, count := range []int{2, 4} {
				s, a := trained(t, labWith(t, b, count, t.TempDir(), row.task, row.config))
				sameLosses(t, count, source, s)
				sameLosses(t, count, adapted, a)
			}
		})
	}
}

// TestDevicesShareStatistics: covariances and pairs of rows are those of the batch, not
// of one device's share of it.
func TestDevicesShareStatistics(t *testing.T) {
	b := fourDevices(t)
	task, dirs := blobs(1, 4, 20, 3, false), map[int]string{1: t.TempDir(), 4: t.TempDir()}
	for _, method := range []Method{DeepCORAL, CCSA} {
		config := quick(method)
		config.Lambda, config.PretrainSteps, config.AdaptSteps = 0.5, 3, 8
		adapted := map[int]*Model{}
		for count, dir := range dirs {
			_, adapted[count] = trained(t, labWith(t, b, count, dir, task, config))
		}
		sameLosses(t, 4, adapted[1], adapted[4])
	}
}

// TestDevicesShareFrozenPart: the frozen part, computed anew at each step, has its share of the
// images on each device.
func TestDevicesShareFrozenPart(t *testing.T) {
	b := fourDevices(t)
	sources := map[int]*Model{}
	for _, count := range []int{1, 4} {
		config := freezing(SourceOnly, "conv2")
		config.Mirror = true
		l := labWith(t, b, count, t.TempDir(), photographs(), config)
		var err error
		if sources[count], err = l.Pretrain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sameLosses(t, 4, sources[1], sources[4])
}

// TestDevicesResume: a run interrupted in each stage ends with the bits of one that was not, on
// the same devices.
func TestDevicesResume(t *testing.T) {
	b := fourDevices(t)
	task, config := blobs(1, 4, 20, 3, true), dropping()
	config.PretrainSteps, config.AdaptSteps, config.EarlyStop, config.ValidateEvery = 12, 12, Entropy, 6
	source, want := trained(t, labWith(t, b, 4, t.TempDir(), task, config))

	l, stops := labWith(t, b, 4, t.TempDir(), task, config), 0
	ctx, cancel := context.WithCancel(t.Context())
	l.OnProgress = func(p Progress) {
		if p.Step == 7 && !p.Loaded {
			cancel()
		}
	}
	until := func(stage func(context.Context) (*Model, error)) *Model {
		m, err := stage(ctx)
		for errors.As(err, new(*Interrupted)) {
			stops++
			ctx, cancel = context.WithCancel(t.Context())
			m, err = stage(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	s := until(l.Pretrain)
	soft, err := l.SoftLabels(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	got := until(func(ctx context.Context) (*Model, error) { return l.Adapt(ctx, s, soft) })
	cancel()
	if stops != 2 {
		t.Errorf("interrupted %d times, want once in each stage", stops)
	}
	if !equalWeights(s, source) || !equalWeights(got, want) || !slices.Equal(got.History.ClassLoss, want.History.ClassLoss) {
		t.Error("an interrupted run on four devices ends with other bits")
	}
}

// BenchmarkDevices times the steps of a training of LeNet, 64 source and 64 target rows, on one
// device and on more.
func BenchmarkDevices(b *testing.B) {
	backend := fourDevices(b)
	for _, count := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("devices=%d", count), func(b *testing.B) {
			config := quick(ConfusionOnly)
			config.Network, config.LearningRate, config.Devices = network.LeNet, 0.001, count
			config.SourceBatch, config.TargetBatch, config.PretrainSteps, config.AdaptSteps = 64, 64, 1, 60
			var steps []float64 // seconds
			for b.Loop() {
				l, err := OpenOn(backend, b.TempDir(), exportTask(10, []int{28, 28, 1}, 20), config)
				if err != nil {
					b.Fatal(err)
				}
				source, err := l.Pretrain(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				var last time.Duration
				l.OnProgress = func(p Progress) {
					if p.Step > 3 { // the first ones compile the graph and fill the caches
						steps = append(steps, (p.Elapsed - last).Seconds())
					}
					last = p.Elapsed
				}
				if _, err := l.Adapt(b.Context(), source, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(1000*median(steps), "ms/step")
		})
	}
}
