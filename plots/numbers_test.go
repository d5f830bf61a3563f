package plots_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
)

// small: mug 2 of 3 right, pen 0 of 1, ruler without an image.
var small = sdt.Evaluation{Method: sdt.Full, Domain: "webcam", Classes: []string{"mug", "pen", "ruler"}, HeldOut: []int{0, 2},
	Labels: []int32{0, 0, 0, 1}, Predictions: []int32{0, 0, 2, 0}, Confidence: []float32{.9, .8, .7, .6}}

func wantRows(t *testing.T, name string, got, want [][]string) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", name, got, want)
	}
}

func TestPerClassNumbers(t *testing.T) {
	before := small
	before.Method, before.Predictions = sdt.SourceOnly, []int32{0, 1, 2, 1}
	table := plots.PerClassAccuracy(before, small).Tables()[0]
	wantRows(t, "head", [][]string{table.Head}, [][]string{{"class", "held out", "images", "source only", "confusion + soft labels"}})
	wantRows(t, "rows", table.Rows, [][]string{
		{"mug", "yes", "3", "33.3", "66.7"},
		{"pen", "", "1", "100.0", "0.0"},
		{"ruler", "yes", "0", "–", "–"}, // no image: neither 0 nor NaN
	})
	wantRows(t, "foot", table.Foot, [][]string{
		{"mean of held-out classes", "", "", "33.3", "66.7"}, // mug only: ruler has no images
		{"held-out images", "", "", "33.3", "66.7"},
	})
	var o struct {
		Series []struct{ Data []struct{ Value any } }
	}
	if err := json.Unmarshal(plots.PerClassAccuracy(small).Option(), &o); err != nil {
		t.Fatal(err)
	}
	if got := o.Series[0].Data[2].Value; got != "-" {
		t.Errorf("a class without images has the bar %v, want a gap", got)
	}
}

func TestPerClassOrder(t *testing.T) {
	before := small
	before.Predictions = []int32{2, 2, 2, 1}
	for _, row := range []struct {
		order plots.Order
		want  string
	}{
		{plots.AsGiven, "mug pen ruler"},
		{plots.ByGain, "mug pen ruler"},     // +67, −100, no images
		{plots.ByAccuracy, "mug pen ruler"}, // 67, 0, no images
	} {
		checkOrder(t, row.order, row.want, before, small)
	}
	checkOrder(t, plots.ByGain, "pen mug ruler", small, before) // the other way round: +100, −67
	checkOrder(t, plots.ByAccuracy, "pen mug ruler", small, before)
}

func checkOrder(t *testing.T, order plots.Order, want string, evals ...sdt.Evaluation) {
	t.Helper()
	var names []string
	for _, r := range plots.PerClassAccuracyIn(order, evals...).Tables()[0].Rows {
		names = append(names, r[0])
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("order %d: %s want %s", order, got, want)
	}
}

func TestConfusionNumbers(t *testing.T) {
	c := plots.ConfusionMatrix(small)
	wantRows(t, "confusion", c.Tables()[0].Rows, [][]string{
		{"mug *", "3", "2", "66.7", "ruler 1"},
		{"pen", "1", "0", "0.0", "mug 1"},
		{"ruler *", "0", "0", "–", ""},
	})
	wantRows(t, "all", c.Tables()[0].Foot, [][]string{{"all", "4", "2", "50.0", ""}})
	// [column, row, % of the row, images]; the row of ruler is blank.
	var o struct{ Series []struct{ Data [][]float64 } }
	if err := json.Unmarshal(c.Option(), &o); err != nil {
		t.Fatal(err)
	}
	want := [][]float64{{0, 0, 66.667, 2}, {1, 0, 0, 0}, {2, 0, 33.333, 1}, {0, 1, 100, 1}, {1, 1, 0, 0}, {2, 1, 0, 0}}
	if !reflect.DeepEqual(o.Series[0].Data, want) {
		t.Errorf("cells %v want %v", o.Series[0].Data, want)
	}
}

func TestSoftLabelNumbers(t *testing.T) {
	s := sdt.SoftLabels{Classes: []string{"mug", "bottle", "pen"}, Temperature: 2, Counts: []int{20, 7, 3},
		L: [][]float64{{.5, .25, .25}, {.1, .9, 0}, {.001, .0005, .9985}}}
	tables := plots.SoftLabels(s).Tables()
	// Entropies by hand: 1.5 ln 2 = 1.04; −.1 ln .1 − .9 ln .9 = 0.33; 0.01.
	wantRows(t, "similar", tables[0].Rows, [][]string{
		{"mug", "20", "50.0", "1.04", "bottle 25.0 %, pen 25.0 %"},
		{"bottle", "7", "90.0", "0.33", "mug 10.0 %, pen 0.0 %"},
		{"pen", "3", "99.9", "0.01", "mug 0.10 %, bottle 0.05 %"},
	})
	wantRows(t, "matrix", tables[1].Rows[:2], [][]string{{"mug", "50.0", "25.0", "25.0"}, {"bottle", "10.0", "90.0", "0.0"}})
	wantRows(t, "bars", plots.SoftLabelBars(s, "bottle").Tables()[0].Rows, [][]string{{"bottle", "90.0"}, {"mug", "10.0"}, {"pen", "0.0"}})
}

func TestGalleryNumbers(t *testing.T) {
	before := small
	before.Method, before.Predictions = sdt.SourceOnly, []int32{1, 0, 2, 1}
	got := plots.Outcomes(before, small)
	if want := []plots.Outcome{plots.Corrected, plots.StillRight, plots.StillWrong, plots.Broken}; !reflect.DeepEqual(got, want) {
		t.Errorf("outcomes %v want %v", got, want)
	}
	c := plots.Gallery(madeUpImages(4, 8, 8, 1), before, small)
	wantRows(t, "gallery", c.Tables()[0].Rows, [][]string{
		{"row 0", "mug", "pen 90\u00a0%", "mug 90\u00a0%", "corrected"},
		{"row 3", "pen", "pen 60\u00a0%", "mug 60\u00a0%", "broken"},
	})
	// The accuracy covers the reported classes, and so do the counts that come first.
	all := before
	all.HeldOut = nil
	alone := small
	alone.HeldOut = nil
	for _, want := range []struct {
		before, after sdt.Evaluation
		text          string
	}{
		{all, alone, "Of 4 test images of webcam: 1 corrected, 1 broken, 1 still wrong, 1 still right. Shown: 2."},
		{before, small, "Of 3 test images of webcam in held-out classes: 1 corrected, 0 broken, 1 still wrong, 1 still right. Of 1 in the other classes: 0 corrected, 1 broken,"},
	} {
		if html := rendered(t, plots.Gallery(madeUpImages(4, 8, 8, 1), want.before, want.after)); !strings.Contains(html, want.text) {
			t.Errorf("the gallery does not say %q:\n%s", want.text, html)
		}
	}
	if html := rendered(t, c); strings.Count(html, `src="data:image/png;base64,`) != 2 || !strings.Contains(html, "pixelated") {
		t.Error("not two crisp images in the gallery")
	}
	if rows := plots.Gallery(madeUpImages(4, 300, 200, 3), before, small, 2).Tables()[0].Rows; len(rows) != 1 || rows[0][4] != "still wrong" {
		t.Errorf("the row asked for is not the one shown: %q", rows)
	}
}

func TestLnD(t *testing.T) {
	for _, d := range []int{2, 3, 10} {
		h := madeUpHistory(sdt.Full, 50)
		h.Domains = d
		var o struct {
			Series []struct {
				MarkLine struct {
					Data []struct {
						Name  string
						YAxis float64
					}
				}
			}
		}
		if err := json.Unmarshal(plots.LossCurves(h).Option(), &o); err != nil {
			t.Fatal(err)
		}
		var at []float64
		for _, s := range o.Series {
			for _, m := range s.MarkLine.Data {
				at = append(at, m.YAxis)
			}
		}
		if len(at) != 2 || at[0] != math.Log(float64(d)) || math.Abs(at[1]-100/float64(d)) > 1e-3 {
			t.Errorf("D = %d: lines at %v want ln D = %v and 100/D", d, at, math.Log(float64(d)))
		}
	}
}

// Curves without reference lines leave no room at the right for the names of lines.
func TestRoomOfLossCurves(t *testing.T) {
	for _, row := range []struct {
		method sdt.Method
		lines  bool
	}{{sdt.SourceTarget, false}, {sdt.Full, true}} {
		var o struct{ Grid []struct{ Right int } }
		if err := json.Unmarshal(plots.LossCurves(madeUpHistory(row.method, 200)).Option(), &o); err != nil {
			t.Fatal(err)
		}
		for i, g := range o.Grid { // panels are of the same width
			if (g.Right > 60) != row.lines {
				t.Errorf("%v, panel %d: %d px at the right", row.method, i, g.Right)
			}
		}
	}
}

func TestLossNumbers(t *testing.T) {
	h := madeUpHistory(sdt.Full, 600)
	table := plots.LossCurves(h).Tables()[0]
	if n := len(table.Rows); n != 21 {
		t.Errorf("%d rows want 21", n)
	}
	for _, r := range table.Rows {
		var step int
		fmt.Sscan(r[0], &step)
		want := []string{r[0], fmt.Sprintf("%.4f", h.ClassLoss[step-1]), fmt.Sprintf("%.4f", h.SoftLoss[step-1]),
			fmt.Sprintf("%.4f", h.DomainLoss[step-1]), fmt.Sprintf("%.4f", h.ConfusionLoss[step-1]), fmt.Sprintf("%.1f", 100*h.DomainAccuracy[step-1])}
		wantRows(t, "step "+r[0], [][]string{r}, [][]string{want})
	}
	if last := table.Rows[20][0]; last != "600" {
		t.Errorf("the last row is step %s want 600", last)
	}
	for _, h := range []sdt.History{{}, madeUpHistory(sdt.Full, 1), madeUpHistory(sdt.SourceTarget, 3)} {
		if html := rendered(t, plots.LossCurves(h)); strings.Contains(html, "No step was measured") != (len(h.Step) == 0) {
			t.Errorf("%d steps: the note that there are none is wrong", len(h.Step))
		}
		if tables := plots.LossCurves(h).Tables(); (len(tables) > 0) != (len(h.Step) > 0) {
			t.Errorf("%d steps: %d tables, want one of steps, and none without rows", len(h.Step), len(tables))
		}
	}
	h.ClassLoss[10] = math.NaN()
	plots.LossCurves(h).Option() // must not panic: JSON has no NaN
	if n := len(plots.LossCurves(madeUpHistory(sdt.Full, 100_000)).Option()); n > 300_000 {
		t.Errorf("100 000 steps make an option of %d bytes", n)
	}
}

// The caller's mistakes panic with a message that names them.
func TestPanics(t *testing.T) {
	other := small
	other.Classes = []string{"mug", "pen", "rubber"}
	short := madeUpHistory(sdt.Full, 5)
	short.SoftLoss = short.SoftLoss[:3]
	for want, f := range map[string]func(){
		"no evaluations":      func() { plots.PerClassAccuracy() },
		`"rubber"`:            func() { plots.PerClassAccuracy(small, other) },
		"L_soft has 3 values": func() { plots.LossCurves(short) },
		"no temperatures":     func() { plots.SoftLabelsByTemperature(madeUpAt) },
		"ascending":           func() { plots.SoftLabelsByTemperature(madeUpAt, 2, 1) },
		"no trials":           func() { plots.Comparison() },
		"twice":               func() { plots.Comparison(plots.Trials{}, plots.Trials{}) },
		`no class "spoon"`:    func() { plots.SoftLabelBars(madeUpSoftLabels([]string{"mug"}), "spoon") },
		"row 0 has 0 numbers": func() { plots.SoftLabels(sdt.SoftLabels{Classes: []string{"mug"}, L: [][]float64{{}}}) },
		"different labels":    func() { plots.Outcomes(small, sdt.Evaluation{}) },
		"different test images": func() {
			before, after := small, small
			before.TestSet, after.TestSet = "a", "b"
			plots.GallerySome(madeUpImages(1, 4, 4, 1), []int{3}, before, after)
		},
		"want pixels":         func() { plots.Gallery(sdt.Examples{Shape: []int{3}, Values: make([]float32, 12)}, small, small) },
		"3 images, want 4":    func() { plots.Gallery(madeUpImages(3, 4, 4, 1), small, small) },
		"ClassByClass: no cl": func() { plots.ClassByClass(sdt.Evaluation{}) },
		"evaluation 1 (confusion + soft labels) holds out no class": func() {
			e := small
			e.HeldOut = nil
			plots.HeldOutMistakes(small, e)
		},
		"no classes": func() { plots.ConfusionMatrix(sdt.Evaluation{}) },
		`"g" has 1 labels for 2 points`: func() {
			plots.Scatter(plots.ScatterText{}, plots.Points{Name: "g", XY: [][2]float64{{1, 2}, {3, 2}}, Labels: []string{"p"}})
		},
		"3 probabilities for 2 classes": func() {
			plots.Distributions("T", "", []string{"mug", "pen"}, plots.Distribution{P: []float64{1, 0, 0}})
		},
		"2 trials of soft labels only on \"a\", want 1 as for source + target": func() {
			plots.Differences(sdt.SourceTarget, plots.Trials{Task: "a", Method: sdt.SourceTarget, Accuracies: []float64{.5}}, plots.Trials{Task: "a", Method: sdt.SoftOnly, Accuracies: []float64{.5, .6}})
		},
		"no candidates": func() { plots.Selection() },
		`candidate "b" is scored by 0 validators, want the 1 of "a"`: func() {
			plots.Selection(plots.Candidate{Name: "a", Scores: map[sdt.Validator]float64{sdt.Entropy: 1}}, plots.Candidate{Name: "b"})
		},
		"evaluation 0 (confusion + soft labels) has 3 predictions, want 4": func() {
			e := small
			e.Predictions = e.Predictions[:3]
			plots.PerClassAccuracy(e)
		},
		"has prediction 3 at index 1, want one of 3 classes": func() {
			e := small
			e.Predictions = []int32{0, 3, 0, 0}
			plots.ConfusionMatrix(e)
		},
		"holds out class -1 at index 0, want one of 3 classes": func() {
			e := small
			e.HeldOut = []int{-1}
			plots.ClassByClass(small, e)
		},
		"has 0 confidences, want 4": func() {
			e := small
			e.Confidence = nil
			plots.Gallery(madeUpImages(4, 4, 4, 1), small, e)
		},
		"shape [0 4 1], want pixels": func() {
			plots.Gallery(sdt.Examples{Shape: []int{0, 4, 1}, Pixels: make([]uint8, 16)}, small, small)
		},
		`Domains: 1 labels for 2 examples of "webcam"`: func() {
			plots.Domains(sdt.Labelled{Examples: madeUpImages(2, 4, 4, 1), Classes: []string{"mug"}, Labels: []int32{0}})
		},
		`group "g" has colour -1 and shape 0`: func() { plots.Scatter(plots.ScatterText{}, plots.Points{Name: "g", Colour: -1}) },
		"no task has trials of both source + target and another method": func() {
			plots.Differences(sdt.SourceTarget, plots.Trials{Task: "a", Method: sdt.Full, Accuracies: []float64{.5}})
		},
		"at τ = 2 the classes are": func() {
			plots.SoftLabelsByTemperature(func(τ float64) sdt.SoftLabels {
				return sdt.SoftLabels{Classes: []string{fmt.Sprint(τ)}, L: [][]float64{{1}}}
			}, 1, 2)
		},
		`Origins: run 0, from "runs/a", has no stage`: func() { plots.Origins(sdt.Run{Dir: "runs/a"}) },
		"is not among the 4 images":                   func() { plots.Gallery(madeUpImages(4, 4, 4, 1), small, small, 9) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) || !strings.HasPrefix(got, "plots.") {
					t.Errorf("panic %q want plots.… %s", got, want)
				}
			}()
			f()
		}()
	}
}

func TestScatterNumbers(t *testing.T) {
	text := plots.ScatterText{Title: "T", X: "a, %", Y: "b, nats"}
	wantRows(t, "named", plots.Scatter(text, plots.Points{Name: "g", XY: [][2]float64{{1, 2}, {3.5, -4}}, Labels: []string{"p", "q"}}).Tables()[0].Rows,
		[][]string{{"p", "g", "1", "2"}, {"q", "g", "3.5", "-4"}})
	wantRows(t, "groups", plots.Scatter(text, plots.Points{Name: "g", XY: [][2]float64{{1, 2}, {3, 2}}}, plots.Points{Name: "none"}).Tables()[0].Rows,
		[][]string{{"g", "2", "2.00 ± 1.00", "2.00 ± 0.00"}, {"none", "0", "–", "–"}})
}

// Groups of one class in two domains share a colour, those of one domain share a shape.
func TestScatterSharesColoursAndShapes(t *testing.T) {
	var o struct {
		Series []struct {
			Symbol    string
			ItemStyle struct{ Color string }
		}
	}
	c := plots.Scatter(plots.ScatterText{}, plots.Points{Name: "mug, amazon", Colour: 1, Shape: 1}, plots.Points{Name: "mug, webcam", Colour: 1, Shape: 2},
		plots.Points{Name: "pen, amazon", Colour: 2, Shape: 1}, plots.Points{Name: "by its place"})
	if err := json.Unmarshal(c.Option(), &o); err != nil {
		t.Fatal(err)
	}
	colour, shape := map[string]bool{}, map[string]bool{}
	for _, s := range o.Series {
		colour[s.ItemStyle.Color], shape[s.Symbol] = true, true
	}
	if s := o.Series; s[0].ItemStyle != s[1].ItemStyle || s[0].Symbol != s[2].Symbol || len(colour) != 3 || len(shape) != 3 {
		t.Errorf("the series are %+v", s)
	}
}

// Slots are as wide as the names below them need: six shifts and their mean fit on the page of a
// report, three short names on a phone. The marks of a legend are as high as wide.
func TestSlots(t *testing.T) {
	var six, three []plots.Trials
	for _, m := range []sdt.Method{sdt.SourceTarget, sdt.ConfusionOnly, sdt.SoftOnly, sdt.Full} {
		for _, task := range []string{"amazon→webcam", "amazon→dslr", "webcam→amazon", "webcam→dslr", "dslr→amazon", "dslr→webcam"} {
			six = append(six, plots.Trials{Task: task, Method: m, Accuracies: []float64{.4, .5}})
		}
		for _, task := range []string{"1 per class", "3 per class"} {
			three = append(three, plots.Trials{Task: task, Method: m, Accuracies: []float64{.4, .5}})
		}
	}
	for name, row := range map[string]struct {
		chart plots.Chart
		most  int
	}{"Differences": {plots.Differences(sdt.SourceTarget, six...), 820}, "Comparison": {plots.Comparison(three...), 350}} {
		least := 0
		if _, after, ok := strings.Cut(rendered(t, row.chart), "px;min-width:"); ok {
			fmt.Sscan(strings.SplitN(after, "px", 2)[0], &least)
		}
		if least == 0 || least > row.most {
			t.Errorf("%s needs %d px, want at most %d", name, least, row.most)
		}
		var o struct {
			Legend struct{ ItemWidth, ItemHeight int }
		}
		if err := json.Unmarshal(row.chart.Option(), &o); err != nil || o.Legend.ItemWidth == 0 || o.Legend.ItemWidth != o.Legend.ItemHeight {
			t.Errorf("%s: %v, the marks of the legend are %+v", name, err, o.Legend)
		}
	}
}

// From 0 to 32 the bins are each 1 wide, and go on to 35, the next number on the axis; fewer than
// a hundred numbers move no bin.
func TestHistogramNumbers(t *testing.T) {
	rows := plots.Histogram("T", "", "z, nats", plots.Values{Name: "g", X: []float64{0, 8, 8.9, math.NaN(), 32}}, plots.Values{Name: "low", X: []float64{0.2, 0.3}}).Tables()[0].Rows
	if len(rows) != 35 {
		t.Errorf("%d bins, want 35", len(rows))
	}
	for b, row := range rows {
		want := []string{fmt.Sprint(float64(b) + 0.5), "0.0", "0.0"}
		switch b {
		case 0:
			want = []string{"0.5", "25.0", "100.0"}
		case 8:
			want[1] = "50.0"
		case 32:
			want[1] = "25.0"
		}
		wantRows(t, fmt.Sprint("bin ", b), [][]string{row}, [][]string{want})
	}
	rows = plots.Histogram("T", "", "z, nats", plots.Values{Name: "g", X: []float64{2, 2}}).Tables()[0].Rows
	if i := slices.IndexFunc(rows, func(r []string) bool { return r[1] == "100.0" }); i < 0 || rows[i][0] != "2.025" {
		t.Errorf("equal numbers fall into %v", rows)
	}
}

// The axis of a histogram has round numbers, zero among them where the numbers lie on both sides,
// and has all of the bars.
func TestHistogramAxis(t *testing.T) {
	for _, row := range []struct {
		x                  []float64
		min, max, interval float64
	}{
		{[]float64{-16.4, 10.9}, -20, 15, 5},
		{[]float64{8.3, 99.7}, 0, 100, 20},
		{[]float64{0.0031, 0.0172}, 0.002, 0.018, 0.002},
		{[]float64{1e-320, 3e-320}, 1e-320, 3e-320, 0}, // too close to be divided
		{[]float64{-1.7e308, 1.7e308}, -1.7e308, 1.7e308, 0},
	} {
		var o struct {
			XAxis  []struct{ Min, Max, Interval float64 }
			Series []struct{ Data []struct{ Value []float64 } }
		}
		if err := json.Unmarshal(plots.Histogram("T", "", "z", plots.Values{Name: "g", X: row.x}).Option(), &o); err != nil {
			t.Fatal(err)
		}
		axis, data := o.XAxis[0], o.Series[0].Data
		if !close(axis.Min, row.min) || !close(axis.Max, row.max) || row.interval > 0 && !close(axis.Interval, row.interval) {
			t.Errorf("%v: from %v to %v in steps of %v, want from %v to %v in steps of %v", row.x, axis.Min, axis.Max, axis.Interval, row.min, row.max, row.interval)
		}
		if first, last := data[0].Value[0], data[len(data)-1].Value[0]; first < axis.Min || last > axis.Max {
			t.Errorf("%v: bars from %v to %v, the axis from %v to %v", row.x, first, last, axis.Min, axis.Max)
		}
	}
}

func close(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }

func TestDistributionNumbers(t *testing.T) {
	c := plots.Distributions("T", "", []string{"mug", "pen"}, plots.Distribution{Name: "soft label", P: []float64{0.75, 0.25}}, plots.Distribution{Name: "prediction", P: []float64{0.002, 0.998}})
	wantRows(t, "rows", c.Tables()[0].Rows, [][]string{{"mug", "75.0", "0.20"}, {"pen", "25.0", "99.8"}})
}

// A method has the same colour among distributions as among evaluations.
func TestDistributionColours(t *testing.T) {
	var o struct {
		Series []struct {
			Name      string
			ItemStyle struct{ Color string }
		}
	}
	colours := func(c plots.Chart) map[string]string {
		if err := json.Unmarshal(c.Option(), &o); err != nil {
			t.Fatal(err)
		}
		of := map[string]string{}
		for _, s := range o.Series {
			of[s.Name] = s.ItemStyle.Color
		}
		return of
	}
	tuned := small
	tuned.Method = sdt.SourceTarget
	want := colours(plots.PerClassAccuracy(tuned, small))
	p := []float64{1}
	got := colours(plots.Distributions("T", "", []string{"mug"}, plots.Distribution{Name: "soft label", P: p},
		plots.Distribution{Name: sdt.SourceTarget.String(), P: p}, plots.Distribution{Name: sdt.Full.String(), P: p}, plots.Distribution{Name: "another", P: p}))
	for name, colour := range want {
		if got[name] != colour {
			t.Errorf("%s is %s, want %s", name, got[name], colour)
		}
	}
	seen := map[string]bool{}
	for _, s := range o.Series {
		if seen[s.ItemStyle.Color] || s.ItemStyle.Color == "" {
			t.Errorf("two of four have the colour %q: %+v", s.ItemStyle.Color, o.Series)
		}
		seen[s.ItemStyle.Color] = true
	}
}

// By hand: entropy ranks the runs as the accuracies do; the source risk ranks them in reverse,
// except for one exchange, 1 − 6·(4 + 1 + 1)/24 = −½. Scores that are all the same rank nothing,
// and the first run is chosen.
func TestSelectionNumbers(t *testing.T) {
	run := func(name string, accuracy, entropy, risk float64) plots.Candidate {
		return plots.Candidate{Name: name, Accuracy: accuracy, Scores: map[sdt.Validator]float64{sdt.Entropy: entropy, sdt.SourceRisk: risk}}
	}
	table := plots.Selection(run("a", .5, -3, -1), run("b", .7, -2, -3), run("c", .9, -1, -2)).Tables()[0]
	wantRows(t, "selection", table.Rows, [][]string{
		{"entropy", "1.00", "1.00", "c", "90.0", "0.0"},
		{"source risk", "-0.50", "-0.33", "a", "50.0", "40.0"},
	})
	wantRows(t, "foot", table.Foot, [][]string{{"oracle", "", "", "c", "90.0", "0.0"}, {"at random, on average", "", "", "", "70.0", "20.0"}})
	tied := plots.Selection(run("a", .5, 2, 0), run("b", .7, 2, 0)).Tables()[0]
	wantRows(t, "ties", tied.Rows, [][]string{{"entropy", "–", "–", "a", "50.0", "20.0"}, {"source risk", "–", "–", "a", "50.0", "20.0"}})
}

// By hand: on a the differences are 4, 6 and 8, mean 6, standard error 2/√3, and t of two
// degrees of freedom is 4.303; on b they are 0, 0 and 3. Their means are 2, 3 and 5.5. The
// task c has no base.
func TestDifferenceNumbers(t *testing.T) {
	of := func(task string, m sdt.Method, accuracies ...float64) plots.Trials {
		return plots.Trials{Task: task, Method: m, Accuracies: accuracies}
	}
	rows := plots.Differences(sdt.SourceTarget, of("a", sdt.SourceTarget, .5, .6, .7), of("a", sdt.Full, .54, .66, .78),
		of("b", sdt.Full, .2, .3, .43), of("b", sdt.SourceTarget, .2, .3, .4), of("c", sdt.Full, .9, .9, .9)).Tables()[0].Rows
	wantRows(t, "differences", rows, [][]string{{"a", "+6.0 [+1.0, +11.0]"}, {"b", "+1.0 [-3.3, +5.3]"}, {"mean of tasks", "+3.5 [-1.0, +8.0]"}})
	one := plots.Differences(sdt.SourceTarget, of("", sdt.SourceTarget, .5), of("", sdt.Full, .48), of("", sdt.SoftOnly, .5)).Tables()[0].Rows
	wantRows(t, "one trial", one, [][]string{{"", "-2.0", "+0.0"}})
}

// Runs that went wrong: b has no known accuracy, c has a score that is NaN, d one that is infinite.
// A validator can neither rank nor choose those that lack its number: 50 and 90 remain for entropy,
// 50, 70 and 90 for source risk.
func TestSelectionWithoutNumbers(t *testing.T) {
	nan := math.NaN()
	run := func(name string, accuracy, entropy, risk float64) plots.Candidate {
		return plots.Candidate{Name: name, Accuracy: accuracy, Scores: map[sdt.Validator]float64{sdt.Entropy: entropy, sdt.SourceRisk: risk}}
	}
	c := plots.Selection(run("b", nan, 9, 9), run("c", .7, nan, -1), run("d", .6, math.Inf(1), math.Inf(-1)), run("a", .5, -3, -2), run("e", .9, -2, -3))
	wantRows(t, "selection", c.Tables()[0].Rows, [][]string{
		{"entropy", "1.00", "1.00", "e", "90.0", "0.0"},
		{"source risk", "-0.50", "-0.33", "c", "70.0", "20.0"}, // of c, a, e: 70, 50, 90 by 3, 2, 1
	})
	wantRows(t, "foot", c.Tables()[0].Foot, [][]string{{"oracle", "", "", "e", "90.0", "0.0"}, {"at random, on average", "", "", "", "67.5", "22.5"}})
	wantRows(t, "scores", c.Tables()[1].Rows[:3], [][]string{{"b", "–", "9.000", "9.000"}, {"c", "70.0", "–", "-1.000"}, {"d", "60.0", "–", "–"}})
	none := plots.Selection(run("b", nan, nan, 1)).Tables()[0]
	wantRows(t, "none", append(none.Rows, none.Foot...), [][]string{{"entropy", "–", "–", "–", "–", "–"}, {"source risk", "–", "–", "–", "–", "–"},
		{"oracle", "", "", "–", "–", "–"}, {"at random, on average", "", "", "", "–", "–"}})
	var o struct {
		Series []struct{ Data []struct{ Value []any } }
	}
	if err := json.Unmarshal(c.Option(), &o); err != nil {
		t.Fatal(err)
	}
	if len(o.Series[0].Data) != 1 || len(o.Series[1].Data) != 1 || o.Series[1].Data[0].Value[2] != "e: score -2" {
		t.Errorf("by entropy the points are %v and %v, want a, and e as the choice", o.Series[0].Data, o.Series[1].Data)
	}
}

// A value that is not finite is a dash in a table and a gap in a drawing, and is not used.
func TestNoNumbers(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	s := sdt.SoftLabels{Classes: []string{"mug", "pen", "cup"}, Temperature: 2, Counts: []int{1, 1, 1}, L: [][]float64{{.5, nan, .25}, {.1, .9, inf}, {-inf, .5, nan}}}
	soft := plots.SoftLabels(s)
	wantRows(t, "similar", soft.Tables()[0].Rows, [][]string{
		{"mug", "1", "50.0", "–", "cup 25.0 %"}, {"pen", "1", "90.0", "–", "mug 10.0 %"}, {"cup", "1", "–", "–", "pen 50.0 %"}})
	wantRows(t, "matrix", soft.Tables()[1].Rows, [][]string{{"mug", "50.0", "–", "25.0"}, {"pen", "10.0", "90.0", "–"}, {"cup", "–", "50.0", "–"}})
	var o struct{ Series []struct{ Data []any } }
	if err := json.Unmarshal(soft.Option(), &o); err != nil || len(o.Series[0].Data) != 3+3 {
		t.Errorf("%v: %d cells, want 3 of the diagonal and 3 that have a colour", err, len(o.Series[0].Data))
	}
	d := plots.Distributions("T", "", []string{"mug", "pen"}, plots.Distribution{Name: "p", P: []float64{nan, .5}}, plots.Distribution{Name: "q", P: []float64{inf, -inf}})
	wantRows(t, "distributions", d.Tables()[0].Rows, [][]string{{"mug", "–", "–"}, {"pen", "50.0", "–"}})
	if html := rendered(t, d); !strings.Contains(html, "T. p: most on pen, 50.0 %.") {
		t.Error("the largest of two distributions, one of which has no number, is not in the summary")
	}
	trials := []plots.Trials{{Task: "a", Method: sdt.SourceTarget, Accuracies: []float64{.5, .6}}, {Task: "a", Method: sdt.Full, Accuracies: []float64{nan, .7}}, {Task: "a", Method: sdt.SoftOnly, Accuracies: []float64{.5, inf}}}
	wantRows(t, "results", plots.ResultTable(trials...).Rows, [][]string{{"source + target", "55.0 ± 5.0"}, {"confusion + soft labels", "–"}, {"soft labels only", "–"}})
	wantRows(t, "differences", plots.Differences(sdt.SourceTarget, trials...).Tables()[0].Rows, [][]string{{"a", "–", "–"}})
	wantRows(t, "scatter", plots.Scatter(plots.ScatterText{}, plots.Points{Name: "g", XY: [][2]float64{{1, 2}, {nan, 2}, {3, inf}, {3, 4}}}).Tables()[0].Rows,
		[][]string{{"g", "2", "2.00 ± 1.00", "3.00 ± 1.00"}})
	wantRows(t, "named points", plots.Scatter(plots.ScatterText{}, plots.Points{Name: "g", XY: [][2]float64{{nan, 2}}, Labels: []string{"p"}}).Tables()[0].Rows, [][]string{{"p", "g", "–", "2"}})
	h := sdt.History{Stage: "adapt", Step: []int{1, 2}, ClassLoss: []float64{1, nan}, Lambda: []float64{inf, .5}}
	wantRows(t, "losses", plots.LossCurves(h).Tables()[0].Rows, [][]string{{"1", "1.0000", "–"}, {"2", "–", "0.5"}})
	for share, want := range map[float64]string{.825: "82.5", 0: "0.0", inf: "–", -inf: "–"} {
		if got := plots.Percent(share); got != want {
			t.Errorf("Percent(%v) = %q want %q", share, got, want)
		}
	}
	if got := plots.Percent(nan); got != "–" {
		t.Errorf("Percent(NaN) = %q want a dash", got)
	}
}

// A task with the name of the mean keeps its column's numbers.
func TestTaskCalledMean(t *testing.T) {
	of := func(task string, m sdt.Method, accuracy float64) plots.Trials {
		return plots.Trials{Task: task, Method: m, Accuracies: []float64{accuracy}}
	}
	rows := plots.Differences(sdt.SourceTarget, of("mean of tasks", sdt.SourceTarget, .5), of("mean of tasks", sdt.Full, .6), of("b", sdt.SourceTarget, .5), of("b", sdt.Full, .8)).Tables()[0].Rows
	wantRows(t, "differences", rows, [][]string{{"mean of tasks", "+10.0"}, {"b", "+30.0"}, {"mean of tasks (2)", "+20.0"}})
}

// TestLongTable checks that a table is shown in full, unless it is very long.
func TestLongTable(t *testing.T) {
	for rows, want := range map[int]bool{1: false, 31: false, 40: false, 41: true, 400: true} {
		table := plots.Table{Caption: "x", Head: []string{"class", "n"}}
		for range rows {
			table.Rows = append(table.Rows, []string{"a", "1"})
		}
		if long := strings.Contains(string(table.HTML()), "sdt-long"); long != want {
			t.Errorf("%d rows: shown a part at a time is %v, want %v", rows, long, want)
		}
	}
}
