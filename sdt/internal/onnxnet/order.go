package onnxnet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// describe names a node for an error: its operator, and its name or else its output.
func describe(n weightfile.ONNXNode) string {
	name := n.Name
	if name == "" && len(n.Outputs) > 0 {
		name = n.Outputs[0]
	}
	return fmt.Sprintf("node %q, %s", name, n.Op)
}

// makers returns for each tensor that a node makes the node's index.
func makers(nodes []weightfile.ONNXNode) (map[string]int, error) {
	maker := map[string]int{}
	for i, n := range nodes {
		for _, out := range n.Outputs {
			if out == "" {
				continue
			}
			if j, twice := maker[out]; twice {
				return nil, fmt.Errorf("tensor %q is made twice, by %s and by %s", out, describe(nodes[j]), describe(n))
			}
			maker[out] = i
		}
	}
	return maker, nil
}

// order returns the nodes that lead to tensor target, each behind those whose outputs it
// takes. given reports the tensors that are there from the start.
func order(nodes []weightfile.ONNXNode, target string, given func(tensor string) bool) ([]weightfile.ONNXNode, error) {
	maker, err := makers(nodes)
	if err != nil {
		return nil, err
	}
	const (
		open = iota + 1 // its inputs are being visited
		done
	)
	state := make([]int, len(nodes))
	var ordered []weightfile.ONNXNode
	var visit func(tensor, user string) error
	visit = func(tensor, user string) error {
		if tensor == "" || given(tensor) {
			return nil
		}
		i, ok := maker[tensor]
		switch {
		case !ok:
			return fmt.Errorf("%s takes tensor %q, which no node makes", user, tensor)
		case state[i] == done:
			return nil
		case state[i] == open:
			return fmt.Errorf("the graph has a cycle through %s", describe(nodes[i]))
		}
		state[i] = open
		n := nodes[i]
		for _, in := range n.Inputs {
			if err := visit(in, describe(n)); err != nil {
				return err
			}
		}
		state[i] = done
		for name, a := range n.Attributes {
			if a.Graph {
				return fmt.Errorf("%s has a graph of its own, attribute %s, which is not supported", describe(n), name)
			}
		}
		ordered = append(ordered, n)
		return nil
	}
	return ordered, visit(target, "the output")
}

// tensorOf returns the tensor that the user means by name: a tensor of the graph, or the first
// output of a node of that name. Readable forms of names (see readable) do as well.
func tensorOf(nodes []weightfile.ONNXNode, name string) (tensor string, ok bool) {
	for _, same := range []func(tensor, node string) bool{
		func(tensor, _ string) bool { return tensor == name },
		func(_, node string) bool { return node == name },
		func(tensor, node string) bool { return readable(tensor) == name || readable(node) == name },
	} {
		for _, n := range nodes {
			for _, out := range n.Outputs {
				if out != "" && same(out, n.Name) {
					return out, true
				}
			}
		}
	}
	return "", false
}

// readable is the name of a tensor without what exporters add to all names: PyTorch's
// "/layer1/layer1.0/relu/Relu_output_0" becomes "layer1/layer1.0/relu/Relu".
func readable(tensor string) string {
	tensor = strings.TrimPrefix(tensor, "/")
	tensor = strings.TrimSuffix(strings.TrimSuffix(tensor, "_output_0"), ":0")
	return tensor
}

// users returns for each tensor the indices of the nodes that take it.
func users(nodes []weightfile.ONNXNode) map[string][]int {
	all := map[string][]int{}
	for i, n := range nodes {
		for _, in := range n.Inputs {
			if in != "" && !slices.Contains(all[in], i) {
				all[in] = append(all[in], i)
			}
		}
	}
	return all
}
