package onnxnet

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// constantOf returns the tensor of a Constant node; nil if it is of another kind, such as text.
func constantOf(n weightfile.ONNXNode) *tensors.Tensor {
	for name, a := range n.Attributes {
		switch name {
		case "value":
			return a.Tensor
		case "value_int":
			return tensors.FromScalar(a.Int)
		case "value_ints":
			return tensors.FromFlatDataAndDimensions(a.Ints, len(a.Ints))
		case "value_float":
			return tensors.FromScalar(a.Float)
		case "value_floats":
			return tensors.FromFlatDataAndDimensions(a.Floats, len(a.Floats))
		}
	}
	return nil
}

// constantNode builds a Constant node.
func (b *builder) constantNode(n weightfile.ONNXNode) {
	t := constantOf(n)
	if t == nil {
		exceptions.Panicf("it has no tensor of numbers")
	}
	b.values[n.Outputs[0]] = value{constant: t}
}

// fold computes a node of which all inputs are constants, on the pure Go back end: shapes and
// indices, which other operators need to know when the graph is built.
func (b *builder) fold(n weightfile.ONNXNode) {
	cpu, err := backend.Of("go")
	if err != nil {
		panic(err)
	}
	g := graph.NewGraph(cpu, "constants")
	defer g.Finalize()
	inner := &builder{part: b.part, g: g, values: map[string]value{}}
	for _, in := range n.Inputs {
		inner.values[in] = value{constant: b.values[in].constant}
	}
	inner.add(n)
	var names []string
	var nodes []*graph.Node
	for _, out := range n.Outputs {
		if v := inner.values[out]; v.constant != nil {
			b.values[out] = value{constant: v.constant}
		} else if v.node != nil || v.images != nil {
			names, nodes = append(names, out), append(nodes, graph.Identity(inner.asNode(out)))
		}
	}
	if len(names) == 0 {
		return
	}
	if err := g.Compile(nodes...); err != nil {
		panic(&nodeError{describe(n), err.Error(), err})
	}
	for i, t := range g.Run() {
		copied, err := t.LocalClone()
		if err != nil {
			panic(err)
		}
		b.values[names[i]] = value{constant: copied}
	}
}

// shape builds a Shape node of a tensor: a constant, as all shapes are known. The shape of the
// model's input is known in every part.
func (b *builder) shape(n weightfile.ONNXNode) {
	var dims []int
	if ofInputShape(n, b.images.tensor) {
		rows := b.values[b.from].dims()[0]
		dims = []int{rows, b.images.height, b.images.width, b.images.channels}
		if b.images.channelsFirst {
			dims = []int{rows, b.images.channels, b.images.height, b.images.width}
		}
	} else {
		dims = b.values[n.Inputs[0]].dims()
	}
	if n.Op == "Size" {
		size := int64(1)
		for _, d := range dims {
			size *= int64(d)
		}
		b.values[n.Outputs[0]] = value{constant: tensors.FromScalar(size)}
		return
	}
	start, end := limited(intOr(n, "start", 0), len(dims)), limited(intOr(n, "end", len(dims)), len(dims))
	all := []int64{}
	for _, d := range dims[start:max(start, end)] {
		all = append(all, int64(d))
	}
	b.values[n.Outputs[0]] = value{constant: tensors.FromFlatDataAndDimensions(all, len(all))}
}

// limited returns an index into count places, where a negative one counts from the end.
func limited(i, count int) int {
	if i < 0 {
		i += count
	}
	return min(max(i, 0), count)
}

// constantOfShape builds a ConstantOfShape node.
func (b *builder) constantOfShape(n weightfile.ONNXNode) {
	dims := b.ints(n, 0)
	with := n.Attributes["value"].Tensor
	if with == nil {
		with = tensors.FromScalar(float32(0))
	}
	b.values[n.Outputs[0]] = value{node: graph.BroadcastToDims(graph.Reshape(graph.Const(b.g, with)), dims...)}
}

// rangeOf builds a Range node of constants.
func (b *builder) rangeOf(n weightfile.ONNXNode) {
	var whole [3]int
	for i := range whole {
		v := b.ints(n, i)
		if len(v) != 1 {
			exceptions.Panicf("input %d has %d numbers, want one", i, len(v))
		}
		whole[i] = v[0]
	}
	all := []int64{}
	const most = 1 << 24
	for i := whole[0]; whole[2] != 0 && (whole[2] > 0) == (i < whole[1]) && i != whole[1] && len(all) < most; i += whole[2] {
		all = append(all, int64(i))
	}
	b.values[n.Outputs[0]] = value{constant: tensors.FromFlatDataAndDimensions(all, len(all))}
}

// cast builds a Cast node. All floating-point types are float32 here.
func (b *builder) cast(n weightfile.ONNXNode) {
	to, ok := map[int]dtypes.DType{1: dtypes.Float32, 10: dtypes.Float32, 11: dtypes.Float32, 16: dtypes.Float32,
		2: dtypes.Uint8, 3: dtypes.Int8, 5: dtypes.Int16, 6: dtypes.Int32, 7: dtypes.Int64, 9: dtypes.Bool}[intOr(n, "to", 0)]
	if !ok {
		exceptions.Panicf("type %d is not supported", intOr(n, "to", 0))
	}
	b.each(n, func(x *graph.Node) *graph.Node {
		if x.DType() == to {
			return x
		}
		return graph.ConvertDType(x, to)
	})
}
