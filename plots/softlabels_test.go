package plots_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// A class without source images has no soft label: its row of zeros is not drawn as one.
func TestNoSoftLabel(t *testing.T) {
	s := sdt.SoftLabels{Classes: []string{"mug", "pen", "cup"}, Temperature: 2, Counts: []int{20, 0, 16},
		L: [][]float64{{.9, 0, .1}, {0, 0, 0}, {.25, 0, .75}}}
	want := [][]string{
		{"mug", "20", "90.0", "0.33", "cup 10.0 %, pen 0.0 %"}, // −.9 ln .9 − .1 ln .1
		{"pen", "0", "–", "–", "–"},
		{"cup", "16", "75.0", "0.56", "mug 25.0 %, pen 0.0 %"}, // −.75 ln .75 − .25 ln .25
	}
	c := plots.SoftLabels(s)
	wantRows(t, "similar", c.Tables()[0].Rows, want)
	wantRows(t, "matrix", c.Tables()[1].Rows, [][]string{{"mug", "90.0", "0.0", "10.0"}, {"pen", "–", "–", "–"}, {"cup", "25.0", "0.0", "75.0"}})
	var o struct{ Series []struct{ Data []any } }
	if err := json.Unmarshal(c.Option(), &o); err != nil || len(o.Series[0].Data) != 3+4 {
		t.Errorf("%v: %d cells, want 3 of the diagonal and 4 that have a colour", err, len(o.Series[0].Data))
	}
	at := func(float64) sdt.SoftLabels { return s }
	wantRows(t, "by temperature", plots.SoftLabelsByTemperature(at, 2, 3).Tables()[0].Rows, want)

	bars := plots.SoftLabelBars(s, "pen")
	wantRows(t, "bars", bars.Tables()[0].Rows, [][]string{{"pen", "–"}, {"mug", "–"}, {"cup", "–"}})
	if html := rendered(t, bars); !strings.Contains(html, "This class has no source images, and so no soft label.") || strings.Contains(html, "0.0 %") {
		t.Error("the soft label of a class without source images has numbers")
	}
	if s.L[1][0] != 0 {
		t.Error("drawing changed the soft labels")
	}
	// A prior that the user gave such a class is a soft label.
	s.L[1] = []float64{.5, .25, .25}
	wantRows(t, "a given one", plots.SoftLabels(s).Tables()[0].Rows[1:2], [][]string{{"pen", "0", "25.0", "1.04", "mug 50.0 %, cup 25.0 %"}})
}

// The diagonal has no colour that could be taken for one of the scale, whose middle is grey, and
// nothing is drawn over its frames.
func TestDiagonalOfSoftLabels(t *testing.T) {
	s := madeUpSoftLabels(office31)
	at := func(float64) sdt.SoftLabels { return s }
	for name, c := range map[string]plots.Chart{"one τ": plots.SoftLabels(s), "a slider": plots.SoftLabelsByTemperature(at, 2, 3)} {
		var o struct {
			Series []struct{ Data []json.RawMessage }
		}
		if err := json.Unmarshal(c.Option(), &o); err != nil {
			t.Fatal(err)
		}
		cells := o.Series[0].Data
		for i, text := range cells {
			var cell struct {
				Value     []float64
				ItemStyle struct{ Color, BorderColor string }
			}
			own := json.Unmarshal(text, &cell) == nil // the others are plain lists
			if own != (i >= len(cells)-len(office31)) {
				t.Errorf("%s: cell %d of %d is %s, want the diagonal last", name, i, len(cells), text)
			}
			if own && (cell.Value[0] != cell.Value[1] || cell.ItemStyle.Color != "transparent" || cell.ItemStyle.BorderColor == "") {
				t.Errorf("%s: %s, want a frame without a colour, on the diagonal", name, text)
			}
		}
	}
}

// The figures of soft labels that were given to a training do not say that they are the mean
// of its source network's predictions.
func TestGivenSoftLabels(t *testing.T) {
	set := sdt.Labelled{Examples: sdt.Examples{Domain: "d", Shape: []int{1}, Values: []float32{-1, -2, 1, 2}}, Labels: []int32{0, 0, 1, 1}, Classes: []string{"mug", "pen"}}
	task, dir := sdt.Task{Sources: []sdt.Labelled{set}, Target: set, Test: set}, t.TempDir()
	lab, err := sdt.Open(dir, task, sdt.Config{Method: sdt.SoftOnly, Network: network.Head(2), PretrainSteps: 1, AdaptSteps: 1})
	if err != nil {
		t.Fatal(err)
	}
	source, err := lab.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	made, err := lab.SoftLabels(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lab.Adapt(t.Context(), source, &sdt.SoftLabels{Classes: made.Classes, Temperature: 2, L: [][]float64{{.75, .25}, {.5, .5}}}); err != nil {
		t.Fatal(err)
	}
	runs, err := sdt.ReadRuns(dir)
	if err != nil || len(runs) != 1 {
		t.Fatal(len(runs), err)
	}
	given := *runs[0].SoftLabels()
	for _, row := range []struct {
		why  string
		s    sdt.SoftLabels
		mean bool
	}{{"as the lab made them", *made, true}, {"given", given, false}} {
		for name, c := range map[string]plots.Chart{"matrix": plots.SoftLabels(row.s), "bars": plots.SoftLabelBars(row.s, "pen")} {
			html := strings.ToLower(rendered(t, c))
			if strings.Contains(html, "mean softmax") != row.mean || strings.Contains(html, "given to the training") == row.mean {
				t.Errorf("%s, %s: mean of predictions: %t, want %t", name, row.why, !row.mean, row.mean)
			}
		}
	}
	wantRows(t, "without counts", plots.SoftLabels(given).Tables()[0].Rows, [][]string{{"mug", "–", "75.0", "0.56", "pen 25.0 %"}, {"pen", "–", "50.0", "0.69", "mug 50.0 %"}})
	given.L = [][]float64{{1, 0}, {0, 0}}
	if html := rendered(t, plots.SoftLabelBars(given, "pen")); strings.Contains(html, "no source images") {
		t.Error("a class without a given soft label is said to have no source images")
	}
}
