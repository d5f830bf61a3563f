package onnxnet

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// featuresOfValue returns a tensor of n examples as features [n, d]: of images, the mean over
// height and width; of tokens [n, T, d], their mean.
func featuresOfValue(v value, n int) *graph.Node {
	var f *graph.Node
	switch {
	case v.images != nil:
		f = graph.ReduceMean(v.images, 1, 2)
	case v.node == nil:
		exceptions.Panicf("the features do not depend on the images")
	case v.node.Rank() == 4:
		f = graph.ReduceMean(v.node, 2, 3)
	case v.node.Rank() == 3:
		f = graph.ReduceMean(v.node, 1)
	default:
		f = v.node
	}
	if f.Rank() != 2 || f.Shape().Dimensions[0] != n {
		exceptions.Panicf("the features have shape %v for %d examples, want [n, d], [n, tokens, d] or [n, d, height, width]: if the model was exported for a fixed number of examples, export it for any: %s", v.dims(), n, dynamic)
	}
	return f
}

// dynamic says how to export a model for any number of examples.
const dynamic = `torch.onnx.export(…, dynamic_axes={"input": {0: "n"}}), or dynamic_shapes={"x": {0: torch.export.Dim("n")}} with dynamo=True`
