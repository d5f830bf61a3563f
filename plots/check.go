package plots

import (
	"fmt"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// checkEvaluations panics if an evaluation contradicts itself, or has other classes than the
// first.
func checkEvaluations(caller string, evals []sdt.Evaluation) {
	if len(evals) == 0 {
		panic("plots." + caller + ": no evaluations")
	}
	for i, e := range evals {
		which := fmt.Sprintf("plots.%s: evaluation %d (%s)", caller, i, evaluationName(e))
		if !slices.Equal(e.Classes, evals[0].Classes) {
			panic(fmt.Sprintf("%s has classes %q, want %q as in evaluation 0", which, e.Classes, evals[0].Classes))
		}
		if len(e.Predictions) != len(e.Labels) {
			panic(fmt.Sprintf("%s has %d predictions, want %d, one for each label", which, len(e.Predictions), len(e.Labels)))
		}
		checkClasses(which+" has label", e.Labels, len(e.Classes))
		checkClasses(which+" has prediction", e.Predictions, len(e.Classes))
		checkClasses(which+" holds out class", e.HeldOut, len(e.Classes))
	}
}

// checkClasses panics unless each number is that of one of k classes.
func checkClasses[T int | int32](what string, numbers []T, k int) {
	for at, n := range numbers {
		if n < 0 || int(n) >= k {
			panic(fmt.Sprintf("%s %d at index %d, want one of %d classes", what, n, at, k))
		}
	}
}

// checkImages panics unless examples are complete images, with a name for each or none.
func checkImages(caller string, e sdt.Examples) {
	if e.Pixels == nil || len(e.Shape) != 3 || e.Size() < 1 || e.Shape[0] < 1 || e.Shape[1] < 1 || e.Shape[2] != 1 && e.Shape[2] != 3 {
		panic(fmt.Sprintf("plots.%s: examples of %q have shape %v, want pixels {h, w, 1} or {h, w, 3}", caller, e.Domain, e.Shape))
	}
	if len(e.Pixels)%e.Size() != 0 {
		panic(fmt.Sprintf("plots.%s: %d pixels of %q, want a multiple of %d, the size of an image", caller, len(e.Pixels), e.Domain, e.Size()))
	}
	if e.Names != nil && len(e.Names) != e.Len() {
		panic(fmt.Sprintf("plots.%s: %d names for %d examples of %q", caller, len(e.Names), e.Len(), e.Domain))
	}
}

// checkRuns panics if a run has no stage; [sdt.ReadRuns] returns no such run.
func checkRuns(caller string, runs []sdt.Run) {
	for i, r := range runs {
		if len(r.Stages) == 0 {
			panic(fmt.Sprintf("plots.%s: run %d, from %q, has no stage", caller, i, r.Dir))
		}
	}
}
