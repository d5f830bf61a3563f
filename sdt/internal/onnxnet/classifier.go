package onnxnet

import "github.com/sdtlab/sdtlab/sdt/internal/weightfile"

// afterClassifier are the operators that may follow the classifier, up to the model's output.
var afterClassifier = map[string]bool{"Softmax": true, "LogSoftmax": true, "Sigmoid": true, "Identity": true,
	"Flatten": true, "Squeeze": true, "Reshape": true, "Add": true, "Cast": true}

// featuresOf returns the tensor that goes into the classifier: into the matrix product (Gemm,
// MatMul) that makes the model's output, followed by nothing but a bias, a softmax and
// changes of shape. A model that ends otherwise has no classifier: its output are the
// features. weight reports the names of weights.
func featuresOf(nodes []weightfile.ONNXNode, output string, weight func(tensor string) bool) string {
	maker, _ := makers(nodes)
	for tensor := output; ; {
		i, ok := maker[tensor]
		if !ok {
			return output
		}
		n := nodes[i]
		switch {
		case len(n.Inputs) == 0:
			return output
		case (n.Op == "Gemm" || n.Op == "MatMul") && len(n.Inputs) > 1 && !weight(n.Inputs[0]) && weight(n.Inputs[1]):
			return n.Inputs[0]
		case n.Op == "Add" && weight(n.Inputs[0]):
			tensor = n.Inputs[1]
		case n.Op == "Add" && !weight(n.Inputs[1]):
			return output // a residual connection, not a bias
		case afterClassifier[n.Op]:
			tensor = n.Inputs[0]
		default:
			return output
		}
	}
}
