package main

import (
	"go/ast"
	"go/token"
	"regexp"
)

// kind says what values a variable takes.
type kind int

const (
	none kind = iota
	text
	truth
	whole
	number
	duration
	list // of strings
)

// kinds describes the values of each kind.
var kinds = map[kind]string{
	text: "text", truth: "true or false", whole: "a whole number", number: "a number",
	duration: "a duration such as 1m30s", list: "words with commas between them",
}

// wholeType matches the types of whole numbers.
var wholeType = regexp.MustCompile(`^u?int(8|16|32|64)?$`)

// kindOfType returns the kind of a type's variables, none for a type that is not known.
func kindOfType(name string) kind {
	switch {
	case name == "string":
		return text
	case name == "bool":
		return truth
	case name == "float64" || name == "float32":
		return number
	case name == "time.Duration":
		return duration
	case name == "[]string":
		return list
	case wholeType.MatchString(name):
		return whole
	}
	return none
}

// kindOfValue returns the kind of an expression's value, none for what cannot be set.
func kindOfValue(e ast.Expr) kind {
	switch e := e.(type) {
	case *ast.BasicLit:
		return map[token.Token]kind{token.STRING: text, token.INT: whole, token.FLOAT: number}[e.Kind]
	case *ast.UnaryExpr:
		if k := kindOfValue(e.X); e.Op == token.SUB && (k == whole || k == number) {
			return k
		}
	case *ast.Ident:
		if e.Name == "true" || e.Name == "false" {
			return truth
		}
	case *ast.SelectorExpr:
		if from, ok := e.X.(*ast.Ident); ok && from.Name == "time" && isUnit(e.Sel.Name) {
			return duration
		}
	case *ast.BinaryExpr:
		if e.Op == token.MUL && kindOfValue(e.X) == whole && kindOfValue(e.Y) == duration {
			return duration
		}
	case *ast.CompositeLit:
		array, _ := e.Type.(*ast.ArrayType)
		if array == nil || array.Len != nil {
			return none
		}
		if of, ok := array.Elt.(*ast.Ident); ok && of.Name == "string" {
			return list
		}
	}
	return none
}
