package plots

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// Outcome says how the prediction for a test image changed between two evaluations.
type Outcome int

const (
	Corrected  Outcome = iota // wrong before, right after
	Broken                    // right before, wrong after
	StillWrong                // wrong before and after
	StillRight                // right before and after
)

// String returns the outcome's name as galleries show it.
func (o Outcome) String() string {
	if o < 0 || o > StillRight {
		return fmt.Sprintf("Outcome(%d)", int(o))
	}
	return [...]string{"corrected", "broken", "still wrong", "still right"}[o]
}

// galleryCorrected and galleryBroken are how many of each a gallery chooses.
const galleryCorrected, galleryBroken = 16, 8

// Outcomes returns the outcome for each test image, [n]. It panics unless both evaluations are
// of the same test images (see [sdt.Evaluation.SameTest]), with a prediction for each.
func Outcomes(before, after sdt.Evaluation) []Outcome {
	if !slices.Equal(before.Labels, after.Labels) {
		panic(fmt.Sprintf("plots.Outcomes: the evaluations of %v and %v have different labels, want the same test images", before.Method, after.Method))
	}
	if !before.SameTest(after) {
		panic(fmt.Sprintf("plots.Outcomes: the evaluations of %v and %v have equal labels but different test images, want the same (see sdt.Evaluation.SameTest)", before.Method, after.Method))
	}
	if n := len(before.Labels); len(before.Predictions) != n || len(after.Predictions) != n {
		panic(fmt.Sprintf("plots.Outcomes: %d predictions before and %d after, want %d, one for each label", len(before.Predictions), len(after.Predictions), n))
	}
	out := make([]Outcome, len(before.Labels))
	for i, y := range before.Labels {
		switch was, is := before.Predictions[i] == y, after.Predictions[i] == y; {
		case is && !was:
			out[i] = Corrected
		case was && !is:
			out[i] = Broken
		case !was:
			out[i] = StillWrong
		default:
			out[i] = StillRight
		}
	}
	return out
}

// Gallery shows test images with their true class, the class predicted before and the class
// predicted after, each with its confidence. It shows the given rows or, without rows, up to 16
// images that were corrected and up to 8 that were broken, the most confident of each class
// first, taking the classes in turn. Large images are reduced, small ones enlarged without
// smoothing.
//
// images are the test examples of both evaluations: pixels of shape {h, w, 1} or {h, w, 3}. It
// panics if they hold features, if their count or that of their names is wrong, if a row is not
// among them, if an evaluation does not have a confidence for each label, or if the evaluations
// contradict themselves or one another as described at [PerClassAccuracy] and [Outcomes].
func Gallery(images sdt.Examples, before, after sdt.Evaluation, rows ...int) Chart {
	checkChange("Gallery", images, before, after)
	if images.Len() != len(after.Labels) {
		panic(fmt.Sprintf("plots.Gallery: %d images, want %d as in the evaluations", images.Len(), len(after.Labels)))
	}
	for _, i := range rows {
		if i < 0 || i >= images.Len() {
			panic(fmt.Sprintf("plots.Gallery: row %d is not among the %d images", i, images.Len()))
		}
	}
	at := make([]int, images.Len())
	for i := range at {
		at[i] = i
	}
	return gallery(images, at, before, after, rows)
}

// GallerySome is [Gallery] if only some of the test images are available, such as those that
// [sdt.Run.Mistakes] returns: images holds them, and rows gives the test example of each. It
// counts the outcomes of all test examples, and chooses what it shows from the available
// images.
//
// It panics as Gallery does, and unless each image has its own row.
func GallerySome(images sdt.Examples, rows []int, before, after sdt.Evaluation) Chart {
	checkChange("GallerySome", images, before, after)
	if len(rows) != images.Len() {
		panic(fmt.Sprintf("plots.GallerySome: %d rows, want %d, one for each image", len(rows), images.Len()))
	}
	for at, i := range rows {
		if i < 0 || i >= len(after.Labels) {
			panic(fmt.Sprintf("plots.GallerySome: row %d is not among the %d of the evaluations", i, len(after.Labels)))
		}
		if slices.Contains(rows[:at], i) {
			panic(fmt.Sprintf("plots.GallerySome: row %d occurs twice", i))
		}
	}
	return gallery(images, rows, before, after, nil)
}

// checkChange panics unless both evaluations have the same classes and are complete, as the
// images must be.
func checkChange(caller string, images sdt.Examples, before, after sdt.Evaluation) {
	evals := []sdt.Evaluation{before, after}
	checkEvaluations(caller, evals)
	for _, e := range evals {
		if len(e.Confidence) != len(e.Labels) {
			panic(fmt.Sprintf("plots.%s: %s has %d confidences, want %d, one for each label", caller, evaluationName(e), len(e.Confidence), len(e.Labels)))
		}
	}
	checkImages(caller, images)
}

// gallery shows the images of the given rows of the test examples, or chooses from those
// available; at holds the row of each image.
func gallery(images sdt.Examples, at []int, before, after sdt.Evaluation, rows []int) Chart {
	outcomes := Outcomes(before, after)
	if rows == nil {
		rows = append(chosen(outcomes, at, Corrected, after, galleryCorrected), chosen(outcomes, at, Broken, after, galleryBroken)...)
	}
	names := distinct([]string{evaluationName(before), evaluationName(after)})
	t := Table{Caption: "Images shown", Head: []string{"image", "true class", "before", "after", "outcome"}, Text: []int{1, 2, 3, 4}}
	tiles := []tile{}
	for _, i := range rows {
		image, name := slices.Index(at, i), fmt.Sprintf("row %d", i)
		if images.Names != nil {
			name = images.Names[image]
		}
		p := tile{Name: name, True: before.Classes[before.Labels[i]], Outcome: outcomes[i], Source: thumbnail(images, image),
			Before: prediction(before, i), After: prediction(after, i)}
		tiles = append(tiles, p)
		t.Rows = append(t.Rows, []string{name, p.True, p.Before.String(), p.After.String(), p.Outcome.String()})
	}
	c := Chart{title: fmt.Sprintf("What changed from %s to %s", isolate(names[0]), isolate(names[1])), tables: []Table{t}}
	c.subtitle = outcomeText(outcomes, before, after, isolate(images.Domain)) + fmt.Sprintf(" Shown: %d.", len(rows))
	c.summary = c.subtitle
	var b bytes.Buffer
	if err := galleryHTML.Execute(&b, struct {
		Summary string
		Tiles   []tile
	}{c.title, tiles}); err != nil {
		panic(fmt.Sprintf("plots.Gallery: %v", err)) // a buffer and strings cannot fail
	}
	c.html = template.HTML(b.String())
	return c
}

// outcomeText counts outcomes: those of the reported classes, which the accuracy covers, and
// separately those of the others; or all together if the evaluations report on different
// classes.
func outcomeText(outcomes []Outcome, before, after sdt.Evaluation, domain string) string {
	var reported, others [4]int
	alike := len(scopesOf([]sdt.Evaluation{before, after})) == 1
	for i, o := range outcomes {
		if !alike || slices.Contains(after.Reported(), int(after.Labels[i])) {
			reported[o]++
		} else {
			others[o]++
		}
	}
	count := func(n [4]int) string {
		return fmt.Sprintf("%d corrected, %d broken, %d still wrong, %d still right",
			n[Corrected], n[Broken], n[StillWrong], n[StillRight])
	}
	total := func(n [4]int) int { return n[0] + n[1] + n[2] + n[3] }
	images := func(n int) string { return counted(n, "test image", "test images") }
	if total(others) == 0 {
		return fmt.Sprintf("Of %s of %s: %s.", images(total(reported)), domain, count(reported))
	}
	return fmt.Sprintf("Of %s of %s in held-out classes: %s. Of %d in the other classes: %s.",
		images(total(reported)), domain, count(reported), total(others), count(others))
}

// chosen returns up to n of the rows with the wanted outcome: the most confident of each class,
// then the second of each, and so on; within a round by confidence.
func chosen(outcomes []Outcome, from []int, want Outcome, after sdt.Evaluation, n int) []int {
	rows := []int{}
	for _, i := range from {
		if outcomes[i] == want {
			rows = append(rows, i)
		}
	}
	byConfidence := func(a, b int) int { return cmp.Compare(after.Confidence[b], after.Confidence[a]) }
	slices.SortStableFunc(rows, byConfidence)
	round, seen := make(map[int]int), make(map[int32]int)
	for _, i := range rows {
		round[i] = seen[after.Labels[i]]
		seen[after.Labels[i]]++
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Or(cmp.Compare(round[a], round[b]), byConfidence(a, b)) })
	return rows[:min(n, len(rows))]
}

// guess is a predicted class and the network's confidence in it.
type guess struct {
	Class, Confidence string
}

func (g guess) String() string { return isolate(g.Class) + " " + g.Confidence }

func prediction(e sdt.Evaluation, i int) guess {
	sure := dash
	if share := float64(e.Confidence[i]); finite(share) {
		sure = figure(100*share, 0) + "\u00a0%"
	}
	return guess{e.Classes[e.Predictions[i]], sure}
}
