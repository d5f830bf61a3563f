package sdt

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// TestUnusableModels passes to each call that accepts a model one that it cannot use. The error
// must say what is wrong, whatever the call.
func TestUnusableModels(t *testing.T) {
	task := blobs(1, 4, 12, 3, false)
	task.Validation = task.Sources[0]
	open := func(task Task, config Config) *Lab {
		t.Helper()
		lab, err := Open(t.TempDir(), task, config)
		if err != nil {
			t.Fatal(err)
		}
		return lab
	}
	trained := func(task Task, net network.Network) *Model {
		t.Helper()
		config := quick(Full)
		config.Network, config.PretrainSteps = net, 2
		m, err := open(task, config).Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	renamed := func(classes ...string) Task {
		other := task
		other.Sources = slices.Clone(other.Sources)
		for _, l := range []*Labelled{&other.Sources[0], &other.Target, &other.Test, &other.Validation} {
			l.Classes = classes
		}
		return other
	}
	lab, source := open(task, quick(Full)), trained(task, network.Head(16))
	soft, err := lab.SoftLabels(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]func(context.Context, *Model) error{
		"soft labels": func(ctx context.Context, m *Model) error { _, err := lab.SoftLabels(ctx, m); return err },
		"logits":      func(ctx context.Context, m *Model) error { _, err := lab.SourceLogits(ctx, m); return err },
		"adapt":       func(ctx context.Context, m *Model) error { _, err := lab.Adapt(ctx, m, soft); return err },
		"evaluate":    func(ctx context.Context, m *Model) error { _, err := lab.Evaluate(ctx, m); return err },
		"predict":     func(ctx context.Context, m *Model) error { _, err := lab.Predict(ctx, m, task.Unlabelled); return err },
		"features": func(ctx context.Context, m *Model) error {
			_, _, err := lab.FeaturesOf(ctx, m, task.Unlabelled)
			return err
		},
		"probe": func(ctx context.Context, m *Model) error { _, err := lab.Probe(ctx, m, 1); return err },
	}
	for _, v := range append(Validators(), Oracle) {
		calls["score by "+v.String()] = func(ctx context.Context, m *Model) error { _, err := lab.Score(ctx, m, v); return err }
	}
	sourceOnly := open(task, quick(SourceOnly))
	calls["adapt, source only"] = func(ctx context.Context, m *Model) error { _, err := sourceOnly.Adapt(ctx, m, nil); return err }

	tanh := network.Of(func(scope *model.Scope, x *graph.Node) *graph.Node {
		return graph.Tanh(network.Head(16).Features(scope, x))
	})
	two := network.Of(func(scope *model.Scope, x *graph.Node) *graph.Node {
		return network.Head(16).Features(scope.In("more"), network.Head(16).Features(scope, x))
	})
	const features = true // true if the network fits, whatever its classes
	for _, row := range []struct {
		why   string
		model *Model
		fits  bool
		want  string
	}{
		{"nothing", nil, !features, "no model is given: pass what Pretrain or Adapt returned"},
		{"made by hand: it would be evaluated with random weights", &Model{}, !features, "the model has no weights: pass what Pretrain or Adapt returned"},
		{"made by hand, with the key of a result", &Model{Key: source.Key, Method: Full, Stage: "adapt"}, !features, "the model has no weights"},
		{"a wider network", trained(task, network.Head(17)), !features, "the model is of another network: its fc7/biases has shape 17, the lab's Network has 16: open a lab with the Network"},
		{"another function of weights of the same shapes", trained(task, tanh), !features, "the model is of another network: the lab's Network or NetworkTag differs, though the weights have the same shapes"},
		{"a deeper network", trained(task, two), !features, "the model is of another network: it has more/fc7/biases, but the lab's Network does not"},
		{"examples of more numbers", trained(blobs(1, 5, 12, 3, false), network.Head(16)), !features, "the model is of another network: its fc7/weights has shape 6×16, the lab's Network has 5×16"},
		{"classes in another order: numbers would be of other classes", trained(renamed("a", "c", "b", "d"), network.Head(16)), features, `the model was trained for the task's classes in another order: class 1 is "c", in the task "b"`},
		{"other classes", trained(renamed("a", "b", "x", "d"), network.Head(16)), features, `the model was trained for other classes than the task's: the task does not have "x", it lacks "c"`},
		{"more classes", trained(renamed("a", "b", "c", "d", "e"), network.Head(16)), features, `the model was trained for other classes than the task's: the task does not have "e"`},
	} {
		for name, call := range calls {
			err := call(t.Context(), row.model)
			if takesFeatures := name == "features" || name == "probe"; row.fits && takesFeatures {
				if err != nil {
					t.Errorf("%s, %s: %v, of which only the features count", name, row.why, err)
				}
				continue
			}
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s, %s: %v\nwant %s", name, row.why, err, row.want)
			} else if strings.HasPrefix(name, "score") && !strings.HasPrefix(err.Error(), name+": "+row.want) { // before anything is computed
				t.Errorf("%s, %s: %v\nwant it to begin %q", name, row.why, err, name+": "+row.want)
			}
		}
	}
	if runs, err := ReadRuns(lab.dir); err == nil {
		t.Errorf("refused models left %d runs", len(runs))
	}
	// Another task with these classes is another domain on which to try the model.
	other := blobs(2, 4, 12, 3, false)
	if _, err := open(other, quick(Full)).Evaluate(t.Context(), source); err != nil {
		t.Errorf("another task of the same classes: %v", err)
	}
}

// A network that accepts images of any size may be used at another size than it was trained at.
func TestModelAtAnotherCrop(t *testing.T) {
	config := quick(SourceOnly)
	config.Crop, config.PretrainSteps, config.LearningRate = 24, 1, 1e-4
	config.Network = network.Of(func(scope *model.Scope, x *graph.Node) *graph.Node { // mean of the pixels, then Head
		return network.Head(4).Features(scope, graph.DivScalar(graph.ReduceMean(x, 1, 2), 255))
	})
	task := blobImages()
	at24, err := Open(t.TempDir(), task, config)
	if err != nil {
		t.Fatal(err)
	}
	m, err := at24.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	config.Crop = 0
	whole, err := Open(t.TempDir(), task, config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := whole.Evaluate(t.Context(), m); err != nil {
		t.Error(err)
	}
}

// TestUnreadableExamples passes to Predict and FeaturesOf what the network cannot see, or would
// see as something else.
func TestUnreadableExamples(t *testing.T) {
	values, images := blobs(1, 4, 12, 3, false), blobImages()
	var wide Examples
	wide.Shape, wide.Values = []int{values.Test.Size() + 1}, make([]float32, values.Test.Size()+1)
	asPixels := Examples{Shape: values.Test.Shape, Pixels: make([]uint8, values.Test.Size())}
	asValues := Examples{Domain: "usps", Shape: images.Test.Shape, Values: make([]float32, images.Test.Size())}
	half := values.Test.Rows([]int{0, 1}).Examples
	half.Values = half.Values[:len(half.Values)-1]
	nan := values.Test.Rows([]int{0, 1}).Examples
	nan.Values[nan.Size()+2] = float32(math.NaN())
	small := Examples{Shape: []int{16, 16, 1}, Pixels: make([]uint8, 256)}
	imageNet := quick(SourceOnly)
	imageNet.Network, imageNet.Crop, imageNet.PretrainSteps, imageNet.SourceBatch, imageNet.LearningRate = network.LeNet, 28, 1, 4, 1e-4
	for _, row := range []struct {
		why    string
		task   Task
		config Config
		bad    Examples
		want   string
	}{
		{"none", values, quick(SourceOnly), values.Test.Rows(nil).Examples, "0 examples of shape [5], want at least one of shape [5]"},
		{"of another shape", values, quick(SourceOnly), wide, "1 examples of shape [6], want at least one of shape [5]"},
		{"0…255 where the network learnt from values", values, quick(SourceOnly), asPixels, "the examples are pixels (uint8, 0…255), the task's are values (float32)"},
		{"0…1 where the network learnt from pixels", images, imageNet, asValues, `"usps": the examples are values (float32), the task's are pixels (uint8, 0…255)`},
		{"smaller than the crop", images, imageNet, small, "1 examples of shape [16 16 1], want at least one of shape [32 32 1]"},
		{"half an example", values, quick(SourceOnly), half, "are not a multiple of the size of examples"},
		{"NaN, which is not the network's fault", values, quick(SourceOnly), nan, "row 1, column 2 holds NaN"},
	} {
		lab, err := Open(t.TempDir(), row.task, row.config)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lab.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := lab.Predict(t.Context(), m, row.bad); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("predict, %s: %v, want %s", row.why, err, row.want)
		}
		if _, _, err := lab.FeaturesOf(t.Context(), m, row.bad); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("features, %s: %v, want %s", row.why, err, row.want)
		}
	}
}
