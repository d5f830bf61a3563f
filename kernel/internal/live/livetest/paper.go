package livetest

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/live/check"
	"github.com/sdtlab/sdtlab/kernel/internal/live/emit"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// Paper is a session on paper: cells are checked and written as packages, and the packages
// are checked in turn, as the compiler would check them; nothing is compiled and nothing
// runs.
type Paper struct {
	Program *program.Program

	fset     *token.FileSet
	packages packages
	importer types.Importer
	count    int
	Out      *emit.Output
}

// packages are some packages of the standard library.
type packages struct{ exports, names map[string]string }

// Export implements [program.Packages].
func (p packages) Export(path string) string { return p.exports[path] }

// Names implements [program.Packages].
func (p packages) Names() map[string]string { return p.names }

// Refusal implements [program.Packages].
func (p packages) Refusal(string) error { return nil }

var list = sync.OnceValues(func() (packages, error) {
	p := packages{map[string]string{}, map[string]string{}}
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.Name}}",
		"fmt", "strings", "os", "math", "math/rand/v2", "net/url", "time", "github.com/sdtlab/sdtlab/kernel/internal/live/host").Output()
	if err != nil {
		return p, err
	}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		f := strings.Split(s.Text(), "\t")
		if len(f) == 3 {
			p.exports[f[0]] = f[1]
			if !strings.Contains(f[0], "internal") && !strings.HasPrefix(f[0], "vendor/") {
				p.names[f[0]] = f[2]
			}
		}
	}
	return p, nil
})

// NewPaper returns a session without cells.
func NewPaper(t testing.TB) *Paper {
	t.Helper()
	all, err := list()
	if err != nil {
		t.Fatal(err)
	}
	p := &Paper{fset: token.NewFileSet(), packages: all}
	p.Program = program.New(p.fset, program.NewImports(p.fset, all))
	p.importer = importer.ForCompiler(p.fset, "gc", func(path string) (io.ReadCloser, error) {
		if all.exports[path] == "" {
			return nil, fmt.Errorf("no package %s", path)
		}
		return os.Open(all.exports[path])
	})
	return p
}

// Cell adds a cell to the session. The first error says why the cell is rejected; the
// second, why the package made from it would not compile.
func (p *Paper) Cell(code string) (files map[string]string, rejected, broken error) {
	p.count++
	return p.CellOf(p.count, code)
}

// CellOf is Cell, with the number by which the user knows the cell.
func (p *Paper) CellOf(number int, code string) (files map[string]string, rejected, broken error) {
	c, err := check.Check(p.Program, p.Program.Next(number, code, false, false))
	if err != nil {
		return nil, err, nil
	}
	out, err := emit.Write(c)
	if err != nil {
		return nil, nil, err
	}
	p.Out = out
	files = out.Files
	var asts []*ast.File
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text := files[name]
		fmt.Fprintf(&all, "\n-- %s --\n%s", name, text)
		f, err := parser.ParseFile(p.fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			return files, nil, fmt.Errorf("%w\n%s", err, text)
		}
		asts = append(asts, f)
	}
	conf := types.Config{Importer: p.importer, GoVersion: "go1.26"}
	if _, err := conf.Check("main", p.fset, asts, nil); err != nil {
		return files, nil, fmt.Errorf("%w%s", err, all.String())
	}
	p.Program.Adopt(out.Entry, func(string) bool { return true })
	return files, nil, nil
}
