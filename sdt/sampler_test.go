package sdt

import (
	"slices"
	"testing"

	"github.com/gomlx/gomlx/core/tensors"
)

func TestStreamSeesEveryRowOnceAnEpoch(t *testing.T) {
	const n, batch = 10, 4
	s := newStream("x", n, batch, 1)
	var drawn []int
	for step := range 15 {
		drawn = append(drawn, s.at(step)...)
	}
	for epoch := range 6 {
		rows := slices.Sorted(slices.Values(drawn[epoch*n : (epoch+1)*n]))
		for i, r := range rows {
			if r != i {
				t.Fatalf("epoch %d drew %v", epoch, rows)
			}
		}
	}
	if slices.Equal(drawn[:n], drawn[n:2*n]) {
		t.Error("two epochs have one order")
	}
	resumed := newStream("x", n, batch, 1)
	for step := 7; step < 15; step++ {
		if got := resumed.at(step); !slices.Equal(got, drawn[step*batch:(step+1)*batch]) {
			t.Errorf("resumed at step %d: %v", step, got)
		}
	}
	if slices.Equal(newStream("y", n, n, 1).at(0), newStream("x", n, n, 1).at(0)) {
		t.Error("two streams of one seed draw alike")
	}
}

func TestBatchPlanOrdersRows(t *testing.T) {
	plan := batchPlan{sources: []int{2, 1}, target: 1, unlabelled: 2}
	if got, want := plan.domainOfRow(), []int32{0, 0, 1, 2, 2, 2}; !slices.Equal(got, want) {
		t.Errorf("domains %v, want %v", got, want)
	}
	if got, want := plan.isLabelledTarget(), []bool{false, false, false, true, false, false}; !slices.Equal(got, want) {
		t.Errorf("labelled target rows %v, want %v", got, want)
	}
	if plan.labelled() != 4 || plan.rows() != 6 || plan.domains() != 3 {
		t.Errorf("labelled %d, rows %d, domains %d", plan.labelled(), plan.rows(), plan.domains())
	}
}

func TestCut(t *testing.T) {
	// A 3×4 image of two channels with numbers that encode their place.
	e := Examples{Domain: "d", Shape: []int{3, 4, 2}}
	for i := range 24 {
		e.Pixels = append(e.Pixels, uint8(i))
	}
	rows := []sourceRow{{e, 0}}
	flat := func(c cut, step uint64) []uint8 { return tensors.MustCopyFlatData[uint8](c.tensor(rows, step)) }

	if got := flat(cut{}, 0); !slices.Equal(got, e.Pixels) {
		t.Errorf("no cut gives %v", got)
	}
	centre := []uint8{2, 3, 4, 5, 10, 11, 12, 13} // rows 0–1, columns 1–2
	if got := flat(cut{crop: 2, mirror: true}, 0); !slices.Equal(got, centre) {
		t.Errorf("the centre is %v, want %v", got, centre)
	}
	seen := map[string]bool{}
	for step := range uint64(200) {
		got := flat(cut{crop: 2, mirror: true, random: true}, step)
		seen[string(got)] = true
		if got[0]/8 != got[2]/8 || got[4]/8 != got[6]/8 || got[4] != got[0]+8 {
			t.Fatalf("step %d cuts %v, no square of the image", step, got)
		}
	}
	if len(seen) != 2*3*2 { // 2 tops, 3 lefts, flipped or not
		t.Errorf("200 random cuts gave %d of 12", len(seen))
	}
	if got, again := flat(cut{crop: 2, random: true, seed: 5}, 3), flat(cut{crop: 2, random: true, seed: 5}, 3); !slices.Equal(got, again) {
		t.Error("one seed and step gave two cuts")
	}
}

// Batches that are made ahead are the same as those that are made one by one.
func TestBatchesAheadAreThoseOfTheirSteps(t *testing.T) {
	e := Examples{Domain: "d", Shape: []int{4, 4, 1}}
	for i := range 10 * 16 {
		e.Pixels = append(e.Pixels, uint8(i))
	}
	made := func() sampler {
		return sampler{cut: cut{crop: 3, mirror: true, random: true, seed: 2}, parts: []part{
			{e, []int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, newStream("labelled", 10, 3, 1), nil}, {e, nil, newStream("unlabelled", 10, 4, 1), nil}}}
	}
	next, stop := made().ahead(5)
	defer stop()
	for step := 5; step < 25; step++ {
		x, labels := next()
		wantX, wantLabels := made().batch(step)
		if !x.Equal(wantX) || !labels.Equal(wantLabels) {
			t.Fatalf("step %d: a batch made ahead is another one", step)
		}
	}
}

// Nothing reads the examples once sampling is stopped: the caller may change them. The race
// detector finds what does.
func TestNothingIsReadAfterwards(t *testing.T) {
	e := Examples{Domain: "d", Shape: []int{64, 64, 3}, Pixels: make([]uint8, 32*64*64*3)}
	for range 20 {
		s := sampler{parts: []part{{examples: e, stream: newStream("d", 32, 32, 1)}}}
		next, stop := s.ahead(0)
		next()
		stop()
		for i := range e.Pixels {
			e.Pixels[i]++
		}
	}
}
