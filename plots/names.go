package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"

	"github.com/sdtlab/sdtlab/sdt"
)

// evaluationNames names evaluations that have no name of their own by method; if that is
// ambiguous, by method and domain; and if that is too, by number.
func evaluationNames(evals []sdt.Evaluation) []string {
	names := make([]string, len(evals))
	for i, e := range evals {
		names[i] = evaluationName(e)
	}
	if repeats(names) && slices.ContainsFunc(evals, func(e sdt.Evaluation) bool { return e.Domain != evals[0].Domain }) {
		for i, e := range evals {
			names[i] = isolate(names[i]) + " on " + isolate(e.Domain)
		}
	}
	return distinct(names)
}

// evaluationName returns the name of a single evaluation.
func evaluationName(e sdt.Evaluation) string { return cmp.Or(e.Name, e.Method.String()) }

// repeats reports whether a name occurs twice.
func repeats(names []string) bool {
	return len(slices.Compact(slices.Sorted(slices.Values(names)))) < len(names)
}

// distinct numbers the second and later occurrences of a name, so that a chart can tell its
// series apart.
func distinct(names []string) []string {
	taken := make(map[string]bool)
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = name
		for n := 2; taken[out[i]]; n++ { // "mug", "mug" and a class named "mug (2)"
			out[i] = fmt.Sprintf("%s (%d)", isolate(name), n)
		}
		taken[out[i]] = true
	}
	return out
}

// isolate keeps a name written from right to left from reordering the words around it, with
// U+2068 and U+2069. Unmatched marks of this kind within the name are made visible, because
// they would end the isolation or keep it from ending.
func isolate(name string) string {
	if depth, closed := 0, true; strings.ContainsFunc(name, isIsolate) {
		for _, r := range name {
			switch {
			case r == '\u2069':
				depth--
				closed = closed && depth >= 0
			case isIsolate(r):
				depth++
			}
		}
		if !closed || depth > 0 {
			name = strings.Map(func(r rune) rune {
				if isIsolate(r) {
					return utf8.RuneError
				}
				return r
			}, name)
		}
	}
	if strings.ContainsFunc(name, func(r rune) bool {
		p, _ := bidi.LookupRune(r)
		class := p.Class()
		return class == bidi.R || class == bidi.AL || class == bidi.AN
	}) {
		return "\u2068" + name + "\u2069"
	}
	return name
}

// isIsolate reports whether r begins or ends isolated text.
func isIsolate(r rune) bool { return r >= '\u2066' && r <= '\u2069' }
