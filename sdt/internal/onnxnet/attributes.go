package onnxnet

import "github.com/sdtlab/sdtlab/sdt/internal/weightfile"

// has reports whether a node has input i.
func has(n weightfile.ONNXNode, i int) bool { return len(n.Inputs) > i && n.Inputs[i] != "" }

// intOr returns a node's integer attribute.
func intOr(n weightfile.ONNXNode, name string, otherwise int) int {
	if a, ok := n.Attributes[name]; ok {
		return int(a.Int)
	}
	return otherwise
}

// floatOr returns a node's floating-point attribute.
func floatOr(n weightfile.ONNXNode, name string, otherwise float64) float64 {
	if a, ok := n.Attributes[name]; ok {
		return float64(a.Float)
	}
	return otherwise
}
