package onnx

import (
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
)

// DotGeneral is MatMul if the sum is over the last axis of a and the last but one of b, behind
// axes that both share, otherwise Einsum.
func (f *function) DotGeneral(a compute.Value, aSummed, aShared []int, b compute.Value, bSummed, bShared []int, config compute.DotGeneralConfig) (compute.Value, error) {
	shape, err := shapeinference.DotGeneral(of(a).shape, aSummed, aShared, of(b).shape, bSummed, bShared, config)
	if err != nil {
		return nil, err
	}
	for _, other := range []dtypes.DType{config.AccumulatorDType, config.OutputDType} {
		if other != dtypes.InvalidDType && other != of(a).shape.DType {
			return nil, missing(compute.OpTypeDotGeneral)
		}
	}
	ranks := [2]int{of(a).shape.Rank(), of(b).shape.Rank()}
	first := make([]int, len(aShared)) // 0, 1, …
	for i := range first {
		first[i] = i
	}
	shared := slices.Equal(aShared, first) && slices.Equal(bShared, first)
	if shared && slices.Equal(aSummed, []int{ranks[0] - 1}) && slices.Equal(bSummed, []int{len(first)}) && ranks[1] == len(first)+2 &&
		(len(first) == 0 || ranks[0] == ranks[1]) && ranks[0] > 1 {
		return f.add("MatMul", shape, nil, nil, of(a), of(b))
	}
	return f.add("Einsum", shape, nil, []attribute{{"equation", equation(ranks, aSummed, aShared, bSummed, bShared)}}, of(a), of(b))
}

// equation writes a product in Einstein's notation: "ab,bc->ac". The result has the shared
// axes, then the others of a, then those of b.
func equation(ranks [2]int, aSummed, aShared, bSummed, bShared []int) string {
	left, right := make([]byte, ranks[0]), make([]byte, ranks[1])
	for i := range left {
		left[i] = byte('a' + i)
	}
	for i := range right {
		right[i] = byte('a' + ranks[0] + i)
	}
	var out []byte
	for i, axis := range bSummed {
		right[axis] = left[aSummed[i]]
	}
	for i, axis := range bShared {
		right[axis] = left[aShared[i]]
		out = append(out, right[axis])
	}
	rest := func(letters []byte, without ...int) {
		for i, letter := range letters {
			if !slices.Contains(without, i) {
				out = append(out, letter)
			}
		}
	}
	rest(left, slices.Concat(aSummed, aShared)...)
	rest(right, slices.Concat(bSummed, bShared)...)
	return string(left) + "," + string(right) + "->" + string(out)
}
