package cell

import (
	"fmt"
	"strings"
	"testing"
)

// TestPasted checks the handling of text that may be a Go file: the text that is left, or
// the problem. The messages were compared with go vet and go build of Go 1.26.
func TestPasted(t *testing.T) {
	context := ConstraintContext([]string{"GOEXPERIMENT=simd", "GOFLAGS=-tags=first", "GOFLAGS=-mod=mod -tags=mine,other"})
	context.GOOS, context.GOARCH = "linux", "amd64"
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"a cell", "x := 1\nx", "x := 1\nx"},
		{"byte order mark", "\ufeffx := 1", "   x := 1"},
		{"mark and clause", "\ufeffpackage main\nx := 1", "               \nx := 1"},
		{"mark in the middle", "x := 1\n\ufeffy := 2", "2:1 invalid BOM in the middle of the file"},
		{"clause", "package main\n\nfunc main() {}", "            \n\nfunc main() {}"},
		{"clause of another package", "// Package geometry is.\npackage geometry // of areas\ntype t int", "// Package geometry is.\n                 // of areas\ntype t int"},
		{"clause and more in its line", "package main; x := 1", "              x := 1"},
		{"clause, carriage returns", "package main\r\n\r\nx := 1\r\nx", "            \r\n\r\nx := 1\r\nx"},
		{"clause alone", "package main", "            "},
		{"clause over lines", "package /* a\nb */ main\nx", "            \n         \nx"},
		{"clause without name", "package\nx := 1", "2:3 expected ';', found ':='"},
		{"clause, number", "package 1", "1:9 expected 'IDENT', found 1"},
		{"blank name", "package _", "1:10 invalid package name _"},
		{"code behind the name", "package main x := 1", "1:14 expected ';', found x"},
		{"clause behind code", "x := 1\npackage main", "2:1 package statement must be first"},
		{"two files", "package main\nfunc f() {}\npackage main", "3:1 package statement must be first"},
		{"clause in a function", "func f() { package main }", "func f() { package main }"}, // the parser knows
		{"NUL", "x := \"a\x00b\"", "1:8 invalid NUL character"},
		{"no UTF-8", "x := 1\n// \xff", "2:4 invalid UTF-8 encoding"},
		{"the rune of no UTF-8", "x := \"\ufffd\"", "x := \"\ufffd\""},
		{"form feed", "x := 1\fy", "1:7 illegal character U+000C"},
		{"space of a web page", "x\u00a0:= 1", "1:2 illegal character U+00A0"},
		{"quotes of a web page", "x := \u201ca\u201d", "1:6 curly quotation mark '\u201c' (use neutral '\"')"},
		{"behind an open string", "x := \"a\n\f", "x := \"a\n\f"}, // the parser knows
		{"in a string", "x := `\f\u00a0` // \u201c", "x := `\f\u00a0` // \u201c"},
		{"script", "#!/usr/bin/env gorun\npackage main", "1:1 illegal character U+0023 '#'"},
		{"constraint that holds", "//go:build linux\n\nx := 1", "                \n\nx := 1"},
		{"constraint with clause", "//go:build linux && (amd64 || arm64) && cgo && go1.18 && unix && gc\n\npackage main\nx := 1", strings.Repeat(" ", 67) + "\n\n            \nx := 1"},
		{"constraint that does not", "// A comment.\n\n//go:build windows\n\npackage main\nx := 1", "3:1 build constraints exclude this cell: //go:build windows does not hold on linux/amd64"},
		{"negated", "//go:build !linux\nx := 1", "1:1 build constraints exclude this cell: //go:build !linux does not hold"},
		{"a later Go", "//go:build go1.999\n\nx := 1", "1:1 build constraints exclude this cell: //go:build go1.999 does not hold"},
		{"experiment", "//go:build goexperiment.simd\n\nx", "                            \n\nx"},
		{"tag of GOFLAGS", "//go:build mine && other && !first\n\nx", "                                  \n\nx"},
		{"unknown tag", "//go:build yours\n\nx", "1:1 build constraints exclude this cell: //go:build yours"},
		{"ignore", "//go:build ignore\n\npackage main\nx", "                 \n\n            \nx"},
		{"wrong constraint", "//go:build linux &&\n\nx", "1:1 parsing //go:build line: unexpected end of expression"},
		{"two constraints", "//go:build linux\n//go:build amd64\n\nx", "1:1 multiple //go:build comments"},
		{"old constraint", "// +build windows\n\npackage main", "1:1 build constraints exclude this cell: // +build windows does not hold"},
		{"old constraint that holds", "// +build linux darwin\n\nx", "// +build linux darwin\n\nx"},
		{"the second of two old ones", "// +build linux\n// +build arm64\n\nx", "2:1 build constraints exclude this cell: // +build arm64"},
		{"constraint below code", "x := 1\n//go:build windows\nx", "x := 1\n                  \nx"}, // Go ignores it
		{"constraint in a string", "s := `\n//go:build windows\n`", "s := `\n//go:build windows\n`"},
		{"no body", "x := 1\nfunc nobody() int\n", "2:6 missing function body"},
		{"method without body", "func (t T) m(a int) (b string)", "1:12 missing function body"},
		{"brace on the next line", "func f()\n{\n}", "2:1 unexpected semicolon or newline before {"},
		{"function type", "type f func() int\nvar g func()\nfunc() { }()", "type f func() int\nvar g func()\nfunc() { }()"},
		{"a call's brace", "func f() {}\n{ f() }", "func f() {}\n{ f() }"},
		{"cgo", "/*\nint one() { return 1; }\n*/\nimport \"C\"\nC.one()", "4:8 import \"C\": cgo is not supported in cells"},
		{"cgo in a group", "import (\n\t\"fmt\"\n\t\"C\"\n)", "3:2 import \"C\": cgo is not supported in cells"},
		{"embed", "//go:embed x.txt\nvar s string\ns", "1:1 go:embed only allowed in Go files that import \"embed\""},
		{"embed with import", "import _ \"embed\"\n//go:embed x.txt\nvar s string\ns", "2:1 //go:embed does not work in a cell"},
		{"embed in words", "//go:embedded is what it is\n// go:embed\nx", "//go:embedded is what it is\n// go:embed\nx"},
		{"linkname", "import _ \"unsafe\"\n//go:linkname now time.now\nfunc now() (int64, int32, int64)", "2:1 //go:linkname does not work in a cell: what a cell declares has no fixed name for the linker"},
		{"cgo directive", "//go:cgo_ldflag \"-lm\"\nx", "1:1 //go:cgo_ directives are only allowed in cgo-generated code"},
		{"line directives", "//line other.go:7\nx := 1 /*line a:1:1*/ + 2 // line 3", "                 \nx := 1                + 2 // line 3"},
		{"harmless directives", "//go:generate stringer\n//go:noinline\nfunc f() {}\n//nolint:all", "//go:generate stringer\n//go:noinline\nfunc f() {}\n//nolint:all"},
		{"comment without end", "x := 1\n/* open", "2:1 comment not terminated"},
		{"behind a clause", "package main\n\nx /* open", "3:3 comment not terminated"},
		{"sorted", "func f()\nimport \"C\"", "1:6 missing function body|2:8 import \"C\": cgo"},
		{"open comment and more", "import \"C\"\n/* a", "1:8 import \"C\": cgo is not supported in cells; a package of the module can use it|2:1 comment not terminated"},
	} {
		clean, problems := Pasted(c.text, context)
		if len(problems) == 0 {
			if clean != c.want {
				t.Errorf("%s: becomes %q, want %q", c.name, clean, c.want)
			}
			continue
		}
		var all []string
		for _, p := range problems {
			all = append(all, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Message))
		}
		got := strings.Join(all, "|")
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: fails with %q, want %q", c.name, got, c.want)
		}
	}
	if _, problems := Pasted("//go:build windows\n\nx", nil); problems != nil {
		t.Errorf("constraints matter where there is no context: %v", problems)
	}
}

// FuzzPasted checks that all bytes and line ends stay where they are.
func FuzzPasted(f *testing.F) {
	for _, s := range []string{
		"\ufeffpackage main\r\nimport \"C\"\n//line a:1\nfunc f()\n{", "//go:build a && (b\n// +build x\n\npackage", "package;", "/*line x:1:1*/package p/*", "`\n//go:embed x", "#!", "//go:build \x00", "import\n\"embed\n", "package main\npackage a", "//line :\n'", "//go:build x\r\r\n",
	} {
		f.Add(s)
	}
	context := ConstraintContext(nil)
	f.Fuzz(func(t *testing.T, text string) {
		clean, problems := Pasted(text, context)
		if len(clean) != len(text) {
			t.Fatalf("%q has %d bytes, becomes %q of %d", text, len(text), clean, len(clean))
		}
		for i := range len(text) {
			if (text[i] == '\n') != (clean[i] == '\n') || clean[i] != text[i] && clean[i] != ' ' {
				t.Fatalf("%q becomes %q: byte %d", text, clean, i)
			}
		}
		for _, p := range problems {
			if p.Line < 1 || p.Line > strings.Count(text, "\n")+1 || p.Column < 1 {
				t.Fatalf("%q: a problem at %d:%d", text, p.Line, p.Column)
			}
		}
	})
}
