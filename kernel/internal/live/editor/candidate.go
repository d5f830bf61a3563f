package editor

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Candidate is one text that could stand at a place.
type Candidate struct {
	Text      string
	Type      string // function, type, variable, field, method, package, keyword or constant
	Signature string // parameters and results of a function, the type of a value
}

// ranked is a candidate with its rank among the others: lower ranks come first.
type ranked struct {
	Candidate
	rank int
}

// Ranks of names.
const (
	rankField = iota
	rankCell
	rankSession
	rankUsedPackage
	rankPackage
	rankUniverse
	rankKeyword
)

// matching returns the candidates that begin as typed, sorted.
func matching(all []ranked, typed string, anywhere bool) []Candidate {
	seen := map[string]bool{}
	kept := all[:0]
	for _, r := range all {
		if seen[r.Text] || !anywhere && !hasPrefixFold(r.Text, typed) {
			continue
		}
		seen[r.Text] = true
		if !strings.HasPrefix(r.Text, typed) {
			r.rank += 100
		}
		kept = append(kept, r)
	}
	slices.SortStableFunc(kept, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)), strings.Compare(a.Text, b.Text))
	})
	var matches []Candidate
	for _, r := range kept {
		matches = append(matches, r.Candidate)
	}
	return matches
}

// hasPrefixFold is strings.HasPrefix ignoring case.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// candidate describes an object.
func candidate(o types.Object) Candidate {
	c := Candidate{Text: o.Name()}
	switch o := o.(type) {
	case *types.Func:
		c.Type = "function"
		if o.Signature().Recv() != nil {
			c.Type = "method"
		}
		c.Signature = strings.TrimPrefix(types.TypeString(o.Type(), shortly), "func")
	case *types.Var:
		c.Type = "variable"
		if o.IsField() {
			c.Type = "field"
		}
		c.Signature = types.TypeString(o.Type(), shortly)
	case *types.Const:
		c.Type = "constant"
		c.Signature = types.TypeString(o.Type(), shortly)
	case *types.Nil:
		c.Type = "constant"
	case *types.TypeName:
		c.Type = "type"
	case *types.PkgName:
		c.Type, c.Signature = "package", o.Imported().Path()
	case *types.Builtin:
		c.Type = "function"
	}
	return c
}

// ofThing describes a thing of the session.
func ofThing(t *program.Thing) Candidate {
	c := Candidate{Text: t.Name, Type: map[program.Class]string{program.Function: "function", program.Type: "type", program.Constant: "constant", program.Variable: "variable"}[t.Class]}
	switch t.Class {
	case program.Function:
		c.Signature = strings.TrimPrefix(t.Text, "func "+t.Name)
	case program.Variable:
		c.Signature = strings.TrimPrefix(t.Text, "var "+t.Name+" ")
	}
	return c
}
