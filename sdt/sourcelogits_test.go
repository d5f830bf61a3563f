package sdt

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
)

// Soft labels at any temperature agree with the equation by hand, and bit for bit with those of
// the stage.
func TestSourceLogits(t *testing.T) {
	// Two images of a, one of b, none of c; logits with simple exponentials.
	ln := func(v float64) float32 { return float32(math.Log(v)) }
	z := &SourceLogits{classes: []string{"a", "b", "c"}, labels: []int32{0, 1, 0},
		z: []float32{ln(4), 0, 0, 0, ln(16), 0, ln(1), ln(1), ln(1)}}
	for τ, want := range map[float64][][]float64{
		1: {{(4./6 + 1./3) / 2, (1./6 + 1./3) / 2, (1./6 + 1./3) / 2}, {1. / 18, 16. / 18, 1. / 18}, {0, 0, 0}},
		2: {{(2./4 + 1./3) / 2, (1./4 + 1./3) / 2, (1./4 + 1./3) / 2}, {1. / 6, 4. / 6, 1. / 6}, {0, 0, 0}}, // square roots: 2, 4
	} {
		s := z.SoftLabels(τ)
		if s.Temperature != τ || !reflect.DeepEqual(s.Counts, []int{2, 1, 0}) || s.Key != "" {
			t.Errorf("τ = %v: %+v", τ, s)
		}
		for k, row := range want {
			for i, v := range row {
				if math.Abs(s.L[k][i]-v) > 1e-6 {
					t.Errorf("τ = %v: l^(%d)_%d is %v, want %v", τ, k, i, s.L[k][i], v)
				}
			}
		}
	}

	for _, τ := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		func() {
			defer func() {
				if said, _ := recover().(string); !strings.Contains(said, fmt.Sprintf("temperature %v, want a finite number above zero", τ)) {
					t.Errorf("τ = %v: panic %q", τ, said)
				}
			}()
			t.Errorf("τ = %v: %+v", τ, z.SoftLabels(τ))
		}()
	}

	task := blobs(1, 4, 20, 3, false)
	task.Sources = append(task.Sources, task.Sources[0].Rows([]int{3, 1, 70}))
	task.Sources[1].Domain = "source 2"
	config := quick(Full)
	config.Temperature = 3
	lab, err := Open(t.TempDir(), task, config)
	if err != nil {
		t.Fatal(err)
	}
	source, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, err := lab.SoftLabels(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	logits, err := lab.SourceLogits(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	got := logits.SoftLabels(3)
	if got.Key, got.written, got.inputs = want.Key, want.written, want.inputs; !reflect.DeepEqual(got, *want) {
		t.Errorf("soft labels %+v, the stage has %+v", got, *want)
	}
}
