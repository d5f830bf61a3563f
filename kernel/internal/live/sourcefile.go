package live

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// sourceFile is a Go file of a package, or a cell, parsed.
type sourceFile struct {
	fset  *token.FileSet
	files []*ast.File // one; a cell has two, see source.parse
	text  string
	at    int // where in the parsed files the text begins
	cell  int // number of the cell, 0 for one that is being typed
}

// sourceFiles are the files of packages that were asked for, nil where there is none, and
// the comments of whole packages, by folder.
type sourceFiles struct {
	mu       sync.Mutex
	byName   map[string]*sourceFile
	comments map[string]string
}

// cellFile returns a cell that has run.
func (d *describer) cellFile(unit int) *sourceFile {
	src := d.sourceOf(unit)
	if src == nil {
		return nil
	}
	f := &sourceFile{fset: token.NewFileSet(), text: src.text, cell: src.number, at: len(declPrefix)}
	for _, statements := range []bool{false, true} {
		part, _ := src.parse(f.fset, statements, func(_ int, c chunk) bool { return (c.kind == instructing) == statements })
		f.files = append(f.files, part.ast)
	}
	return f
}

// sourceOf returns the code of a cell that something is left of.
func (s *Session) sourceOf(unit int) *source {
	for _, c := range s.sources {
		if c.unit == unit {
			return c
		}
	}
	for _, e := range s.scope.entries {
		if e.decl != nil && e.decl.source.unit == unit {
			return e.decl.source
		}
	}
	for _, methods := range s.scope.methods {
		for _, m := range methods {
			if m.source.unit == unit {
				return m.source
			}
		}
	}
	return nil
}

// file returns a file of a package, by the name that the compiler gives it; nil if it is
// not to be had.
func (b *Base) file(name string) *sourceFile {
	b.files.mu.Lock()
	defer b.files.mu.Unlock()
	if f, ok := b.files.byName[name]; ok {
		return f
	}
	if b.files.byName == nil {
		b.files.byName = map[string]*sourceFile{}
	}
	b.files.byName[name] = nil
	text, err := os.ReadFile(b.sourcePath(name))
	if err != nil {
		return nil
	}
	f := &sourceFile{fset: token.NewFileSet(), text: string(text)}
	parsed, _ := parser.ParseFile(f.fset, "", text, parser.SkipObjectResolution|parser.ParseComments)
	if parsed == nil {
		return nil
	}
	f.files = []*ast.File{parsed}
	b.files.byName[name] = f
	return f
}

// packageComment returns the documentation of a package with its source in a folder.
func (b *Base) packageComment(dir, name string) string {
	b.files.mu.Lock()
	defer b.files.mu.Unlock()
	if text, ok := b.files.comments[dir]; ok {
		return text
	}
	found := ""
	list, _ := os.ReadDir(dir)
	for _, e := range list {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, _ := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.PackageClauseOnly|parser.ParseComments)
		if f != nil && f.Name != nil && f.Name.Name == name && f.Doc != nil && (found == "" || e.Name() == "doc.go") {
			found = f.Doc.Text()
		}
	}
	if b.files.comments == nil {
		b.files.comments = map[string]string{}
	}
	b.files.comments[dir] = found
	return found
}

// sourcePath returns where a file is that the compiler names.
func (b *Base) sourcePath(name string) string {
	root := filepath.Join(filepath.Dir(b.compile), "..", "..", "..")
	if rest, ok := strings.CutPrefix(name, "$GOROOT"); ok {
		return filepath.Join(root, rest)
	}
	return name
}

// source returns the text of a node.
func (f *sourceFile) source(n ast.Node) string {
	at := func(p token.Pos) int {
		return max(0, min(f.fset.PositionFor(p, false).Offset-f.at, len(f.text)))
	}
	return strings.TrimSpace(f.text[at(n.Pos()):max(at(n.Pos()), at(n.End()))])
}
