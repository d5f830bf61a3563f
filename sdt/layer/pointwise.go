package layer

import "github.com/gomlx/gomlx/core/graph"

// pointwise is a 1×1 convolution of planes x [C, H, W, n] with w [1, 1, C, F], plus b [F], on
// the pure Go back end: one product, [F, C] by [C, H·W·n], without the copy of x that windows
// need.
func pointwise(x, w, b *graph.Node) *graph.Node {
	d := x.Shape().Dimensions
	channels, filters := d[0], w.Shape().Dimensions[3]
	forward := func(in []*graph.Node) *graph.Node {
		y := graph.Dot(graph.Transpose(graph.Reshape(in[1], channels, filters), 0, 1), graph.Reshape(in[0], channels, -1)).Product()
		return graph.Add(graph.Reshape(y, filters, d[1], d[2], d[3]), repeated(in[2], d[1], d[2], d[3]))
	}
	gradient := func(in []*graph.Node, _, v *graph.Node, i int) *graph.Node {
		flat := graph.Reshape(v, filters, -1)
		switch i {
		case 0:
			return graph.ReshapeWithShape(graph.Dot(graph.Reshape(in[1], channels, filters), flat).Product(), in[0].Shape())
		case 1:
			return graph.ReshapeWithShape(graph.DotGeneral(graph.Reshape(in[0], channels, -1), []int{1}, nil, flat, []int{1}, nil), in[1].Shape())
		}
		return total(v)
	}
	return withGradient([]*graph.Node{x, w, b}, forward, gradient)
}
