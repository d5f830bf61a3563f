package onnxnet

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// value is what is known of a tensor while a graph is built: it is a constant, or a node of
// the graph in the layout that the file states, or images [n, H, W, C] of which the file has
// [n, C, H, W]. Our layers take and return such images; nodes between them leave them so,
// because a change of layout costs as much as a layer.
type value struct {
	constant *tensors.Tensor
	node     *graph.Node // as in the file; nil: not built
	images   *graph.Node // [n, H, W, C]; nil: not built
}

// asNode returns the tensor as the file has it.
func (b *builder) asNode(name string) *graph.Node {
	v := b.values[name]
	switch {
	case v.node != nil:
	case v.images != nil:
		v.node = graph.TransposeAllAxes(v.images, 0, 3, 1, 2)
	case v.constant != nil:
		v.node = graph.Const(b.g, v.constant)
	default:
		exceptions.Panicf("its input %q is not there", name)
	}
	b.values[name] = v
	return v.node
}

// asImages returns a tensor of the file's shape [n, C, H, W] as [n, H, W, C].
func (b *builder) asImages(name string) *graph.Node {
	v := b.values[name]
	if v.images == nil {
		v.node = b.asNode(name)
		if v.node.Rank() != 4 {
			exceptions.Panicf("its input %q has shape %s, want images", name, v.node.Shape())
		}
		v.images = graph.TransposeAllAxes(v.node, 0, 2, 3, 1)
	}
	b.values[name] = v
	return v.images
}

// rank returns the number of a tensor's axes.
func (v value) rank() int {
	switch {
	case v.constant != nil:
		return v.constant.Rank()
	case v.node != nil:
		return v.node.Rank()
	}
	return 4
}

// dims returns a tensor's shape as in the file.
func (v value) dims() []int {
	switch {
	case v.constant != nil:
		return v.constant.Shape().Dimensions
	case v.node != nil:
		return v.node.Shape().Dimensions
	}
	d := v.images.Shape().Dimensions
	return []int{d[0], d[3], d[1], d[2]}
}

// ints returns the integers of a node's input i. It panics if they are not constant.
func (b *builder) ints(n weightfile.ONNXNode, i int) []int {
	if !has(n, i) {
		exceptions.Panicf("it lacks input %d", i)
	}
	t := b.values[n.Inputs[i]].constant
	if t == nil {
		exceptions.Panicf("its input %q depends on the images, want a constant", n.Inputs[i])
	}
	all := []int{}
	if flat, err := tensors.CopyFlatData[int64](t); err == nil {
		for _, x := range flat {
			all = append(all, int(min(max(x, math.MinInt32), math.MaxInt32)))
		}
		return all
	}
	flat, err := tensors.CopyFlatData[int32](t)
	if err != nil {
		exceptions.Panicf("its input %q is %s, want integers", n.Inputs[i], t.Shape())
	}
	for _, x := range flat {
		all = append(all, int(x))
	}
	return all
}

// scalar returns the number of a node's input i. It panics if it is not constant.
func (b *builder) scalar(n weightfile.ONNXNode, i int) float64 {
	x, ok := b.values[n.Inputs[i]].scalar()
	if !ok {
		exceptions.Panicf("its input %q is not one constant number", n.Inputs[i])
	}
	return x
}

// scalar returns a constant of one floating-point number.
func (v value) scalar() (x float64, ok bool) {
	if v.constant == nil || v.constant.Size() != 1 {
		return 0, false
	}
	flat, err := tensors.CopyFlatData[float32](v.constant)
	if err != nil {
		return 0, false
	}
	return float64(flat[0]), true
}
