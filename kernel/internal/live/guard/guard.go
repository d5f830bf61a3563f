// Package guard makes the code of cells stop when it is asked to: it finds the places at which
// code has to look whether it should go on, and tells what to write there. It knows of no
// session, no flag and no function to call: the check is any statement of the caller's.
//
// Code looks
//   - at each turn of a loop, and before a goto that goes back; an innermost loop less often;
//   - in a function that may call itself, directly or through others, before it calls any: its
//     calls that end without another one, which are most, cost nothing;
//   - when a function begins that a compiled package may call from a loop of its own: see entry.go;
//   - after what may have waited: a channel operation, a call of a function that is not known
//     to return at once. So what is left behind while it waits does not go on when it wakes up.
//
// It does not look where it holds a lock that it could not give back then: see lock.go. It
// does not look in loops of a few turns that are known beforehand, nor after calls of
// functions of cells that cannot wait. Where the compiler inlines
// a function, it still does: what gets a check is recursive, has a loop, or waits.
//
//	entry, loop, statement  the three kinds of place; lock, where code does not look
//	recursion               which functions call themselves; waits, which may wait; quick, which
//	                        are done in no time
package guard

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Insertion is text to put into the source at a place. What the caller itself puts in at the
// same place belongs before it.
type Insertion struct {
	At   token.Pos
	Text string
}

// Guard knows of the functions of all cells so far which cannot wait. The zero value knows of
// none.
type Guard struct {
	calm  map[string]bool // by full name
	quick map[string]bool // those that are done in no time, too
}

// Checks returns where a cell has to run check, a statement such as
//
//	if stop.Up() { host.Stopped() }
//
// in any order. nodes are all files or declarations of the cell, info has their Uses, Defs and
// Types. It changes what g knows: call it once for a cell, in the order of the cells.
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

// begin has code look when it comes past an opening brace, or past the colon of a case.
func (w *walker) begin(at token.Pos) {
	w.found = append(w.found, Insertion{at + 1, " " + w.check + ";"})
}

// woken is begin for code that has waited.
func (w *walker) woken(at token.Pos) {
	if !w.holding.at(at) {
		w.begin(at)
	}
}

// after has code look when it has come to a statement's end.
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

// unsplit tells whether a function may not call any other.
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
