package onnxnet

import (
	"slices"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// alike returns tensors with as many axes each, so that they broadcast as in ONNX, which lines
// up the last axes. If one of them is images, all are; images reports that.
func (b *builder) alike(names []string) (in []*graph.Node, images bool) {
	rank := 0
	for _, name := range names {
		v := b.values[name]
		images = images || v.images != nil && v.node == nil
		rank = max(rank, v.rank())
	}
	images = images && rank == 4
	for _, name := range names {
		switch v := b.values[name]; {
		case images && v.rank() == 4:
			in = append(in, b.asImages(name))
		default:
			x := b.asNode(name)
			for x.Rank() < rank {
				x = graph.ExpandAxes(x, 0)
			}
			if images {
				x = graph.TransposeAllAxes(x, 0, 2, 3, 1)
			}
			in = append(in, x)
		}
	}
	return in, images
}

// put keeps what a node makes.
func (b *builder) put(n weightfile.ONNXNode, y *graph.Node, images bool) {
	if images {
		b.values[n.Outputs[0]] = value{images: y}
	} else {
		b.values[n.Outputs[0]] = value{node: y}
	}
}

// axesOf returns a node's axes, from its attribute or from input i, 0 or above; nil if it
// states none.
func (b *builder) axesOf(n weightfile.ONNXNode, i, rank int) []int {
	var axes []int
	for _, a := range n.Attributes["axes"].Ints {
		axes = append(axes, int(a))
	}
	if has(n, i) {
		axes = b.ints(n, i)
	}
	for j, a := range axes {
		if a < -rank || a >= rank {
			exceptions.Panicf("axis %d of %d", a, rank)
		}
		axes[j] = (a + rank) % rank
	}
	return axes
}

// reduceOf is an operator that combines the numbers along axes into one.
func reduceOf(f func(x *graph.Node, axes ...int) *graph.Node) operator {
	return func(b *builder, n weightfile.ONNXNode) {
		v := b.values[n.Inputs[0]]
		axes, keep := b.axesOf(n, 1, v.rank()), intOr(n, "keepdims", 1) != 0
		slices.Sort(axes)
		if len(axes) == 0 {
			if intOr(n, "noop_with_empty_axes", 0) != 0 {
				b.values[n.Outputs[0]] = v
				return
			}
			for a := range v.rank() {
				axes = append(axes, a)
			}
		}
		if v.images != nil && slices.Equal(axes, []int{2, 3}) {
			if keep {
				b.values[n.Outputs[0]] = value{images: graph.ReduceAndKeep(v.images, f, 1, 2)}
			} else {
				b.values[n.Outputs[0]] = value{node: f(v.images, 1, 2)}
			}
			return
		}
		if x := b.asNode(n.Inputs[0]); keep {
			b.values[n.Outputs[0]] = value{node: graph.ReduceAndKeep(x, f, axes...)}
		} else {
			b.values[n.Outputs[0]] = value{node: f(x, axes...)}
		}
	}
}

// transpose builds a Transpose node. Between the two layouts of images there is nothing to do.
func (b *builder) transpose(n weightfile.ONNXNode) {
	v := b.values[n.Inputs[0]]
	var perm []int
	for _, p := range n.Attributes["perm"].Ints {
		perm = append(perm, int(p))
	}
	for a := v.rank() - 1; len(n.Attributes["perm"].Ints) == 0 && a >= 0; a-- {
		perm = append(perm, a)
	}
	switch {
	case len(perm) != v.rank():
		exceptions.Panicf("permutation %v of %d axes", perm, v.rank())
	case v.images != nil && slices.Equal(perm, []int{0, 2, 3, 1}):
		b.values[n.Outputs[0]] = value{node: v.images}
	case v.node != nil && slices.Equal(perm, []int{0, 3, 1, 2}):
		b.values[n.Outputs[0]] = value{images: v.node}
	default:
		b.values[n.Outputs[0]] = value{node: graph.TransposeAllAxes(b.asNode(n.Inputs[0]), perm...)}
	}
}

// concat builds a Concat node. In a file that was exported for one example, a tensor for one
// example, such as a class token, is repeated for all.
func (b *builder) concat(n weightfile.ONNXNode) {
	axis, rows, images := intOr(n, "axis", 0), 1, true
	for _, in := range n.Inputs {
		v := b.values[in]
		images = images && v.images != nil
		if v.rank() > 0 {
			rows = max(rows, v.dims()[0])
		}
	}
	var parts []*graph.Node
	for _, in := range n.Inputs {
		if images && (axis == 1 || axis == -3) {
			parts = append(parts, b.values[in].images)
			continue
		}
		x := b.asNode(in)
		if d := slices.Clone(x.Shape().Dimensions); b.images.batch == 1 && axis != 0 && len(d) > 0 && d[0] == 1 {
			d[0] = rows
			x = graph.BroadcastToDims(x, d...)
		}
		parts = append(parts, x)
	}
	if images && (axis == 1 || axis == -3) {
		b.values[n.Outputs[0]] = value{images: graph.Concatenate(parts, 3)}
		return
	}
	if axis < 0 {
		axis += parts[0].Rank()
	}
	b.values[n.Outputs[0]] = value{node: graph.Concatenate(parts, axis)}
}
