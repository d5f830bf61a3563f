package sdt

import (
	"fmt"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/internal/onnx"
)

// The names of an exported model's input and outputs.
const (
	exportedInput         = "examples"
	exportedProbabilities = "probabilities"
	exportedFeatures      = "features"
)

// onnx returns the network of m as an ONNX model. The graph is that of [Lab.Predict], from
// examples as loaded, on a back end that records it.
func (l *Lab) onnx(m *Model, values map[string]*tensors.Tensor) (data []byte, err error) {
	first := l.task.Sources[0].Examples
	dtype := dtypes.Float32
	if first.Pixels != nil {
		dtype = dtypes.Uint8
	}
	about := l.describe(m)
	file := onnx.Model{
		Name: "sdtlab", Producer: "sdtlab", Version: version("github.com/sdtlab/sdtlab"), Metadata: about,
		Doc: fmt.Sprintf("A classifier of %d classes, trained by simultaneous deep transfer (%s). Input %q: %s. Outputs: %q, in the order of the metadata's classes, and %q.",
			len(l.task.Classes()), m.Method, exportedInput, about["input"], exportedProbabilities, exportedFeatures),
		Input: exportedInput, Outputs: []string{exportedProbabilities, exportedFeatures}, Values: values,
	}
	data, err = file.Encode(func(g *graph.Graph, rows int) []*graph.Node {
		store := model.NewStore()
		defer store.Finalize()
		model.SetStore(g, store)
		store.SetTraining(g, false)
		x := graph.Parameter(g, exportedInput, shapes.Make(dtype, append([]int{rows}, first.Shape...)...))
		f := features(l.config.Network, store, cut{crop: l.config.Crop}.centre(x)) // [n, d]
		return []*graph.Node{graph.Softmax(l.config.classLogits(store, f, len(l.task.Classes()))), f}
	})
	if err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("network: %s", line)
	}
	return data, nil
}

// centre cuts the square at the centre out of images x [n, H, W, C], as tensor does in use.
func (c cut) centre(x *graph.Node) *graph.Node {
	if c.crop == 0 {
		return x
	}
	d := x.Shape().Dimensions
	top, left := (d[1]-c.crop)/2, (d[2]-c.crop)/2
	return graph.Slice(x, graph.AxisRange(), graph.AxisRange(top, top+c.crop), graph.AxisRange(left, left+c.crop))
}
