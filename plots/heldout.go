package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// heldOutMark follows the name of a class that has no labelled target image.
const heldOutMark = " *"

// scope is a set of classes that some evaluations report on.
type scope struct {
	held  []int // the classes that they hold out, ascending, each once; nil: they report on all
	evals []int // which evaluations
}

// scopesOf returns what evaluations report on, in the order of first occurrence.
func scopesOf(evals []sdt.Evaluation) []scope {
	var all []scope
	for i, e := range evals {
		held := slices.Compact(slices.Sorted(slices.Values(e.HeldOut)))
		if held == nil && e.HeldOut != nil {
			held = []int{}
		}
		at := slices.IndexFunc(all, func(s scope) bool { return slices.Equal(s.held, held) && (s.held == nil) == (held == nil) })
		if at < 0 {
			at, all = len(all), append(all, scope{held: held})
		}
		all[at].evals = append(all[at].evals, i)
	}
	return all
}

// heldOut returns which of the K classes at least one of the evaluations holds out.
func heldOut(evals []sdt.Evaluation) []bool {
	held := make([]bool, len(evals[0].Classes))
	for _, e := range evals {
		for _, k := range e.HeldOut {
			held[k] = true
		}
	}
	return held
}

// heldOutBy returns which of the evaluations hold out class k.
func heldOutBy(scopes []scope, k int) []int {
	var by []int
	for _, s := range scopes {
		if slices.Contains(s.held, k) {
			by = append(by, s.evals...)
		}
	}
	slices.Sort(by)
	return by
}

// mostListed is how many evaluations are named in a sentence; more are counted.
const mostListed = 6

// listed names some of the evaluations in a sentence, or counts them: "17 of the 20".
func listed(names []string, which []int) string {
	if len(which) > mostListed {
		return fmt.Sprintf("%d of the %d", len(which), len(names))
	}
	var some []string
	for _, i := range which {
		some = append(some, isolate(names[i]))
	}
	return strings.Join(some, ", ")
}

// classes names the classes that a scope's mean covers; scopes are all of them.
func (s scope) classes(scopes []scope, names []string) string {
	several := len(slices.DeleteFunc(slices.Clone(scopes), func(s scope) bool { return s.held == nil })) > 1
	switch {
	case len(scopes) == 1 && s.held == nil:
		return "classes"
	case s.held == nil:
		return "all classes"
	case several:
		return "classes held out by " + listed(names, s.evals)
	}
	return "held-out classes"
}

// images names the images that a scope's accuracy covers.
func (s scope) images(classes string) string {
	switch classes {
	case "held-out classes":
		return "held-out images"
	case "classes", "all classes":
		return "all images"
	}
	return "images of " + classes
}

// heldOutNote says what the mark means, and what each mean covers; it is empty if no class is
// held out.
func heldOutNote(scopes []scope, names []string) string {
	var holders []int
	all, sets := "", 0
	for _, s := range scopes {
		if s.held == nil {
			all = fmt.Sprintf(" Mean of %s: over all classes.", listed(names, s.evals))
			continue
		}
		holders, sets = append(holders, s.evals...), sets+1
	}
	slices.Sort(holders)
	switch {
	case sets == 0:
		return ""
	case len(scopes) == 1:
		return " * held out: no labelled target image in training; the mean is over these."
	case sets == 1 && len(names) > mostListed:
		return fmt.Sprintf(" * held out by %s, as the table shows: no labelled target image in training; their mean is over these. Mean of the others: over all classes.", listed(names, holders))
	case sets == 1:
		return fmt.Sprintf(" * held out by %s: no labelled target image in training. Mean of %[1]s: over these.", listed(names, holders)) + all
	}
	return fmt.Sprintf(" * held out by at least one of %s, as the table shows: no labelled target image in that training. The mean of each of these is over its own held-out classes.", listed(names, holders)) + all
}
