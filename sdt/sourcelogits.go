package sdt

import (
	"context"
	"fmt"
	"slices"
)

// SourceLogits are a network's outputs for the source examples before the softmax. They give
// soft labels at any temperature for the cost of the softmax, milliseconds for a few thousand
// examples. They are for exploring τ; training reads the stage [Lab.SoftLabels]. They are
// not written to the run directory.
type SourceLogits struct {
	classes []string
	labels  []int32
	z       []float32 // [n, K]
}

// SourceLogits runs the source network once over all labelled source examples. It returns an
// error if the model cannot be used (see [Model]), or if the context ends.
func (l *Lab) SourceLogits(ctx context.Context, source *Model) (*SourceLogits, error) {
	out := &SourceLogits{classes: l.task.Classes()}
	for _, s := range l.task.Sources {
		z, err := l.logits(ctx, source, s.Examples)
		if err != nil {
			return nil, fmt.Errorf("soft labels: %w", err)
		}
		out.z, out.labels = append(out.z, z...), append(out.labels, s.Labels...)
	}
	return out, nil
}

// SoftLabels returns the soft labels at a temperature above zero. They are those of
// [Lab.SoftLabels], but without the key of a stage. The row of a class without source
// examples is zero. It may be called from several goroutines. It panics if the temperature
// is NaN, infinite, or not above zero.
func (z *SourceLogits) SoftLabels(temperature float64) SoftLabels {
	if !(temperature > 0) || !finite(temperature) {
		panic(fmt.Sprintf("sdt.SourceLogits.SoftLabels: temperature %v, want a finite number above zero", temperature))
	}
	k := len(z.classes)
	soft := SoftLabels{Classes: slices.Clone(z.classes), Temperature: temperature, Counts: make([]int, k)}
	for range z.classes {
		soft.L = append(soft.L, make([]float64, k))
	}
	for i, y := range z.labels {
		soft.Counts[y]++
		for j, p := range softmax(z.z[i*k:(i+1)*k], temperature) {
			soft.L[y][j] += p
		}
	}
	for y, n := range soft.Counts {
		for j := range soft.L[y] {
			soft.L[y][j] /= float64(max(n, 1))
		}
	}
	return soft
}
