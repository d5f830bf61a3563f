package sdt

import (
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/layer"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// withBuffer uses a variable that is not trained.
func withBuffer(value any) network.Network {
	return network.Of(func(s *model.Scope, x *graph.Node) *graph.Node {
		v := s.VariableWithValue("buffer", value).SetTrainable(false).NodeValue(x.Graph())
		return graph.Mul(layer.Dense(s.In("fc"), x, 4), graph.ConvertDType(v, x.DType()))
	})
}

// TestBuffers trains networks with variables that are not weights. They are kept with the
// network, and loaded again.
func TestBuffers(t *testing.T) {
	for name, value := range map[string]any{
		"truth": true, "int8": int8(2), "int16": int16(2), "int32": int32(2), "int64": int64(2),
		"uint8": uint8(2), "uint16": uint16(2), "uint32": uint32(2), "uint64": uint64(2), "float32": float32(2), "float64": 2.0,
	} {
		config := quick(Full)
		config.Network, config.PretrainSteps, config.AdaptSteps = withBuffer(value), 3, 3
		dir := t.TempDir()
		_, m, _, _ := stages(t, t.Context(), dir, blobs(1, 4, 12, 3, true), config)
		_, again, _, _ := stages(t, t.Context(), dir, blobs(1, 4, 12, 3, true), config)
		loaded := again.weights[reprScope+"/buffer"]
		if loaded == nil || loaded.Value() != value || !equalWeights(m, again) {
			t.Errorf("%s: loaded again it is %v, want %v", name, loaded, value)
		}
	}
}
