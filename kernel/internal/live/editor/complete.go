package editor

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Completion is the list of texts that could stand at a place of a cell, in place of the
// bytes from Start to End, the likeliest first.
type Completion struct {
	Matches    []Candidate
	Start, End int
}

// Complete returns the ways in which the name before the byte at cursor could continue:
// names in scope, members of the expression before a dot, fields in a struct literal,
// import paths. Names that begin as typed come first, then those that differ in case;
// within each group, the cell's own names come first, then the session's, packages, and
// Go's.
//
// The cell may be incomplete. Nothing is run, and the session does not change. The first
// use of a package reads its compiled form, which takes milliseconds.
func (e *Editor) Complete(p *program.Program, code string, cursor int) (c Completion) {
	defer func() {
		if recover() != nil { // the checker expects code that parses
			c.Matches = nil
		}
	}()
	return (&question{Editor: e, program: p}).complete(findCursor(code, cursor))
}

func (s *question) complete(c cursor) Completion {
	result := Completion{Start: c.start, End: c.end}
	var all []ranked
	switch c.region {
	case inImport:
		all = s.importPaths(c.code[c.start:c.at])
	case inCode:
		all = s.names(&c)
	}
	typed := c.code[c.start:c.at]
	result.Matches = matching(all, typed, c.region == inImport)
	return result
}

// importPaths returns the import paths that begin as typed, or with an element that does.
func (s *question) importPaths(typed string) []ranked {
	var all []ranked
	for path := range s.program.Imports.Packages() {
		rank := rankUsedPackage
		if !strings.HasPrefix(path, typed) {
			i := strings.LastIndex(path, "/"+typed)
			if i < 0 {
				continue
			}
			rank = rankPackage + strings.Count(path[i+1+len(typed):], "/")
		}
		all = append(all, ranked{Candidate{Text: path, Type: "package"}, rank})
	}
	return all
}

// names returns what could stand at a cursor in code.
func (s *question) names(c *cursor) []ranked {
	code, all, here := c.repaired(cell.Placeholder)
	sk := s.sketch(code, all, here)
	if sk == nil {
		return nil
	}
	path := sk.path(c.start + 1)
	if n := len(path); n >= 2 {
		id, _ := path[n-1].(*ast.Ident)
		switch parent := path[n-2].(type) {
		case *ast.SelectorExpr:
			if parent.Sel == id {
				return s.members(sk, parent.X)
			}
		case *ast.CompositeLit:
			if parent.Type != id {
				fields, only := fieldsOf(sk, parent)
				if only {
					return fields
				}
				return append(fields, s.inScope(sk, c, all[here].Kind)...)
			}
		}
	}
	if c.isMember() {
		return nil
	}
	return s.inScope(sk, c, all[here].Kind)
}

// inScope returns the names with a meaning at the cursor.
func (s *question) inScope(sk *sketch, c *cursor, kind cell.Kind) []ranked {
	typed := c.code[c.start:c.at]
	var all []ranked
	seen := map[string]bool{}
	add := func(o types.Object, rank int) {
		of := candidate(o)
		of.Text = strings.TrimSuffix(of.Text, mark.Version("", sk.Unit)) // declared by the cell itself
		if of.Text != "_" && !strings.Contains(of.Text, mark.Letter) {
			seen[of.Text] = true
			all = append(all, ranked{of, rank})
		}
	}
	inner, pos := sk.scopeAt(c.start, kind == cell.Instructing)
	for scope := inner; scope != nil; scope = scope.Parent() {
		for _, name := range scope.Names() {
			if seen[name] {
				continue
			}
			at, o := inner.LookupParent(name, pos)
			if o == nil {
				continue
			}
			_, ok := o.(*types.PkgName)
			if !ok && o.Pkg() != sk.Package && s.program.Lookup(name) != nil && !sk.Named[name] {
				continue // shadowed by a thing of the session
			}
			seen[name] = true
			switch {
			case at == types.Universe:
				add(o, rankUniverse)
			case ok:
				add(o, rankUsedPackage)
			case at == sk.Package.Scope() && !sk.Declares(name):
				add(o, rankSession)
			default:
				add(o, rankCell)
			}
		}
	}
	for _, t := range s.program.Things() {
		if !seen[t.Name] {
			seen[t.Name] = true
			all = append(all, ranked{ofThing(t), rankSession})
		}
	}
	for name, path := range sk.Imports.Named() {
		all = append(all, ranked{Candidate{name, "package", path}, rankUsedPackage})
	}
	if typed == "" {
		return all
	}
	for path, name := range s.program.Imports.Packages() {
		if hasPrefixFold(name, typed) && !seen[name] {
			all = append(all, ranked{Candidate{name, "package", path}, rankPackage})
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { // of packages with the same name, the likeliest is kept
		if a.rank != rankPackage || b.rank != rankPackage {
			return cmp.Compare(a.rank, b.rank)
		}
		return strings.Compare(program.Likelihood(a.Signature), program.Likelihood(b.Signature))
	})
	for t := token.BREAK; t <= token.VAR; t++ {
		all = append(all, ranked{Candidate{Text: t.String(), Type: "keyword"}, rankKeyword})
	}
	return all
}
