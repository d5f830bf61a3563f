package againstgo

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
)

// goProgram is a program in parts.
type goProgram struct {
	imports string
	decls   []string
	uses    [][]int // for each declaration: those that must not come after it
	body    string  // of main
}

// readProgram parses a program of one file.
func readProgram(src string) (*goProgram, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", src, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("take a program apart: %w", err)
	}
	text := func(n ast.Node) string {
		return src[fset.Position(n.Pos()).Offset:fset.Position(n.End()).Offset]
	}
	p := &goProgram{}
	var decls []ast.Decl
	for _, d := range f.Decls {
		switch g, _ := d.(*ast.GenDecl); {
		case g != nil && g.Tok == token.IMPORT:
			p.imports += text(d) + "\n"
		case isMain(d):
			body := text(d.(*ast.FuncDecl).Body)
			p.body = strings.TrimSpace(body[1:len(body)-1]) + "\n"
		default:
			decls, p.decls = append(decls, d), append(p.decls, directives(d)+text(d))
		}
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	// The contents of other packages do not matter here, nor do the errors from not knowing
	// them.
	conf := types.Config{Importer: nothing{}, Error: func(error) {}}
	pkg, _ := conf.Check("main", fset, []*ast.File{f}, info)
	for _, o := range info.Uses {
		if o.Parent() == pkg.Scope() && o.Name() == "main" {
			return nil, errors.New("calls main")
		}
	}
	p.uses = uses(decls, info)
	return p, nil
}

// directives returns the comment before a function, which may contain compiler directives.
func directives(d ast.Decl) string {
	f, ok := d.(*ast.FuncDecl)
	if !ok || f.Doc == nil {
		return ""
	}
	lines := ""
	for _, c := range f.Doc.List {
		lines += c.Text + "\n"
	}
	return lines
}

// nothing is an importer of empty packages.
type nothing struct{}

func (nothing) Import(name string) (*types.Package, error) {
	p := types.NewPackage(name, path.Base(name))
	p.MarkComplete()
	return p, nil
}

func isMain(d ast.Decl) bool {
	f, ok := d.(*ast.FuncDecl)
	return ok && f.Recv == nil && f.Name.Name == "main"
}

// uses returns for each declaration the declarations that it uses. A method and its type
// use each other; an init uses everything before it.
func uses(decls []ast.Decl, info *types.Info) [][]int {
	node := map[types.Object]int{}
	for i, d := range decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					node[info.Defs[s.Name]] = i
				case *ast.ValueSpec:
					for _, n := range s.Names {
						node[info.Defs[n]] = i
					}
				}
			}
		case *ast.FuncDecl:
			if d.Recv == nil && info.Defs[d.Name] != nil {
				node[info.Defs[d.Name]] = i
			}
		}
	}
	uses := make([][]int, len(decls))
	for i, d := range decls {
		used := func(n ast.Node) (found []int) {
			ast.Inspect(n, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					if j, ok := node[info.Uses[id]]; ok && j != i {
						found = append(found, j)
					}
				}
				return true
			})
			return found
		}
		uses[i] = append(uses[i], used(d)...)
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
			if receiver := used(f.Recv.List[0].Type); len(receiver) > 0 {
				uses[receiver[0]] = append(uses[receiver[0]], i)
			}
		} else if ok && f.Name.Name == "init" {
			for j := range i {
				uses[i] = append(uses[i], j)
			}
		}
	}
	return uses
}

// fine returns the cells of the program: one for each declaration, in order of use;
// declarations that use each other share a cell. The last cell is main's body.
func (p *goProgram) fine() []string {
	cells := []string{p.imports}
	for _, group := range components(p.uses) {
		slices.Sort(group)
		var parts []string
		for _, i := range group {
			parts = append(parts, p.decls[i])
		}
		cells = append(cells, strings.Join(parts, "\n\n"))
	}
	return append(cells, p.body)
}

// two returns all declarations as one cell, and main's body as another.
func (p *goProgram) two() []string {
	return []string{p.imports + "\n" + strings.Join(p.decls, "\n\n"), p.body}
}

// components returns the strongly connected components of a graph, each after those that
// it has edges to (Tarjan, SIAM J. Comput. 1, 1972).
func components(edges [][]int) (all [][]int) {
	index, low := make([]int, len(edges)), make([]int, len(edges)) // index 0: not visited
	var stack []int
	count := 0
	var visit func(v int)
	visit = func(v int) {
		count++
		index[v], low[v] = count, count
		stack = append(stack, v)
		for _, w := range edges[v] {
			if index[w] == 0 {
				visit(w)
				low[v] = min(low[v], low[w])
			} else if slices.Contains(stack, w) {
				low[v] = min(low[v], index[w])
			}
		}
		if low[v] == index[v] {
			at := slices.Index(stack, v)
			all = append(all, slices.Clone(stack[at:]))
			stack = stack[:at]
		}
	}
	for v := range edges {
		if index[v] == 0 {
			visit(v)
		}
	}
	return all
}
