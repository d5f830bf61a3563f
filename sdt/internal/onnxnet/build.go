package onnxnet

import (
	"fmt"
	"strings"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// part is a part of a model, between two tensors.
type part struct {
	*Model
	nodes    []weightfile.ONNXNode // in order
	from, to string                // the tensor that the part takes, and the one that it makes
}

// partBetween returns the part of the model that makes tensor to from tensor from. Nodes that
// depend only on weights, or on the input's shape, belong to every part that needs them.
func (m *Model) partBetween(from, to string) (*part, error) {
	nodes, err := order(m.nodes, to, func(t string) bool {
		_, constant := m.constants[t]
		_, weight := m.weights[t]
		return t == from || t == m.images.tensor || constant || weight
	})
	return &part{Model: m, nodes: nodes, from: from, to: to}, err
}

// operator builds one node: it takes its inputs from b.values and puts its outputs there. It
// panics on inputs that do not fit.
type operator func(b *builder, n weightfile.ONNXNode)

// operators are all operators, by their ONNX names. The file operators.go fills the table when
// the program starts, and nothing changes it: operators refer to fold, and fold to this table.
var operators map[string]operator

// builder builds a part into a graph.
type builder struct {
	*part
	g      *graph.Graph
	values map[string]value
}

// build builds the part on what comes in. variable returns the node of a weight. It panics, as
// functions that build graphs do, with an error that names the node.
func (p *part) build(x value, g *graph.Graph, variable func(weight) *graph.Node) value {
	b := &builder{part: p, g: g, values: map[string]value{p.from: x}}
	for _, n := range p.nodes {
		constant := true
		for _, in := range n.Inputs {
			if w, ok := p.weights[in]; ok && b.values[in] == (value{}) {
				b.values[in] = value{node: variable(w)}
			}
			if t, ok := p.constants[in]; ok {
				b.values[in] = value{constant: t}
			}
			constant = constant && (in == "" || b.values[in].constant != nil)
		}
		if constant && n.Op != "Constant" {
			b.fold(n)
		} else {
			b.add(n)
		}
	}
	return b.values[p.to]
}

// add builds one node.
func (b *builder) add(n weightfile.ONNXNode) {
	err := exceptions.TryCatch[error](func() { operators[n.Op](b, n) })
	if err == nil {
		return
	}
	text, _, _ := strings.Cut(err.Error(), "\n") // GoMLX's errors have the stack behind
	panic(&nodeError{describe(n), text, err})
}

// nodeError names the node that an error is about.
type nodeError struct {
	node, text string
	err        error
}

func (e *nodeError) Error() string { return e.node + ": " + e.text }
func (e *nodeError) Unwrap() error { return e.err }

// check returns an error if a node has an operator that we do not know.
func check(nodes []weightfile.ONNXNode) error {
	unknown := map[string]int{}
	first := ""
	for _, n := range nodes {
		if operators[n.Op] != nil && (n.Domain == "" || n.Domain == "ai.onnx") {
			continue
		}
		op := n.Op
		if n.Domain != "" {
			op = n.Domain + "." + op
		}
		if unknown[op]++; first == "" {
			first = describe(n)
		}
	}
	switch len(unknown) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("%s: this operator is not supported", first)
	}
	return fmt.Errorf("%s: this operator is not supported, and so are %d others", first, len(unknown)-1)
}

// variableIn returns the function that makes a weight the variable under scope that begins with
// the file's value.
func variableIn(scope *model.Scope, g *graph.Graph) func(weight) *graph.Node {
	return func(w weight) *graph.Node {
		v := scope.GetVariable(w.variable)
		if v == nil {
			value, err := w.value.LocalClone() // a store releases its variables' values
			if err != nil {
				panic(err)
			}
			v = scope.VariableWithValue(w.variable, value)
		}
		return v.SetTrainable(w.trainable).NodeValue(g)
	}
}

// parameterIn returns the function that makes a weight a parameter, without its value.
func parameterIn(g *graph.Graph) func(weight) *graph.Node {
	made := map[string]*graph.Node{}
	return func(w weight) *graph.Node {
		if made[w.variable] == nil {
			made[w.variable] = graph.Parameter(g, w.variable, w.value.Shape())
		}
		return made[w.variable]
	}
}
