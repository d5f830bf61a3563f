package sdt

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gomlx/gomlx/core/tensors"
)

// SoftLabels are the paper's l^(k): for each class the mean prediction, at
// temperature τ, of the source network on the source examples of that class.
type SoftLabels struct {
	Key         string      `json:"key"`         // of the stage that made them
	Classes     []string    `json:"classes"`     // names of the K classes
	Temperature float64     `json:"temperature"` // τ
	L           [][]float64 `json:"l"`           // l^(k)_i, row k sums to 1, [K][K]; zeros for a class without source examples
	Counts      []int       `json:"counts"`      // source examples behind each row, [K]; nil if unknown

	written string      // hash of the content that was written under Key; "" if it was not written
	inputs  StageInputs // of the stage that wrote it
}

// givenMark precedes the content of soft labels that were given to [Lab.Adapt] in the inputs
// of their stage, where those that [Lab.SoftLabels] made have the fingerprint of the sources.
const givenMark = "given: "

// Given reports whether soft labels that were read from a run directory are other ones than
// [Lab.SoftLabels] made: they were given to [Lab.Adapt], or have been changed since.
func (s SoftLabels) Given() bool {
	return strings.HasPrefix(s.inputs.Data, givenMark) || s.written != "" && s.written != s.content()
}

// content returns the SHA-256 of everything except the key, in hexadecimal.
func (s *SoftLabels) content() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %x %v\n", s.Classes, math.Float64bits(s.Temperature), s.Counts)
	for _, row := range s.L {
		for _, v := range row {
			fmt.Fprintf(h, "%x ", math.Float64bits(v))
		}
		fmt.Fprintln(h)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// rounding is how far the sum of a soft label computed in float32 may be from 1.
const rounding = 1e-4

// validate returns an error for the first thing that makes the soft labels unusable for
// training: a row that is missing or has another length, a number outside 0…1, a sum other
// than 1 in a row that is used, [K], or counts that are
// negative or not one for each class.
func (s *SoftLabels) validate(used []bool) error {
	if len(s.L) != len(s.Classes) {
		return fmt.Errorf("they have %d rows, want %d, one for each class", len(s.L), len(s.Classes))
	}
	if n := len(s.Counts); n != 0 && n != len(s.Classes) {
		return fmt.Errorf("they have %d counts of source examples, want %d, one for each class, or none", n, len(s.Classes))
	}
	if k := slices.IndexFunc(s.Counts, func(n int) bool { return n < 0 }); k >= 0 {
		return fmt.Errorf("the count of source examples of class %q is %d, want 0 or above", s.Classes[k], s.Counts[k])
	}
	for k, row := range s.L {
		if len(row) != len(s.Classes) {
			return fmt.Errorf("the row of class %q has %d numbers, want %d, one for each class", s.Classes[k], len(row), len(s.Classes))
		}
		sum := 0.0
		for i, v := range row {
			if !(v >= 0 && v <= 1+rounding) {
				return fmt.Errorf("the row of class %q has %v for class %q, want a probability, 0…1", s.Classes[k], v, s.Classes[i])
			}
			sum += v
		}
		if used[k] && math.Abs(sum-1) > rounding {
			return fmt.Errorf("the row of class %q sums to %.6g, want 1: its labelled target examples learn from it", s.Classes[k], sum)
		}
	}
	return nil
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
