package editor

import (
	"errors"
	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"math"
	"strings"
)

// IsComplete tells a console whether a cell is whole: "complete", "incomplete" (something
// is open that more lines could close; indent begins the next), or "invalid" (no more lines
// could mend it). It looks at syntax alone.
//
// Lines that begin with % or ! are whole unless they end in a backslash. A cell that begins
// with %% and a name is some other language's: an empty line ends it. Two empty lines end
// any other: what is still open then is invalid.
func IsComplete(code string) (status, indent string) {
	lines := strings.Split(code, "\n")
	last := lines[len(lines)-1]
	if first := strings.TrimSpace(lines[0]); len(first) > 2 && first[:2] == "%%" {
		if len(lines) > 1 && strings.TrimSpace(last) == "" {
			return "complete", ""
		}
		return "incomplete", ""
	}
	code, goesOn := withoutCommands(code)
	if goesOn {
		return "incomplete", ""
	}
	status = goStatus(code)
	if status != "incomplete" {
		return status, ""
	}
	if len(lines) > 2 && strings.TrimSpace(last) == "" && strings.TrimSpace(lines[len(lines)-2]) == "" && !inLiteral(code) {
		return "invalid", ""
	}
	return status, indentation(code)
}

// withoutCommands blanks the lines that begin with % or ! where a statement could begin,
// and those that they go on in. goesOn tells that the last one goes on.
func withoutCommands(code string) (_ string, goesOn bool) {
	text := []byte(code)
	for at, n := 0, 0; at < len(code); at += n {
		n = strings.IndexByte(code[at:], '\n') + 1
		if n == 0 {
			n = len(code) - at
		}
		line := strings.TrimSpace(code[at : at+n])
		if !goesOn && (line == "" || line[0] != '%' && line[0] != '!' || !beginsStatement(string(text[:at]))) {
			continue
		}
		cell.BlankOut(text[at : at+n])
		goesOn = strings.HasSuffix(line, "\\")
	}
	return string(text), goesOn
}

// beginsStatement tells whether a statement could begin after a text.
func beginsStatement(text string) bool {
	if inLiteral(text) {
		return false
	}
	depth := 0
	tokens := cell.Lex(text)
	for _, t := range tokens {
		switch t.Tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
	}
	return depth <= 0 && (len(tokens) == 0 || tokens[len(tokens)-1].Tok == token.SEMICOLON)
}

// inLiteral tells whether a text ends in an open raw string or comment.
func inLiteral(text string) bool {
	tok, _ := lastToken(text + "\n")
	return tok == token.STRING || tok == token.COMMENT
}

// goStatus is IsComplete for Go alone.
func goStatus(code string) string {
	code += "\n"
	if inLiteral(code) {
		return "incomplete"
	}
	if !matched(cell.Lex(code)) {
		return "invalid"
	}
	for _, k := range cell.Split(code) {
		if k.Kind == cell.Blank {
			continue
		}
		prefix, suffix := "package main\n", ""
		if k.Kind == cell.Instructing {
			prefix, suffix = "package main;func f(){", "}"
		}
		text := code[k.Start:k.End] + "\n"
		f, err := parser.ParseFile(token.NewFileSet(), "", prefix+text+suffix, parser.SkipObjectResolution)
		if err == nil {
			if hasNoBody(f) {
				return "invalid"
			}
			continue
		}
		if k.Kind == cell.Instructing { // its end is what is missing now
			_, err = parser.ParseFile(token.NewFileSet(), "", prefix+text, parser.SkipObjectResolution)
		}
		var list scanner.ErrorList
		if errors.As(err, &list) && k.End < len(strings.TrimRight(code, " \t\r\n")) || firstError(list) < len(prefix)+len(text) {
			return "invalid"
		}
		return "incomplete"
	}
	return "complete"
}

// matched tells whether each bracket that closes follows one that it closes.
func matched(tokens []cell.Lexeme) bool {
	var open []token.Token
	for _, t := range tokens {
		switch n := len(open); t.Tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, t.Tok)
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if n == 0 || closer(open[n-1]) != t.Tok.String() {
				return false
			}
			open = open[:n-1]
		}
	}
	return true
}

// firstError returns where the first error of a list is, but for those that point back to
// what is only begun.
func firstError(list scanner.ErrorList) int {
	first := math.MaxInt
	for _, e := range list {
		if e.Msg != "expected 1 expression" {
			first = min(first, e.Pos.Offset)
		}
	}
	return first
}

// hasNoBody tells whether a function of a file has none: its brace cannot follow on another
// line.
func hasNoBody(f *ast.File) bool {
	for _, d := range f.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil {
			return true
		}
	}
	return false
}

// indentation returns what the line after code begins with: a tab for each line that has an
// open bracket, one more in a case and where the last line goes on.
func indentation(code string) string {
	if inLiteral(code) {
		return ""
	}
	type bracket struct {
		line  int
		cases bool // a case or default has been seen in it
	}
	var open []bracket
	tokens := cell.Lex(code + "\n")
	line, at := 0, 0
	for _, t := range tokens {
		line += strings.Count(code[at:min(t.At, len(code))], "\n")
		at = min(t.At, len(code))
		switch t.Tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, bracket{line: line})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			open = open[:max(0, len(open)-1)]
		case token.CASE, token.DEFAULT:
			if len(open) > 0 {
				open[len(open)-1].cases = true
			}
		}
	}
	n := 0
	for i, b := range open {
		if i == 0 || open[i-1].line != b.line {
			n++
		}
		if b.cases {
			n++
		}
	}
	if len(tokens) > 0 {
		switch tokens[len(tokens)-1].Tok {
		case token.SEMICOLON, token.LPAREN, token.LBRACK, token.LBRACE, token.COLON:
		case token.COMMA:
			if len(open) == 0 {
				n++
			}
		default:
			n++
		}
	}
	return strings.Repeat("\t", n)
}
