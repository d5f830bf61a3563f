package sdt

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// inTraining returns a dense layer that a function changes in training.
func inTraining(change func(s *model.Scope, x, y *graph.Node) *graph.Node) network.Network {
	return network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
		y := layer.Dense(s.In("fc"), x, 4)
		if s.IsTraining(x.Graph()) {
			y = change(s, x, y)
		}
		return y
	})
}

// counted counts the steps of training in a variable, which is not one of use.
func counted(start any) network.Network {
	return inTraining(func(s *model.Scope, _, y *graph.Node) *graph.Node {
		v := s.VariableWithValue("count", start).SetTrainable(false)
		v.SetNodeValue(graph.AddScalar(v.NodeValue(y.Graph()), 1))
		return y
	})
}

// trainingOnly are networks that have the same graph in use, but not in training.
var trainingOnly = map[string]network.Network{
	"nothing": inTraining(func(_ *model.Scope, _, y *graph.Node) *graph.Node { return y }),
	"noise": inTraining(func(s *model.Scope, x, y *graph.Node) *graph.Node {
		return graph.Add(y, graph.MulScalar(s.RandomNormal(x.Graph(), y.Shape()), .01))
	}),
	"more noise": inTraining(func(s *model.Scope, x, y *graph.Node) *graph.Node {
		return graph.Add(y, graph.MulScalar(s.RandomNormal(x.Graph(), y.Shape()), .1))
	}),
	"a factor": inTraining(func(_ *model.Scope, _, y *graph.Node) *graph.Node { return graph.MulScalar(y, 2) }),
	"no slope": inTraining(func(_ *model.Scope, _, y *graph.Node) *graph.Node { return graph.StopGradient(y) }),
	"drop out": inTraining(func(s *model.Scope, _, y *graph.Node) *graph.Node { return layers.DropoutStatic(s, y, .5) }),
	"aux layer": inTraining(func(s *model.Scope, x, y *graph.Node) *graph.Node {
		return graph.Add(y, layer.Dense(s.In("aux"), x, 4))
	}),
	"a count":              counted(float32(0)),
	"a whole-number count": counted(int32(0)),
	"a layer that stands still": network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
		y := layer.Dense(s.In("fc"), x, 4)
		s.Shared("fc").GetVariable(layer.Weights).SetTrainable(false)
		return y
	}),
}

// TestNetworksByTheirTraining checks that networks which differ only in training have
// different keys, each the same one whenever it is opened, and do not run each other's models.
func TestNetworksByTheirTraining(t *testing.T) {
	task := blobs(1, 4, 12, 3, true)
	labs, models := map[string]*Lab{}, map[string]*Model{}
	named := map[string]string{}
	for name, net := range trainingOnly {
		config := quick(Full)
		config.Network, config.PretrainSteps, config.AdaptSteps = net, 3, 3
		dir := t.TempDir()
		m, adapted, _, _ := stages(t, t.Context(), dir, task, config)
		again, readapted, _, _ := stages(t, t.Context(), dir, task, config)
		if again.Key != m.Key || readapted.Key != adapted.Key || !equalWeights(readapted, adapted) {
			t.Errorf("%s: opened again it is another network", name)
		}
		lab, err := Open(t.TempDir(), task, config)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := named[lab.network]; ok {
			t.Errorf("%s and %s have the same key", name, other)
		}
		named[lab.network], labs[name], models[name] = name, lab, m

		// What exists only in training resumes with the rest.
		ctx, cancel := context.WithCancel(t.Context())
		lab.OnProgress = func(p Progress) {
			if p.Step == 2 {
				cancel()
			}
		}
		if _, err := lab.Pretrain(ctx); !errors.As(err, new(*Interrupted)) {
			t.Fatal(name, err)
		}
		cancel()
		resumed, err := lab.Pretrain(t.Context())
		if err != nil || !equalWeights(resumed, m) {
			t.Errorf("%s: resumed, it ends with other weights: %v", name, err)
		}
	}
	for name, lab := range labs {
		for of, m := range models {
			if _, err := lab.Evaluate(t.Context(), m); (err == nil) != (of == name) {
				t.Errorf("%s evaluates the model of %s: %v", name, of, err)
			}
		}
	}
}

// TestKeysOfNetworksThatDropOut checks that AlexNet and CaffeNet have the keys that they had
// when only the graph in use was hashed, and that no network with more in training has them.
func TestKeysOfNetworksThatDropOut(t *testing.T) {
	for _, row := range []struct {
		name string
		net  network.Network
		side int
	}{{"AlexNet", network.AlexNet, 224}, {"CaffeNet", network.CaffeNet, 227}} {
		task := blobs(1, 2, 1, 1, false)
		for _, e := range []*Examples{&task.Sources[0].Examples, &task.Target.Examples, &task.Unlabelled, &task.Test.Examples} {
			n := e.Len()
			e.Shape, e.Values = []int{row.side, row.side, 3}, nil
			e.Pixels = make([]uint8, n*e.Size())
		}
		open := func(net network.Network) *Lab {
			t.Helper()
			config := quick(SourceTarget)
			config.Network, config.NetworkTag = net, "tag"
			lab, err := Open(t.TempDir(), task, config)
			if err != nil {
				t.Fatal(err)
			}
			return lab
		}
		lab := open(row.net)
		sum := sha256.Sum256(fmt.Appendf(nil, "tag\n%s\n", lab.built(row.net, false).graph))
		if want := hex.EncodeToString(sum[:]); lab.network != want {
			t.Errorf("%s has the key %s, want that of its graph in use, %s", row.name, lab.network, want)
		}
		if wrapped := open(network.Of(func(s *model.Scope, x *graph.Node) *graph.Node { return row.net.Features(s, x) })); wrapped.network != lab.network {
			t.Errorf("%s has another key in a function that only calls it", row.name)
		}
		more := open(network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			y := row.net.Features(s, x)
			if s.IsTraining(x.Graph()) {
				y = graph.MulScalar(y, 2)
			}
			return y
		}))
		still := open(network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			y := row.net.Features(s, x)
			s.Shared("conv1").GetVariable(layer.Weights).SetTrainable(false)
			return y
		}))
		if more.network == lab.network || still.network == lab.network {
			t.Errorf("a network that does not train as %s does has its key", row.name)
		}
	}
}
