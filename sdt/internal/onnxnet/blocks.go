package onnxnet

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/support/exceptions"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// Block is one part of a model.
type Block struct {
	Name  string
	Joins bool // it ends with a residual connection
	part  *part
	model *Model
	first bool
	last  bool

	takes, returns bool // images [n, H, W, C] where the file has [n, C, H, W]
}

// tried is how many examples the graph is built for that finds out where the model can be
// divided: a number that is not likely to be a dimension by itself.
const tried = 1009

// divide finds the blocks. It builds the graph once, on the pure Go back end: a tensor is a
// place to divide only if its first axis is the examples. What that back end cannot build
// becomes one block.
func (m *Model) divide() error {
	if !slices.ContainsFunc(m.nodes, func(n weightfile.ONNXNode) bool { return slices.Contains(n.Inputs, m.images.tensor) }) {
		return errors.New("its features do not depend on its input")
	}
	cpu, err := backend.Of("go")
	if err != nil {
		return err
	}
	g := graph.NewGraph(cpu, "model")
	defer g.Finalize()
	from, x, variable := m.images.tensor, m.placeholder(g), parameterIn(g)
	for _, cut := range divisions(m.nodes, m.images.tensor, m.features) {
		p, err := m.partBetween(from, cut)
		if err != nil {
			return err
		}
		var y value
		err = exceptions.TryCatch[error](func() { y = p.build(x, g, variable) })
		if compute.IsNotImplemented(err) {
			break
		}
		if err == nil && cut == m.features {
			err = exceptions.TryCatch[error](func() { featuresOfValue(y, tried) })
		}
		if err != nil {
			return m.builtFor(err)
		}
		if d := y.dims(); cut == m.features || len(d) > 1 && d[0] == tried {
			m.addBlock(p, x.images != nil, y.images != nil)
			if from, x = cut, y; y.images != nil {
				x.node = nil // it would be a change of layout
			}
		}
	}
	if from != m.features {
		p, err := m.partBetween(from, m.features)
		if err != nil {
			return err
		}
		m.addBlock(p, x.images != nil, false)
	}
	m.Blocks[len(m.Blocks)-1].last = true
	return nil
}

// addBlock adds a part as a block with a name of its own.
func (m *Model) addBlock(p *part, takes, returns bool) {
	name := readable(p.to)
	taken := func(b Block) bool { return b.Name == name }
	for base, i := name, 2; slices.ContainsFunc(m.Blocks, taken); i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	join := len(p.nodes) > 0 && joins(p.nodes[len(p.nodes)-1], func(t string) bool { return m.fixed(t) != nil })
	m.Blocks = append(m.Blocks, Block{Name: name, Joins: join, part: p, model: m, first: len(m.Blocks) == 0, takes: takes, returns: returns})
}

// builtFor is an error in one line. It adds how to export a model for any number of examples,
// if the file was exported for a fixed one.
func (m *Model) builtFor(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if m.images.batch > 0 {
		return fmt.Errorf("it was exported for %d examples at a time and cannot be built for more: %s: export it for any number: %s", m.images.batch, text, dynamic)
	}
	return errors.New(text)
}

// placeholder returns the model's input as a parameter of a graph.
func (m *Model) placeholder(g *graph.Graph) value {
	return m.enter(graph.Parameter(g, "x", shapes.Make(dtypes.Float32, tried, m.images.height, m.images.width, m.images.channels)))
}

// Build builds the block on what the block before returns, or on pixels [n, H, W, C] in
// 0…255, with the weights as variables under scope. It panics with an error that names the
// node if it cannot be built on the graph's back end.
func (b *Block) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	v := value{node: x}
	switch {
	case b.first:
		v = b.model.enter(x)
	case b.takes:
		v = value{images: x}
	}
	g := x.Graph()
	y := b.part.build(v, g, variableIn(scope, g))
	switch {
	case b.last:
		return featuresOfValue(y, x.Shape().Dimensions[0])
	case b.returns:
		return y.images
	}
	return y.node
}
