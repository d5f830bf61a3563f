package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/sdtlab/sdtlab/sdt"
)

// heldOutMark follows the name of a class that has no labelled target image.
const heldOutMark = " *"

// evaluationNames names evaluations that have no name of their own by method; by method
// and domain where that is not enough, and by number where nothing is.
func evaluationNames(evals []sdt.Evaluation) []string {
	names := make([]string, len(evals))
	for i, e := range evals {
		names[i] = evaluationName(e)
	}
	if repeats(names) && slices.ContainsFunc(evals, func(e sdt.Evaluation) bool { return e.Domain != evals[0].Domain }) {
		for i, e := range evals {
			names[i] += " on " + e.Domain
		}
	}
	return distinct(names)
}

// evaluationName is the name of one evaluation by itself.
func evaluationName(e sdt.Evaluation) string { return cmp.Or(e.Name, e.Method.String()) }

// repeats reports whether a name occurs twice.
func repeats(names []string) bool {
	return len(slices.Compact(slices.Sorted(slices.Values(names)))) < len(names)
}

// distinct numbers the second and later occurrences of a name, so that a chart
// can tell its series apart.
func distinct(names []string) []string {
	seen := make(map[string]int)
	out := make([]string, len(names))
	for i, name := range names {
		seen[name]++
		if out[i] = name; seen[name] > 1 {
			out[i] = fmt.Sprintf("%s (%d)", name, seen[name])
		}
	}
	return out
}

// heldOut returns which of the K classes any of the evaluations held out.
func heldOut(evals []sdt.Evaluation) []bool {
	held := make([]bool, len(evals[0].Classes))
	for _, e := range evals {
		for _, k := range e.HeldOut {
			held[k] = true
		}
	}
	return held
}

// isolate keeps a name written from right to left from reordering the words
// around it, with U+2068 and U+2069.
func isolate(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool {
		return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Bidi_Control)
	}) {
		return "\u2068" + name + "\u2069"
	}
	return name
}
