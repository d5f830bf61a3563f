package sdt

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/onnxtest"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// pictures draws images of 8×8 in two classes, bright above or below, in two domains.
func pictures() Task {
	rng := rand.New(rand.NewPCG(5, 1))
	draw := func(domain string, n, base int) Labelled {
		l := Labelled{Examples: Examples{Domain: domain, Shape: []int{8, 8, 3}}, Classes: []string{"above", "below"}}
		for i := range 2 * n {
			for place := range 8 * 8 * 3 {
				v := base + rng.IntN(60)
				if (place < 4*8*3) == (i%2 == 0) {
					v += 120
				}
				l.Pixels = append(l.Pixels, uint8(v))
			}
			l.Labels = append(l.Labels, int32(i%2))
		}
		return l
	}
	return Task{Name: "pictures", Sources: []Labelled{draw("source", 12, 0)}, Target: draw("target", 3, 60),
		Unlabelled: draw("target", 12, 60).Examples, Test: draw("target", 12, 60)}
}

// onnxConfig trains a network that is read from a file.
func onnxConfig(t *testing.T, change func(m *onnxtest.Model)) Config {
	t.Helper()
	m := onnxtest.Small()
	change(&m)
	net, err := network.ONNX(m.Write(t, "small.onnx"), network.ONNXConfig{})
	if err != nil {
		t.Fatal(err)
	}
	c := quick(Full)
	c.Network, c.PretrainSteps, c.AdaptSteps, c.LearningRate = net, 20, 20, 0.01
	return c
}

// TestTrainsAnONNXModel trains a network read from a file: it begins with the file's weights,
// keeps the statistics of batch norm, is loaded again under the same key, and ends with the
// same bits when it is interrupted.
func TestTrainsAnONNXModel(t *testing.T) {
	task, config := pictures(), onnxConfig(t, func(*onnxtest.Model) {})
	dir := t.TempDir()
	source, want, _, _ := stages(t, t.Context(), dir, task, config)
	file := map[string][]float64{}
	for _, w := range onnxtest.Small().Weights {
		file[strings.ReplaceAll(w.Name, "/", ".")] = w.Values
	}
	moved := map[string]bool{}
	for path, w := range want.weights {
		name, ok := strings.CutPrefix(path, reprScope+"/")
		if !ok {
			continue
		}
		moved[name] = false
		for i, v := range tensors.MustCopyFlatData[float32](w) {
			moved[name] = moved[name] || v != float32(file[name][i])
		}
	}
	if len(moved) != 6 || !moved["conv.kernel"] || !moved["gamma"] || !moved["beta"] || moved["mean"] || moved["variance"] || moved["scale"] {
		t.Errorf("training moved %v, want the kernel, γ and β of the file's weights, not the statistics and the scaling", moved)
	}

	again, err := Open(dir, task, config)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := again.Pretrain(t.Context()); err != nil || m.Key != source.Key || !equalWeights(m, source) {
		t.Errorf("opened again: %v, want the stage that was trained", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	l, err := Open(t.TempDir(), task, config)
	if err != nil {
		t.Fatal(err)
	}
	l.OnProgress = func(p Progress) {
		if p.Step == 7 {
			cancel()
		}
	}
	if _, err := l.Pretrain(ctx); !errors.As(err, new(*Interrupted)) {
		t.Fatalf("%v, want an interruption", err)
	}
	if m, err := l.Pretrain(t.Context()); err != nil || !equalWeights(m, source) {
		t.Errorf("an interrupted run ends with other bits: %v", err)
	}
}

// TestONNXFilesHaveTheirKeys opens networks of files that differ in one weight.
func TestONNXFilesHaveTheirKeys(t *testing.T) {
	key := func(change func(m *onnxtest.Model)) string {
		l, err := Open(t.TempDir(), pictures(), onnxConfig(t, change))
		if err != nil {
			t.Fatal(err)
		}
		return l.network
	}
	same := func(*onnxtest.Model) {}
	if one, other := key(same), key(same); one != other {
		t.Error("two copies of a file have different keys")
	}
	if key(same) == key(func(m *onnxtest.Model) { m.Weights[2].Values[3] += 0.25 }) {
		t.Error("two files that differ in one weight have the same key")
	}
}

// TestONNXSizeIsAdvised opens a network on images of another size.
func TestONNXSizeIsAdvised(t *testing.T) {
	config := onnxConfig(t, func(m *onnxtest.Model) { m.Input = []int{0, 7, 7, 3} })
	_, err := Open(t.TempDir(), pictures(), config)
	if err == nil || !strings.Contains(err.Error(), "small.onnx needs images of 7×7×3, the task's are 8×8×3: set Crop to 7") {
		t.Errorf("%v, want the size and what to set", err)
	}
}
