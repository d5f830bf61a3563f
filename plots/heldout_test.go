package plots_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
)

// heldOutEvaluation has three classes of one image each, of which it takes the first right.
func heldOutEvaluation(name string, held ...int) sdt.Evaluation {
	return sdt.Evaluation{Name: name, Domain: "webcam", Classes: []string{"mug", "pen", "ruler"}, HeldOut: held,
		Labels: []int32{0, 1, 2}, Predictions: []int32{0, 0, 0}, Confidence: []float32{.9, .8, .7}}
}

// A mean says which classes it covers, and a mark which evaluations hold the class out: evaluations
// in one figure may report on different classes.
func TestMeansSayWhatTheyAreOver(t *testing.T) {
	a, b := heldOutEvaluation("A", 0), heldOutEvaluation("B")
	for _, row := range []struct {
		why        string
		evals      []sdt.Evaluation
		head       []string
		rows, foot [][]string
		note       string
	}{
		{"no class is held out: there is nothing to say", []sdt.Evaluation{b, heldOutEvaluation("C")},
			[]string{"class", "images", "B", "C"},
			[][]string{{"mug", "1", "100.0", "100.0"}, {"pen", "1", "0.0", "0.0"}, {"ruler", "1", "0.0", "0.0"}},
			[][]string{{"mean of classes", "", "33.3", "33.3"}, {"all images", "", "33.3", "33.3"}},
			"Test images of webcam.<"},
		{"one set of classes, in another order and with one twice", []sdt.Evaluation{heldOutEvaluation("A", 0, 1), heldOutEvaluation("C", 1, 0, 1)},
			[]string{"class", "held out", "images", "A", "C"},
			[][]string{{"mug", "yes", "1", "100.0", "100.0"}, {"pen", "yes", "1", "0.0", "0.0"}, {"ruler", "", "1", "0.0", "0.0"}},
			[][]string{{"mean of held-out classes", "", "", "50.0", "50.0"}, {"held-out images", "", "", "50.0", "50.0"}},
			"* held out: no labelled target image in training; the mean is over these.<"},
		{"semi-supervised beside supervised", []sdt.Evaluation{a, b},
			[]string{"class", "held out by", "images", "A", "B"},
			[][]string{{"mug", "A", "1", "100.0", "100.0"}, {"pen", "", "1", "0.0", "0.0"}, {"ruler", "", "1", "0.0", "0.0"}},
			[][]string{{"mean of held-out classes", "", "", "100.0", "–"}, {"held-out images", "", "", "100.0", "–"},
				{"mean of all classes", "", "", "–", "33.3"}, {"all images", "", "", "–", "33.3"}},
			"* held out by A: no labelled target image in training. Mean of A: over these. Mean of B: over all classes.<"},
		{"two that hold out different classes", []sdt.Evaluation{a, heldOutEvaluation("D", 1), heldOutEvaluation("E", 0)},
			[]string{"class", "held out by", "images", "A", "D", "E"},
			[][]string{{"mug", "A, E", "1", "100.0", "100.0", "100.0"}, {"pen", "D", "1", "0.0", "0.0", "0.0"}, {"ruler", "", "1", "0.0", "0.0", "0.0"}},
			[][]string{{"mean of classes held out by A, E", "", "", "100.0", "–", "100.0"}, {"images of classes held out by A, E", "", "", "100.0", "–", "100.0"},
				{"mean of classes held out by D", "", "", "–", "0.0", "–"}, {"images of classes held out by D", "", "", "–", "0.0", "–"}},
			"* held out by at least one of A, D, E, as the table shows: no labelled target image in that training. The mean of each of these is over its own held-out classes.<"},
	} {
		c := plots.PerClassAccuracy(row.evals...)
		table := c.Tables()[0]
		wantRows(t, row.why+": head", [][]string{table.Head}, [][]string{row.head})
		wantRows(t, row.why+": rows", table.Rows, row.rows)
		wantRows(t, row.why+": foot", table.Foot, row.foot)
		if html := rendered(t, c); !strings.Contains(html, row.note) {
			t.Errorf("%s: the figure does not say %q", row.why, row.note)
		}
	}
}

// Of many evaluations a figure gives the count, not a page of names.
func TestManyThatHoldOutAreCounted(t *testing.T) {
	var evals []sdt.Evaluation
	for i := range 20 {
		name := fmt.Sprintf("confusion + soft labels, λ = %d", i)
		if i < 17 {
			evals = append(evals, heldOutEvaluation(name, 0))
		} else {
			evals = append(evals, heldOutEvaluation(name))
		}
	}
	want := "* held out by 17 of the 20, as the table shows: no labelled target image in training; their mean is over these. Mean of the others: over all classes.<"
	if html := rendered(t, plots.PerClassAccuracy(evals...)); !strings.Contains(html, want) {
		t.Errorf("the figure does not say %q", want)
	}
	evals[0].HeldOut = []int{1}
	want = "* held out by at least one of 17 of the 20, as the table shows"
	if html := rendered(t, plots.PerClassAccuracy(evals...)); !strings.Contains(html, want) {
		t.Errorf("the figure does not say %q", want)
	}
}

// The axis has the same marks as the table: the mean has one only if it covers the marked classes
// for all evaluations.
func TestMeanIsMarked(t *testing.T) {
	a, b := heldOutEvaluation("A", 0), heldOutEvaluation("B")
	for _, row := range []struct {
		evals []sdt.Evaluation
		want  string
	}{
		{[]sdt.Evaluation{a}, `"value":"mean *"`}, {[]sdt.Evaluation{b}, `"value":"mean"`}, {[]sdt.Evaluation{a, b}, `"value":"mean"`},
	} {
		if option := string(plots.PerClassAccuracy(row.evals...).Option()); !strings.Contains(option, row.want) {
			t.Errorf("%d evaluations: the axis lacks %s: %s", len(row.evals), row.want, option)
		}
	}
}

// The mark of a class is explained for the evaluations that hold it out, and for no other.
func TestClassByClassSaysWhoHoldsOut(t *testing.T) {
	a, b := heldOutEvaluation("A", 0), heldOutEvaluation("B")
	for _, row := range []struct {
		why        string
		evals      []sdt.Evaluation
		want, lack string
	}{
		{"all of them", []sdt.Evaluation{a, heldOutEvaluation("C", 0)}, "* held out: no labelled target image in training.", "held out by"},
		{"one of them", []sdt.Evaluation{a, b}, "* held out by A: no labelled target image in that training.", "held out: "},
		{"none", []sdt.Evaluation{b}, "Test images of webcam that show mug.", "held out"},
	} {
		if html := rendered(t, plots.ClassByClass(row.evals...)); !strings.Contains(html, row.want) || strings.Contains(html, row.lack) {
			t.Errorf("%s: want %q, and not %q", row.why, row.want, row.lack)
		}
	}
}

// The images are counted for each evaluation if they are not the same.
func TestImagesOfEachEvaluation(t *testing.T) {
	a, more := heldOutEvaluation("A"), heldOutEvaluation("B")
	more.Labels, more.Predictions, more.Confidence = []int32{0, 0, 2}, []int32{0, 1, 2}, []float32{1, 1, 1}
	other := heldOutEvaluation("")
	other.Domain, other.Labels = "dslr", []int32{2, 2, 1}
	unnamed := heldOutEvaluation("")
	for _, row := range []struct {
		why   string
		evals []sdt.Evaluation
		head  []string
		mug   []string
	}{
		{"the same images", []sdt.Evaluation{a, heldOutEvaluation("C")}, []string{"class", "images", "A", "C"}, []string{"mug", "1", "100.0", "100.0"}},
		{"two test sets", []sdt.Evaluation{a, more}, []string{"class", "images, A", "images, B", "A", "B"}, []string{"mug", "1", "2", "100.0", "50.0"}},
		{"two domains", []sdt.Evaluation{unnamed, other}, []string{"class", "images, confusion + soft labels on webcam", "images, confusion + soft labels on dslr",
			"confusion + soft labels on webcam", "confusion + soft labels on dslr"}, []string{"mug", "1", "0", "100.0", "–"}},
	} {
		table := plots.PerClassAccuracy(row.evals...).Tables()[0]
		wantRows(t, row.why, [][]string{table.Head, table.Rows[0]}, [][]string{row.head, row.mug})
	}
}

// If only some images are available, the counts are still those of all test images.
func TestGallerySome(t *testing.T) {
	before, after := small, small
	before.Method, before.Predictions = sdt.SourceOnly, []int32{1, 0, 2, 1} // row 0 corrected, 3 broken
	for _, row := range []struct {
		why   string
		rows  []int
		shown [][]string
	}{
		{"one of those that changed", []int{3}, [][]string{{"row 3", "pen", "pen 60\u00a0%", "mug 60\u00a0%", "broken"}}},
		{"both, in another order", []int{3, 0}, [][]string{{"row 0", "mug", "pen 90\u00a0%", "mug 90\u00a0%", "corrected"}, {"row 3", "pen", "pen 60\u00a0%", "mug 60\u00a0%", "broken"}}},
		{"one that did not", []int{1}, nil},
	} {
		c := plots.GallerySome(madeUpImages(len(row.rows), 8, 8, 1), row.rows, before, after)
		wantRows(t, row.why, c.Tables()[0].Rows, row.shown)
		const want = "Of 3 test images of webcam in held-out classes: 1 corrected, 0 broken, 1 still wrong, 1 still right. Of 1 in the other classes: 0 corrected, 1 broken,"
		if html := rendered(t, c); !strings.Contains(html, want) {
			t.Errorf("%s: it does not say %q", row.why, want)
		}
	}
}

// Counts of only the reported classes would be those of one of the two.
func TestGalleryOfDifferentScopes(t *testing.T) {
	all := small
	all.HeldOut = nil
	if html := rendered(t, plots.Gallery(madeUpImages(4, 8, 8, 1), all, small)); !strings.Contains(html, "Of 4 test images of webcam: 0 corrected") {
		t.Error("evaluations that report on different classes are not counted together")
	}
}

// By hand, of five images, four of which are of the held-out mug and ruler: one right, one a
// ruler, two pens. Afterwards three are right and one is a mug. C holds out only the pen, whose
// one image is a ruler; D holds out the spoon, of which there is no image.
func TestHeldOutMistakes(t *testing.T) {
	before := sdt.Evaluation{Name: "A", Domain: "webcam", Classes: []string{"mug", "pen", "ruler", "spoon"}, HeldOut: []int{0, 2},
		Labels: []int32{0, 0, 2, 2, 1}, Predictions: []int32{0, 2, 1, 1, 2}, Confidence: make([]float32, 5)}
	after, pen, spoon := before, before, before
	after.Name, after.Predictions = "B", []int32{0, 0, 2, 0, 2}
	pen.Name, pen.HeldOut = "C", []int{1}
	spoon.Name, spoon.HeldOut = "D", []int{3}
	c := plots.HeldOutMistakes(before, after, pen, spoon)
	wantRows(t, "shares", c.Tables()[0].Rows, [][]string{{"A", "4", "25.0", "25.0", "50.0"}, {"B", "4", "75.0", "25.0", "0.0"}, {"C", "1", "0.0", "0.0", "100.0"}, {"D", "0", "–", "–", "–"}})
	var o struct {
		YAxis  []struct{ Data []string }
		Series []struct{ Data []struct{ Value any } }
	}
	if err := json.Unmarshal(c.Option(), &o); err != nil {
		t.Fatal(err)
	}
	var pieces [2][]any
	for i, s := range o.Series {
		for _, d := range s.Data {
			pieces[i] = append(pieces[i], d.Value)
		}
	}
	if want := [2][]any{{25., 25., 0., "-"}, {50., 0., 100., "-"}}; !reflect.DeepEqual(pieces, want) {
		t.Errorf("the pieces of the bars are %v, want %v", pieces, want)
	}
	if want := []string{"A, 25.0\u00a0%\u00a0right", "B, 75.0\u00a0%\u00a0right", "C, 0.0\u00a0%\u00a0right", "D"}; !slices.Equal(o.YAxis[0].Data, want) {
		t.Errorf("the bars are named %q, want %q", o.YAxis[0].Data, want)
	}
	for _, row := range []struct {
		evals []sdt.Evaluation
		want  string
	}{
		{[]sdt.Evaluation{before, after}, "Test images of webcam in 2 held-out classes: no labelled target image in training."},
		{[]sdt.Evaluation{before, pen}, "Test images of webcam in the classes that each holds out: no labelled target image in training."},
	} {
		if html := rendered(t, plots.HeldOutMistakes(row.evals...)); !strings.Contains(html, row.want) {
			t.Errorf("the figure does not say %q", row.want)
		}
	}
}
