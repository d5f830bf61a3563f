package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// parametersTag marks the cell with the values that a notebook is executed with, as in
// papermill.
const parametersTag = "parameters"

// variable is a variable or constant that the parameters cell declares on a line of its own,
// with a literal, a duration or a list of strings: a value that can be replaced.
type variable struct {
	name     string
	kind     kind
	declared string // its type, if the line says it
	value    string // Go code; empty if the line leaves it out: var names []string
	cell     *nbformat.Cell
	at       int // of the value in the cell's source
}

// The lines that may declare a variable: alone, or within the parentheses that one opens.
var (
	declaration = regexp.MustCompile(`^(?:var|const) [\pL_]`)
	opening     = regexp.MustCompile(`^(?:var|const) \(\s*$`)
)

// variables returns the variables of a notebook's parameters cells.
func variables(nb *nbformat.Notebook) (all []variable) {
	for _, c := range nb.Cells {
		if c.Type != nbformat.Code || !c.Tagged(parametersTag) {
			continue
		}
		at, block := 0, ""
		for line := range strings.Lines(c.Source) {
			switch {
			case opening.MatchString(line):
				block, _, _ = strings.Cut(line, "(")
			case strings.HasPrefix(line, ")"):
				block = ""
			case block != "" || declaration.MatchString(line):
				if v, ok := variableIn(block, line); ok {
					v.cell, v.at = c, v.at+at
					all = append(all, v)
				}
			}
			at += len(line)
		}
	}
	return all
}

// variableIn returns the variable that a line declares, if there is one, with at from the
// line's start. block is "var " or "const " within parentheses.
func variableIn(block, line string) (v variable, ok bool) {
	before := "package p; " + block
	f, err := parser.ParseFile(token.NewFileSet(), "", before+line, parser.SkipObjectResolution)
	if err != nil || len(f.Decls) != 1 {
		return v, false
	}
	d, ok := f.Decls[0].(*ast.GenDecl)
	if !ok || len(d.Specs) != 1 {
		return v, false
	}
	spec, ok := d.Specs[0].(*ast.ValueSpec)
	if !ok || len(spec.Names) != 1 || len(spec.Values) > 1 || len(spec.Values) == 0 && spec.Type == nil {
		return v, false
	}
	span := func(n ast.Node) (code string, start, end int) {
		start, end = int(n.Pos())-1-len(before), int(n.End())-1-len(before)
		return line[start:end], start, end
	}
	v.name = spec.Names[0].Name
	if spec.Type != nil {
		v.declared, _, v.at = span(spec.Type)
		v.kind = kindOfType(v.declared)
	}
	if len(spec.Values) == 1 {
		v.value, v.at, _ = span(spec.Values[0])
		of := kindOfValue(spec.Values[0])
		if isNil := v.kind == list && v.value == "nil"; v.kind == none || of == none && !isNil {
			v.kind = of
		}
	}
	return v, v.kind != none && v.name != "_"
}

// named returns the variable of that name. The error for an unknown name lists the known ones.
func named(nb *nbformat.Notebook, name string) (variable, error) {
	var names []string
	for _, v := range variables(nb) {
		if v.name == name {
			return v, nil
		}
		names = append(names, v.name)
	}
	if len(names) == 0 {
		return variable{}, fmt.Errorf("%s: no cell tagged %q declares a variable whose value can be set", name, parametersTag)
	}
	return variable{}, fmt.Errorf("%s: the cell tagged %q declares no such variable: it has %s", name, parametersTag, strings.Join(names, ", "))
}

// set replaces the variable's value in its cell by Go code.
func (v variable) set(code string) {
	if v.value == "" {
		code = " = " + code
	}
	v.cell.Source = v.cell.Source[:v.at] + code + v.cell.Source[v.at+len(v.value):]
}
