package onnxnet

import (
	"fmt"
	"strings"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/sdtlab/sdtlab/sdt/internal/weightfile"
)

// weight is one initializer that becomes a variable.
type weight struct {
	variable  string // its variable's name
	value     *tensors.Tensor
	trainable bool
}

// settings are the inputs of operators that are settings although they are floating-point
// numbers: bounds, exponents, scales.
var settings = map[string][]int{"Clip": {1, 2}, "Pow": {1}, "Pad": {2}, "Resize": {1, 2}, "Upsample": {1}, "Dropout": {1}, "Range": {0, 1, 2}}

// weightsOf returns the initializers that are weights, by their names in the file, and the
// others, which are constants. Weights are floating-point tensors of more than one number that
// a node takes as operand. The file does not tell parameters from other tensors that a module
// keeps, so all of them are trainable, except the statistics of batch norm, and those that
// fixed names.
func weightsOf(file *weightfile.ONNX, nodes []weightfile.ONNXNode, fixed map[string]bool) (map[string]weight, map[string]*tensors.Tensor) {
	taken := map[string]bool{}
	constants := map[string]*tensors.Tensor{}
	for name, value := range file.Weights {
		if !value.DType().IsFloat() || value.Size() <= 1 {
			constants[name] = value
		}
	}
	statistics := map[string]bool{}
	for _, n := range nodes {
		for i, in := range n.Inputs {
			value, ok := file.Weights[in]
			if !ok {
				continue
			}
			taken[in] = true
			statistics[in] = statistics[in] || n.Op == "BatchNormalization" && i > 2
			for _, setting := range settings[n.Op] {
				if i == setting {
					constants[in] = value
				}
			}
		}
	}
	all, used := map[string]weight{}, map[string]bool{}
	for _, name := range file.Names {
		variable := variableName(name)
		for base, i := variable, 2; used[variable]; i++ {
			variable = fmt.Sprintf("%s_%d", base, i)
		}
		used[variable] = true
		if constants[name] == nil && taken[name] {
			all[name] = weight{variable, file.Weights[name], !statistics[name] && !fixed[name]}
		}
	}
	return all, constants
}

// variableName is an initializer's name as the last part of a variable's path.
func variableName(name string) string {
	name = strings.ReplaceAll(strings.Trim(name, "/"), "/", ".")
	if name == "" {
		return "unnamed"
	}
	return name
}
