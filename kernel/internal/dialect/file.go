package dialect

import (
	"go/scanner"
	"go/token"
)

// packageClause blanks out the clause that a pasted file begins with, and returns the name of
// its package, "" if there is none.
func packageClause(code string) (rest, name string) {
	file := token.NewFileSet().AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(token.Position, string) {}, 0)
	start, first, _ := s.Scan()
	at, second, name := s.Scan()
	_, third, _ := s.Scan()
	if first != token.PACKAGE || second != token.IDENT || third != token.SEMICOLON {
		return code, ""
	}
	text := []byte(code)
	for i := file.Offset(start); i < file.Offset(at)+len(name); i++ {
		if text[i] != '\n' && text[i] != '\r' {
			text[i] = ' '
		}
	}
	return string(text), name
}
