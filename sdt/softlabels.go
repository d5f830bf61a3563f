package sdt

import "github.com/gomlx/gomlx/core/tensors"

// SoftLabels are the paper's l^(k): for each class the mean prediction, at
// temperature τ, of the source network on the source examples of that class.
type SoftLabels struct {
	Key         string      `json:"key"`         // of the stage that made them
	Classes     []string    `json:"classes"`     // names of the K classes
	Temperature float64     `json:"temperature"` // τ
	L           [][]float64 `json:"l"`           // l^(k)_i, row k sums to 1, [K][K]
	Counts      []int       `json:"counts"`      // source examples behind each row, [K]
}

// tensor returns the soft labels as float32 [K, K].
func (s *SoftLabels) tensor() *tensors.Tensor {
	flat := make([]float32, 0, len(s.L)*len(s.L))
	for _, row := range s.L {
		for _, v := range row {
			flat = append(flat, float32(v))
		}
	}
	return tensors.FromFlatDataAndDimensions(flat, len(s.L), len(s.L))
}
