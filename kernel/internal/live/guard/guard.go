// Package guard makes the code of cells stop when asked to: it finds the places where code
// must check whether it should stop, and says what to insert there. It knows nothing of
// sessions, flags or functions to call: the check is any statement that the caller
// supplies.
//
// Code checks
//   - in each iteration of a loop, and before a goto that jumps back; in an innermost loop less
//     often;
//   - in a function that may call itself, directly or through others, before its first call: its
//     calls that end without another one, which are most, cost nothing;
//   - at the beginning of a function that a compiled package may call from its own loop: see
//     entry.go;
//   - after anything that may have waited: a channel operation, or a call of a function that is
//     not known to return at once. So code that was left behind while it waited does not continue
//     when it wakes up.
//
// It does not check while it holds a lock that it could not release then: see lock.go. It
// does not check in loops with a known small number of iterations, nor after calls of
// cells' functions that cannot wait. Functions that the compiler inlines are still inlined:
// those that get a check are recursive, have a loop, or wait.
//
//	entry, loop, statement  the three kinds of place; lock, where code does not check
//	recursion               which functions call themselves; waits, which may wait; quick, which
//	                        return almost at once
package guard

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Insertion is text to insert into the source at a place. The caller's own insertions at
// the same place belong before it.
type Insertion struct {
	At   token.Pos
	Text string
}

// Guard knows which functions of all cells so far cannot wait. The zero value knows none.
type Guard struct {
	calm  map[string]bool // by full name
	quick map[string]bool // those that return almost at once, too
}

// Checks returns where a cell must run check, a statement such as
//
//	if stop.Up() { host.Stopped() }
//
// in any order. nodes are all files or declarations of the cell; info has their Uses, Defs
// and Types. Checks updates g: call it once for each cell, in the order of the cells.
func (g *Guard) Checks(check string, info *types.Info, nodes ...ast.Node) []Insertion {
	w := &walker{info: info, check: check, waiting: g.waiting(info, nodes), quick: g.quickOf(info, nodes), holding: holdingOf(info, nodes), bodies: map[*ast.BlockStmt]bool{}}
	for _, o := range info.Defs {
		if o != nil && o.Pkg() != nil {
			w.path = o.Pkg().Path()
			break
		}
	}
	for _, n := range nodes {
		ast.Inspect(n, w.visit)
	}
	for _, body := range recursive(info, nodes) {
		w.beforeCall(body)
	}
	w.entries(nodes)
	return w.found
}

// walker collects insertions.
type walker struct {
	info    *types.Info
	check   string
	waiting *waiting
	quick   *quick
	holding *holding
	path    string                  // of the package of cells
	bodies  map[*ast.BlockStmt]bool // of loops
	found   []Insertion
}

// begin adds a check behind an opening brace, or behind the colon of a case.
func (w *walker) begin(at token.Pos) {
	w.found = append(w.found, Insertion{at + 1, " " + w.check + ";"})
}

// woken is begin for code that has waited.
func (w *walker) woken(at token.Pos) {
	if !w.holding.at(at) {
		w.begin(at)
	}
}

// after adds a check at the end of a statement.
func (w *walker) after(s ast.Stmt) {
	w.found = append(w.found, Insertion{s.End(), "; " + w.check})
}

func (w *walker) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Body != nil && !unsplit(n)
	case *ast.ForStmt:
		w.loop(n)
		w.bodies[n.Body] = true
	case *ast.RangeStmt:
		w.rangeLoop(n)
		w.bodies[n.Body] = true
	case *ast.BlockStmt:
		w.list(n.List, w.bodies[n])
	case *ast.CaseClause:
		w.list(n.Body, false)
	case *ast.CommClause:
		if n.Comm != nil {
			w.woken(n.Colon)
		}
		w.list(n.Body, false)
	case *ast.IfStmt:
		w.branches(n)
	case *ast.SwitchStmt:
		w.clauses(n.Body, w.waits(n.Init) || w.waits(n.Tag))
	case *ast.TypeSwitchStmt:
		w.clauses(n.Body, w.waits(n.Init) || w.waits(n.Assign))
	case *ast.CallExpr:
		w.callbacks(n)
	case *ast.BranchStmt:
		if n.Tok == token.GOTO && w.info.Uses[n.Label] != nil && w.info.Uses[n.Label].Pos() < n.Pos() {
			w.found = append(w.found, Insertion{n.Pos(), w.check + "; "})
		}
	}
	return true
}

// unsplit reports whether a function may not call any other.
func unsplit(f *ast.FuncDecl) bool {
	if f.Doc != nil {
		for _, c := range f.Doc.List {
			if c.Text == "//go:nosplit" {
				return true
			}
		}
	}
	return false
}
