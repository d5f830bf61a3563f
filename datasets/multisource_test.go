package datasets

import (
	"cmp"
	"math"
	"os"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// Tests compute in pure Go where no back end is set, not on the fastest of the machine.
func TestMain(m *testing.M) {
	os.Setenv("GOMLX_BACKEND", cmp.Or(os.Getenv("GOMLX_BACKEND"), "go"))
	m.Run()
}

// Two sources and a target go through all stages: D is 3 in every loss.
func TestThreeDomainsOfGlyphs(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: minutes under the race detector", t.Name())
	}
	glyphs, err := Glyphs31(GlyphsConfig{Fraction: 0.1, Size: 28, Grey: true})
	if err != nil {
		t.Fatal(err)
	}
	task, err := SemiSupervised(glyphs.Catalogue, glyphs.Webcam, Protocol{More: []sdt.Labelled{glyphs.DSLR}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []sdt.Method{sdt.Full, sdt.DANN, sdt.DDC, sdt.DeepCORAL} {
		lab, err := sdt.Open(t.TempDir(), task, sdt.Config{Method: m, Network: network.LeNet, SourceBatch: 31, TargetBatch: 16, PretrainSteps: 2, AdaptSteps: 3})
		if err != nil {
			t.Fatal(err)
		}
		source, err := lab.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		soft, err := lab.SoftLabels(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(task.Sources[0].Labels) + len(task.Sources[1].Labels); sum(soft.Counts) != n {
			t.Errorf("soft labels from %d examples, both sources have %d", sum(soft.Counts), n)
		}
		model, err := lab.Adapt(t.Context(), source, soft)
		if err != nil {
			t.Fatal(err)
		}
		h := model.History
		if h.Domains != 3 {
			t.Errorf("%s: %d domains", m, h.Domains)
		}
		if m == sdt.Full && (len(h.ConfusionLoss) != 3 || h.ConfusionLoss[0] < math.Log(3)-1e-6) {
			t.Errorf("L_conf %v, want at least ln 3", h.ConfusionLoss)
		}
		if e, err := lab.Evaluate(t.Context(), model); err != nil || len(e.Predictions) != task.Test.Len() {
			t.Errorf("%s: %d predictions: %v", m, len(e.Predictions), err)
		}
	}
}

func sum(counts []int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
