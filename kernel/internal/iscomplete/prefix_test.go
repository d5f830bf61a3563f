package iscomplete

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrefixes checks Go's own library: each file is complete, and up to the end of each of
// its lines incomplete or complete. The same holds for the statements of its functions.
func TestPrefixes(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(goroot)), "src")
	var files []string
	for _, pattern := range []string{"sort/*.go", "slices/*.go", "text/template/*.go"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 20 {
		t.Skipf("%d files of Go's library are here", len(files))
	}
	asked := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		short := strings.TrimPrefix(file, root)
		asked += prefixes(t, short, string(source), 1+len(source)/3_000)
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				body := string(source[fset.Position(d.Body.Lbrace).Offset+1 : fset.Position(d.Body.Rbrace).Offset])
				asked += prefixes(t, short+" "+d.Name.Name, body, 1+len(body)/400)
			}
		}
	}
	t.Logf("%d prefixes", asked)
}

// prefixes checks a complete cell, and its prefixes up to every step-th line.
func prefixes(t *testing.T, name, code string, step int) (asked int) {
	t.Helper()
	if status, _ := Check(code); status != Complete {
		t.Errorf("%s is %s", name, status)
		return 1
	}
	begun := ""
	for line := range strings.Lines(code) {
		begun += strings.TrimSuffix(line, "\n")
		if asked++; asked%step == 0 {
			status, indent := Check(begun)
			if status == Invalid {
				t.Errorf("%s is invalid up to %q", name, begun[max(0, len(begun)-200):])
				return asked
			}
			if status == Incomplete && len(indent) > 40 {
				t.Errorf("%s: an indent of %d", name, len(indent))
			}
		}
		begun += "\n"
	}
	return asked
}
