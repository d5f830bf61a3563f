package onnx

import (
	"bytes"
	"fmt"
	"reflect"
)

// size is a number in a recorded graph that is the same for every batch, or a multiple of
// the number of rows.
type size struct {
	fixed int
	times int // of the number of rows; 0: the number is fixed
}

// align compares two recordings of one network, for batches of na and nb rows, and notes in
// the nodes of a which sizes grow with the batch. Graphs that differ in anything else, or in
// sizes that are no multiple of the number of rows, are an error: what they compute for a
// row depends on how many there are.
func align(a, b *recording, na, nb int) error {
	if len(a.nodes) != len(b.nodes) || len(a.outputs) != len(b.outputs) {
		return fmt.Errorf("the network has %d operations for a batch of %d rows and %d for one of %d: the file would hold for one number of rows only", len(a.nodes), na, len(b.nodes), nb)
	}
	at := map[*node]int{}
	for i, n := range a.nodes {
		at[n] = i
	}
	same := func(m, o *node) bool { return b.nodes[at[m]] == o }
	for i, n := range a.nodes {
		m := b.nodes[i]
		equal := n.op == m.op && n.name == m.name && len(n.in) == len(m.in) && bytes.Equal(n.data, m.data) &&
			reflect.DeepEqual(n.attributes, m.attributes) && n.shape.DType == m.shape.DType
		for j := range n.in {
			equal = equal && same(n.in[j], m.in[j])
		}
		var dims, vector bool
		n.dims, dims = sizesOf(n.shape.Dimensions, m.shape.Dimensions, na, nb)
		n.vector, vector = sizesOf(n.sizes, m.sizes, na, nb)
		if !equal || !dims || !vector {
			what := n.op
			if n.given() {
				what = "a constant"
			}
			return fmt.Errorf("the network depends on the number of rows in a batch, in %s %s: the file would hold for one number of rows only", what, n.shape)
		}
	}
	for i := range a.outputs {
		if !same(a.outputs[i], b.outputs[i]) {
			return fmt.Errorf("output %d of the network depends on the number of rows in a batch", i)
		}
	}
	return nil
}

// sizesOf compares lists of sizes for na and for nb rows.
func sizesOf(a, b []int, na, nb int) (of []size, ok bool) {
	if len(a) != len(b) {
		return nil, false
	}
	for i := range a {
		switch {
		case a[i] == b[i]:
			of = append(of, size{fixed: a[i]})
		case a[i]%na == 0 && a[i]/na*nb == b[i]:
			of = append(of, size{times: a[i] / na})
		default:
			return nil, false
		}
	}
	return of, true
}
