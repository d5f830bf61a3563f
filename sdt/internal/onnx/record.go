package onnx

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/notimplemented"
	"github.com/gomlx/compute/shapes"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// node is a value of a recorded graph: what an operator of ONNX computes or, if op is "",
// something given: a parameter, a constant, or a vector of sizes.
type node struct {
	op         string
	in         []*node
	attributes []attribute
	shape      shapes.Shape

	name  string // of a parameter
	data  []byte // of a constant, as in memory: little-endian
	sizes []int  // of a vector of sizes, int64; they may grow with the batch

	dims   []size // what align finds: the shape
	vector []size // and the sizes
}

// attribute is a setting of an operator: value is an int, []int or string.
type attribute struct {
	name  string
	value any
}

// given reports whether the node is not computed.
func (n *node) given() bool { return n.op == "" }

// recorder is the back end that records.
type recorder struct{ notimplemented.Backend }

func (*recorder) Name() string        { return backend.ONNXFile }
func (*recorder) String() string      { return backend.ONNXFile }
func (*recorder) Description() string { return "records a graph, to write it as an ONNX file" }

func (*recorder) Capabilities() compute.Capabilities {
	c := compute.Capabilities{DTypes: map[dtypes.DType]bool{}}
	for d := range elementTypes {
		c.DTypes[d] = true
	}
	return c
}

func (*recorder) Builder(name string) compute.Builder {
	b := &recording{name: name}
	b.main = &function{Function: notimplemented.Function{ErrFn: missing}, of: b}
	return b
}

// missing returns the error for an operation that is not recorded. GoMLX composes some of
// these, such as fused ones, of others.
func missing(op compute.OpType) error {
	return fmt.Errorf("the network uses the operation %s, which the export to ONNX does not know: %w", op, compute.ErrNotImplemented)
}

// recording is a graph as it is recorded and, when it has been compiled, its result.
type recording struct {
	notimplemented.Builder
	name    string
	main    *function
	nodes   []*node // each after what it is computed from
	outputs []*node
}

func (r *recording) Name() string           { return r.name }
func (r *recording) Main() compute.Function { return r.main }

func (r *recording) OpShape(v compute.Value) (shapes.Shape, error) {
	if n, ok := v.(*node); ok {
		return n.shape, nil
	}
	return shapes.Invalid(), fmt.Errorf("%T is not a value of a recorded graph", v)
}

func (r *recording) Compile() (compute.Executable, error) { return &result{r}, nil }

// used returns the nodes that the outputs are computed from.
func (r *recording) used() map[*node]bool {
	used := map[*node]bool{}
	for _, n := range r.outputs {
		used[n] = true
	}
	for _, n := range slices.Backward(r.nodes) {
		for _, in := range n.in {
			used[in] = used[in] || used[n]
		}
	}
	return used
}

// result is a recorded graph where GoMLX wants one that can be executed.
type result struct{ *recording }

func (*result) Finalize() {}

func (r *result) Inputs() (names []string, of []shapes.Shape) {
	for _, n := range r.nodes {
		if n.given() && n.name != "" {
			names, of = append(names, n.name), append(of, n.shape)
		}
	}
	return names, of
}

func (r *result) Outputs() (of []shapes.Shape) {
	for _, n := range r.outputs {
		of = append(of, n.shape)
	}
	return of
}

func (*result) Execute([]compute.Buffer, []bool, compute.DeviceNum) ([]compute.Buffer, error) {
	return nil, errors.New("a recorded graph computes nothing: write it to a file")
}

// function records operations; those that it has no method for are errors.
type function struct {
	notimplemented.Function
	of *recording
}

func (f *function) Builder() compute.Builder { return f.of }

func (f *function) Shape(v compute.Value) (shapes.Shape, error) { return f.of.OpShape(v) }

// put records a node.
func (f *function) put(n *node) *node {
	f.of.nodes = append(f.of.nodes, n)
	return n
}

// add records an operator of ONNX. err is that of inferring the shape.
func (f *function) add(op string, shape shapes.Shape, err error, attributes []attribute, in ...*node) (compute.Value, error) {
	if err != nil {
		return nil, err
	}
	return f.put(&node{op: op, in: in, attributes: attributes, shape: shape}), nil
}

// vector records a vector of sizes.
func (f *function) vector(sizes []int) *node {
	return f.put(&node{sizes: slices.Clone(sizes), shape: shapes.Make(dtypes.Int64, len(sizes))})
}

// of returns the recorded node of a value. GoMLX passes nothing else.
func of(v compute.Value) *node { return v.(*node) }

func (f *function) Parameter(name string, shape shapes.Shape, _ *compute.ShardingSpec) (compute.Value, error) {
	return f.put(&node{name: name, shape: shape}), nil
}

func (f *function) Constant(flat any, dims ...int) (compute.Value, error) {
	shape := shapes.Make(dtypes.FromGoType(reflect.TypeOf(flat).Elem()), dims...)
	return f.put(&node{data: slices.Clone(dtypes.UnsafeByteSliceFromAny(flat)), shape: shape}), nil
}

func (f *function) Return(outputs []compute.Value, _ []*compute.ShardingSpec) error {
	for _, v := range outputs {
		f.of.outputs = append(f.of.outputs, of(v))
	}
	return nil
}

// Identity records nothing: neither do the nodes at which gradients stop or are replaced.
func (f *function) Identity(x compute.Value) (compute.Value, error) { return x, nil }

func (f *function) OptimizationBarrier(operands ...compute.Value) ([]compute.Value, error) {
	return operands, nil
}
