package sdt

import (
	"math"
	"strings"
	"testing"
)

// A lab's probe tells a shifted target from the source, but not one from the same distribution;
// from either it takes as many examples as the smaller has, from all sources.
func TestLabProbe(t *testing.T) {
	shifted := blobs(1, 4, 100, 3, false)
	alike := shifted
	alike.Unlabelled = blobs(2, 4, 60, 3, false).Sources[0].Examples
	several := alike
	half := shifted.Sources[0].Rows([]int{0, 1, 2, 100, 101, 102, 200, 201, 202, 300, 301, 302})
	half.Domain = "dslr"
	several.Sources = append([]Labelled{half}, shifted.Sources...)
	for name, row := range map[string]struct {
		task     Task
		low, top float64 // accuracy
	}{"shifted": {shifted, 0.95, 1}, "alike": {alike, 0.4, 0.6}, "two sources": {several, 0.4, 0.6}} {
		lab, err := Open(t.TempDir(), row.task, quick(Full))
		if err != nil {
			t.Fatal(err)
		}
		m, err := lab.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p, err := lab.Probe(t.Context(), m, 1)
		if err != nil {
			t.Fatal(err)
		}
		if p.Accuracy < row.low || p.Accuracy > row.top {
			t.Errorf("%s: accuracy %v, want %v to %v", name, p.Accuracy, row.low, row.top)
		}
		n := row.task.Unlabelled.Len() // no more than the sources have
		if len(p.First) != n/2 || len(p.Second) != n/2 {
			t.Errorf("%s: tested on %d and %d, want %d of each", name, len(p.First), len(p.Second), n/2)
		}
		again, err := lab.Probe(t.Context(), m, 1)
		if err != nil || again.Accuracy != p.Accuracy {
			t.Errorf("%s: %v, then %v: %v", name, p.Accuracy, again.Accuracy, err)
		}
	}
	none := shifted
	none.Unlabelled = Examples{}
	lab, err := Open(t.TempDir(), none, quick(SourceTarget))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lab.Probe(t.Context(), &Model{}, 1); err == nil || !strings.Contains(err.Error(), "no unlabelled") {
		t.Errorf("without a target: %v", err)
	}
}

// Features that are not finite cannot be classified: the network that returns them has diverged,
// and an accuracy of ½ would say that the domains are alike.
func TestProbeOfWhatIsNotFinite(t *testing.T) {
	for _, v := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
		for domain, name := range []string{"first", "second"} {
			features := [2][]float32{{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}}
			features[domain][5] = v
			if p, err := Probe(features[0], features[1], 2, 1); err == nil || !strings.Contains(err.Error(), name+" domain: feature 1 of row 2 is") {
				t.Errorf("%v in the %s domain: %+v, %v", v, name, p, err)
			}
		}
	}
}
