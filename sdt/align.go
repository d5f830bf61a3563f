package sdt

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Alignment says how the class names of two domains are matched.
type Alignment struct {
	// Map renames target classes to source classes: "back_pack" → "backpack".
	Map map[string]string
	// Partial allows classes that only one domain has. The source's remain outputs of the
	// classifier; target examples of classes that the source lacks are dropped, since nothing
	// could learn them.
	Partial bool
}

// AlignmentError lists the classes that keep two domains from sharing a classifier.
type AlignmentError struct {
	Source, Target         string   // names of the domains
	OnlySource, OnlyTarget []string // classes that the other domain lacks
	Reordered              bool     // the same classes, in another order
}

// Error names every class that does not match, and says what to do. It suggests a Map for
// names that differ only in case, spaces or "_", and for a single class on either side.
// Names that look the same, being one text in two Unicode forms, are spelled out.
func (e *AlignmentError) Error() string {
	if e.Reordered {
		return fmt.Sprintf("classes of %q and %q are the same but in another order: call sdt.Align", e.Source, e.Target)
	}
	var parts []string
	for _, side := range []struct {
		domain  string
		classes []string
	}{{e.Source, e.OnlySource}, {e.Target, e.OnlyTarget}} {
		if len(side.classes) > 0 {
			parts = append(parts, fmt.Sprintf("only %q has %s", side.domain, quoted(side.classes)))
		}
	}
	var alike []string
	for _, s := range e.OnlySource {
		for _, t := range e.OnlyTarget {
			if norm.NFC.String(s) == norm.NFC.String(t) {
				parts = append(parts, fmt.Sprintf("%s and %s are one name in two forms of Unicode", strconv.QuoteToASCII(s), strconv.QuoteToASCII(t)))
			} else if letters(s) != "" && letters(s) == letters(t) {
				alike = append(alike, fmt.Sprintf("%q: %q", t, s))
			}
		}
	}
	text := "classes do not match: " + strings.Join(parts, "; ") + ": set "
	switch {
	case len(alike) > 0:
		text += "Align.Map, target name: source name (these look alike: Map: map[string]string{" + strings.Join(alike, ", ") + "}), or "
	case len(e.OnlySource) == 1 && len(e.OnlyTarget) == 1:
		quote := strconv.Quote
		if norm.NFC.String(e.OnlySource[0]) == norm.NFC.String(e.OnlyTarget[0]) {
			quote = strconv.QuoteToASCII
		}
		text += fmt.Sprintf("Align.Map (target name: source name, such as {%s: %s}), or ", quote(e.OnlyTarget[0]), quote(e.OnlySource[0]))
	case len(e.OnlySource) > 0 && len(e.OnlyTarget) > 0:
		text += `Align.Map (target name: source name, such as {"notebook PC": "laptop"}), or `
	}
	return text + "Align.Partial to drop them"
}

// letters returns what two spellings of a name have in common: its letters, marks and
// digits, in one Unicode form, ignoring case, spaces and what separates words.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFC.String(name))
}

// quoted lists names, with characters that do not print escaped.
func quoted(names []string) string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = strconv.Quote(name)
	}
	return strings.Join(all, ", ")
}

// mismatch describes how the class lists of two label sets differ.
func mismatch(source, target Labelled) *AlignmentError {
	e := &AlignmentError{
		Source:     source.Domain,
		Target:     target.Domain,
		OnlySource: without(source.Classes, target.Classes),
		OnlyTarget: without(target.Classes, source.Classes),
	}
	e.Reordered = len(e.OnlySource)+len(e.OnlyTarget) == 0
	return e
}

// without returns the names that are not among others.
func without(names, others []string) (left []string) {
	for _, name := range names {
		if !slices.Contains(others, name) {
			left = append(left, name)
		}
	}
	return left
}

// Align returns target's examples relabelled with source's classes, in source's order,
// after renaming by a.Map. Classes that do not match are an [*AlignmentError] unless
// a.Partial allows them. A name in a.Map that is not a class is always an error, and so are
// two classes mapped to one name.
func Align(source, target Labelled, a Alignment) (Labelled, error) {
	renamed := target
	renamed.Classes = slices.Clone(target.Classes)
	for _, from := range slices.Sorted(maps.Keys(a.Map)) {
		k := slices.Index(target.Classes, from)
		if k < 0 {
			return Labelled{}, fmt.Errorf("align: %w", notOfTarget(from, a.Map[from], source, target))
		}
		renamed.Classes[k] = a.Map[from]
	}
	if a.Map != nil {
		if err := sameName(target, renamed.Classes); err != nil {
			return Labelled{}, fmt.Errorf("align: %w", err)
		}
	}
	if err := renamed.Validate(); err != nil {
		return Labelled{}, fmt.Errorf("align: %w", err)
	}
	if e := mismatch(source, renamed); !e.Reordered && !a.Partial {
		return Labelled{}, fmt.Errorf("align: %w", e)
	}
	var rows []int
	var labels []int32
	for i, y := range renamed.Labels {
		if k := slices.Index(source.Classes, renamed.Classes[y]); k >= 0 {
			rows, labels = append(rows, i), append(labels, int32(k))
		}
	}
	if len(rows) == 0 {
		return Labelled{}, fmt.Errorf("align: %q and %q share no class that has examples", source.Domain, target.Domain)
	}
	out := renamed.Rows(rows)
	out.Classes, out.Labels = slices.Clone(source.Classes), labels
	return out, nil
}

// notOfTarget returns the error for an entry of a Map that does not name a target class.
func notOfTarget(from, to string, source, target Labelled) error {
	switch {
	case !slices.Contains(source.Classes, from):
		return fmt.Errorf("Align.Map names %q, which is not a class of %q", from, target.Domain)
	case slices.Contains(target.Classes, to):
		return fmt.Errorf("Align.Map names %q, which is a class of %q, not of %q: write target name: source name, {%q: %q}", from, source.Domain, target.Domain, to, from)
	}
	return fmt.Errorf("Align.Map names %q, which is a class of %q, not of %q: write target name: source name", from, source.Domain, target.Domain)
}

// sameName returns an error if a Map gives two of the target's classes the same name.
func sameName(target Labelled, renamed []string) error {
	for k, name := range renamed {
		if j := slices.Index(renamed[:k], name); j >= 0 && target.Classes[j] != target.Classes[k] {
			return fmt.Errorf("Align.Map gives the classes %q and %q of %q the same name, %q: give each its own", target.Classes[j], target.Classes[k], target.Domain, name)
		}
	}
	return nil
}
