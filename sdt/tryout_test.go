package sdt

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// TestNetworksThatCannotBe checks that Open rejects a network that no method can train, for every
// method, and says why without GoMLX's words.
func TestNetworksThatCannotBe(t *testing.T) {
	dense := func(s *model.Scope, x *graph.Node) *graph.Node { return layer.Dense(s.In("fc"), x, 4) }
	as := func(dtype dtypes.DType) network.Network {
		return network.Of(func(s *model.Scope, x *graph.Node) *graph.Node { return graph.ConvertDType(dense(s, x), dtype) })
	}
	every := slices.Concat(Methods(), Baselines())
	aligning := []Method{ConfusionOnly, Full, DANN, DDC, DeepCORAL, MME, CCSA, CDAN}
	var nothing *graph.Node
	for _, row := range []struct {
		why     string
		network network.Network
		of      []Method
		want    string // "": it is accepted
	}{
		{"no unit", network.Head(0), every, "network.Head: 0 units, want 1 or more"},
		{"fewer than none", network.Head(-1), every, "network.Head: -1 units, want 1 or more"},
		{"one unit is a feature", network.Head(1), every, ""},
		{"no column is left", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			return graph.Slice(dense(s, x), graph.AxisRange(), graph.AxisRange(0, 0))
		}), every, "it returns no features, want one or more"},
		{"another precision", as(dtypes.Float64), every, "it returns features of type float64, want float32"},
		{"another precision", as(dtypes.Float16), every, "it returns features of type float16, want float32"},
		{"another precision", as(dtypes.BFloat16), every, "it returns features of type bfloat16, want float32"},
		{"whole numbers have no gradient", as(dtypes.Int32), every, "it returns features of type int32, want float32"},
		{"truth has no gradient", as(dtypes.Bool), every, "it returns features of type bool, want float32"},
		{"nothing", network.Of(func(*model.Scope, *graph.Node) *graph.Node { return nothing }), every, "it returns nil, want features [n, d]"},
		{"one number for all", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node { return graph.ReduceAllSum(dense(s, x)) }), every, "want [2, d]: a row of numbers for each example"},
		{"more rows than examples", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			return dense(s, graph.Concatenate([]*graph.Node{x, x}, 0))
		}), every, "want [2, d]: a row of numbers for each example"},
		{"it says so in a string", network.Of(func(*model.Scope, *graph.Node) *graph.Node { panic("no such layer") }), every, "network on examples of shape [5]: no such layer"},
		{"it says nothing", network.Of(func(*model.Scope, *graph.Node) *graph.Node { panic(any(nil)) }), every, "it panics: panic called with nil argument"},
		{"it says a number", network.Of(func(*model.Scope, *graph.Node) *graph.Node { panic(7) }), every, "network on examples of shape [5]: 7"},
		{"an index out of range", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node { return graph.MulScalar(x, []float64{}[x.Rank()]) }), every, "it panics: runtime error: index out of range"},
		{"only in training", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			if s.IsTraining(x.Graph()) {
				panic("not in training")
			}
			return dense(s, x)
		}), every, "not in training"},
		{"another type in training", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			if s.IsTraining(x.Graph()) {
				return graph.ConvertDType(dense(s, x), dtypes.Float64)
			}
			return dense(s, x)
		}), every, "it returns features of type float64, want float32"},
		{"it would not be saved", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			return layer.Dense(s.Store().Scope("/mine"), x, 4)
		}), every, "its variable /mine/weights is not under the scope passed to it"},
		{"it would be taken for the class classifier's", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			return layer.Dense(s.Store().Scope(classifierScope), x, 4)
		}), every, "its variable /model/classifier/weights is not under the scope"},
		{"NaN from the start", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			return graph.Log(graph.Neg(graph.Square(dense(s, x))))
		}), every, `before any training it returns NaN for row 0 of "source"`},
		{"infinite from the start", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			x = dense(s, x)
			return graph.Div(graph.AddScalar(graph.Square(x), 1), graph.ZerosLike(x))
		}), every, `before any training it returns +Inf for row 0 of "source"`},
		{"another size for another batch", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			rows := x.Shape().Dimensions[0]
			return graph.Mul(dense(s, x), s.VariableWithShape("scale", shapes.Make(x.DType(), rows, 4)).NodeValue(x.Graph()))
		}), every, "its variable scale has shape"},
		{"a layer that no training sees", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			x = dense(s, x)
			if !s.IsTraining(x.Graph()) {
				x = layer.Dense(s.In("more"), x, 4)
			}
			return x
		}), every, "its variable more/biases exists in use but not in training"},
		{"it would not be saved, and exists only in training", inTraining(func(s *model.Scope, x, y *graph.Node) *graph.Node {
			return graph.Add(y, layer.Dense(s.Store().Scope("/mine"), x, 4))
		}), every, "its variable /mine/weights is not under the scope"},
		{"another size for another batch, only in training", inTraining(func(s *model.Scope, x, y *graph.Node) *graph.Node {
			return graph.Mul(y, s.VariableWithShape("scale", shapes.Make(x.DType(), x.Shape().Dimensions[0], 4)).NodeValue(x.Graph()))
		}), every, "its variable scale has shape"},
		{"weights of another precision", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			return graph.ConvertDType(dense(s, graph.ConvertDType(x, dtypes.Float64)), x.DType())
		}), every, "is trainable and of type float64, want float32"},
		{"weights of another precision", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			return graph.ConvertDType(dense(s, graph.ConvertDType(x, dtypes.Float16)), x.DType())
		}), every, "is trainable and of type float16, want float32"},
		{"a count that is not said to stand still", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			return graph.Mul(dense(s, x), graph.ConvertDType(s.VariableWithValue("count", int32(1)).NodeValue(x.Graph()), x.DType()))
		}), every, "its variable count is trainable and of type int32, want float32: create it in that type, or call SetTrainable(false)"},
		{"a file cannot hold it", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			v := s.VariableWithShape("buffer", shapes.Make(dtypes.Float16)).SetTrainable(false)
			return graph.Mul(dense(s, x), graph.ConvertDType(v.NodeValue(x.Graph()), x.DType()))
		}), every, "its variable buffer is of type float16, which a weights file cannot hold: create it in float32"},
		{"a buffer of infinity", withBuffer(float32(math.Inf(-1))), every, "its variable buffer starts with -Inf"},
		{"a buffer of NaN, in another precision", withBuffer([][]float64{{1, 2, math.NaN(), 4}}), every, "its variable buffer starts with NaN"},
		{"infinity, only in training", counted(float32(math.Inf(1))), every, "its variable count starts with +Inf"},
		{"infinity of an initializer", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			v := s.WithInitializer(func(g *graph.Graph, shape shapes.Shape) *graph.Node {
				return graph.BroadcastToShape(graph.Infinity(g, shape.DType, 1), shape)
			}).VariableWithShape("mask", shapes.Make(x.DType(), 4)).SetTrainable(false)
			return graph.Min(dense(s, x), graph.ExpandLeftToRank(v.NodeValue(x.Graph()), 2))
		}), every, "its variable mask starts with +Inf"},
		{"there is nothing to draw together", network.Of(func(_ *model.Scope, x *graph.Node) *graph.Node { return x }), aligning, "it has no trainable variable, so"},
		{"its variable stands still", network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
			v := s.VariableWithShape("still", shapes.Make(x.DType(), 5)).SetTrainable(false)
			return graph.Mul(x, graph.ExpandLeftToRank(v.NodeValue(x.Graph()), 2))
		}), aligning, "it has no trainable variable, so"},
		{"the class classifier alone is trained", network.Of(func(_ *model.Scope, x *graph.Node) *graph.Node { return x }), []Method{SourceOnly, TargetOnly, SourceTarget, SoftOnly, EntropyMinimization}, ""},
	} {
		for _, m := range row.of {
			config := quick(m)
			config.Network = row.network
			_, err := Open(t.TempDir(), blobs(1, 4, 5, 3, false), config)
			if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(row.want))) {
				t.Errorf("%s, %s: %v, want %q", row.why, m, err, row.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("%s, %s: %q has more than one line", row.why, m, err)
			}
		}
	}
}
