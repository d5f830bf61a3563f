package onnxnet

import "github.com/sdtlab/sdtlab/sdt/internal/weightfile"

// divisions returns the tensors through which all paths from input to features go, in order,
// features last. nodes are in order and lead to features. fromWeights reports tensors that do
// not depend on the input.
//
// A tensor is one if, once it is computed, no other tensor that depends on the input is
// needed any more. The shape of the input itself does not count as depending on it: the
// number of examples is known everywhere, the rest is fixed.
func divisions(nodes []weightfile.ONNXNode, input, features string) []string {
	depends := map[string]bool{input: true}
	last := map[string]int{features: len(nodes)} // the last node that takes the tensor
	for i, n := range nodes {
		if ofInputShape(n, input) {
			continue
		}
		for _, in := range n.Inputs {
			if depends[in] {
				last[in] = max(last[in], i)
				for _, out := range n.Outputs {
					depends[out] = out != ""
				}
			}
		}
	}
	var cuts []string
	live := map[string]bool{input: true}
	for i, n := range nodes {
		for _, in := range n.Inputs {
			if last[in] <= i {
				delete(live, in)
			}
		}
		for _, out := range n.Outputs {
			if depends[out] && last[out] > i {
				live[out] = true
			}
		}
		if len(live) == 1 && depends[n.Outputs[0]] {
			for tensor := range live {
				cuts = append(cuts, tensor)
			}
		}
	}
	return cuts
}

// ofInputShape reports whether a node takes only the input's shape.
func ofInputShape(n weightfile.ONNXNode, input string) bool {
	return (n.Op == "Shape" || n.Op == "Size") && len(n.Inputs) == 1 && n.Inputs[0] == input
}

// joins reports whether a node adds two tensors that depend on the input: a residual
// connection. depends is nil for tensors that do not.
func joins(n weightfile.ONNXNode, fixed func(tensor string) bool) bool {
	return n.Op == "Add" && len(n.Inputs) == 2 && !fixed(n.Inputs[0]) && !fixed(n.Inputs[1])
}
