package editor

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
)

// sourceFile is a Go file of a package, or a cell, parsed.
type sourceFile struct {
	fset  *token.FileSet
	files []*ast.File // one; a cell has two, see cell.Source.Parse
	text  string
	at    []int // where the text begins in each
	cell  int   // number of the cell, 0 for one that is being typed
}

// Sources finds source files.
type Sources interface {
	SourcePath(name string) string // of a file as the compiler names it
}

// sourceFiles caches the files of packages, nil for those that are missing, and the package
// comments, by folder.
type sourceFiles struct {
	base     Sources
	mu       sync.Mutex
	byName   map[string]*sourceFile
	comments map[string]string
}

// cellFile returns the file of a cell, which may be the one being typed.
func cellFile(src *cell.Source) *sourceFile {
	f := &sourceFile{fset: token.NewFileSet(), text: src.Text, cell: src.Number}
	for _, statements := range []bool{false, true} {
		part, _ := src.Parse(f.fset, statements, func(_ int, c cell.Chunk) bool { return (c.Kind == cell.Instructing) == statements })
		f.files = append(f.files, part.AST)
		f.at = append(f.at, int(part.At-part.AST.FileStart))
	}
	return f
}

// file returns a file of a package, by the compiler's name for it; nil if it is not
// available.
func (s *sourceFiles) file(name string) *sourceFile {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.byName[name]; ok {
		return f
	}
	if s.byName == nil {
		s.byName = map[string]*sourceFile{}
	}
	s.byName[name] = nil
	text, err := os.ReadFile(s.base.SourcePath(name))
	if err != nil {
		return nil
	}
	f := &sourceFile{fset: token.NewFileSet(), text: string(text)}
	parsed, _ := parser.ParseFile(f.fset, "", text, parser.SkipObjectResolution|parser.ParseComments)
	if parsed == nil {
		return nil
	}
	f.files, f.at = []*ast.File{parsed}, []int{0}
	s.byName[name] = f
	return f
}

// packageComment returns the documentation of a package with its source in a folder.
func (s *sourceFiles) packageComment(dir, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text, ok := s.comments[dir]; ok {
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
	if s.comments == nil {
		s.comments = map[string]string{}
	}
	s.comments[dir] = found
	return found
}

// offset returns the byte offset of a position in the text.
func (f *sourceFile) offset(p token.Pos) int {
	for i, file := range f.files {
		if file.FileStart <= p && p <= file.FileEnd {
			return max(0, min(int(p-file.FileStart)-f.at[i], len(f.text)))
		}
	}
	return 0
}

// line returns the line of a position, from 1.
func (f *sourceFile) line(p token.Pos) int { return strings.Count(f.text[:f.offset(p)], "\n") + 1 }

// source returns the text of a node.
func (f *sourceFile) source(n ast.Node) string {
	from := f.offset(n.Pos())
	return strings.TrimSpace(f.text[from:max(from, f.offset(n.End()))])
}
