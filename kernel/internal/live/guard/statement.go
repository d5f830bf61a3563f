package guard

import (
	"go/ast"
	"go/types"
)

// list adds a check after each statement of a list that may have waited. After the last one
// of a loop, the next iteration or the code after the loop checks anyway.
func (w *walker) list(stmts []ast.Stmt, loop bool) {
	done := map[ast.Stmt]bool{}
	for i, s := range stmts {
		waits := w.isPassable(s) && w.waits(s) && (!w.holding.opens[s] || w.holding.at(s.Pos()))
		if !waits && !w.holding.deferred[s] {
			continue
		}
		for i+1 < len(stmts) && isDefer(stmts[i+1]) { // which may release something
			i++
		}
		if last := stmts[i]; !done[last] && !w.holding.at(last.End()) && !(loop && i == len(stmts)-1) {
			done[last] = true
			w.after(last)
		}
	}
}

func isDefer(s ast.Stmt) bool {
	_, is := s.(*ast.DeferStmt)
	return is
}

// isPassable reports whether code can be inserted after a statement that has no checks
// inside, so that a function that ends with the statement still compiles.
func (w *walker) isPassable(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		return w.isPassable(s.Stmt)
	case *ast.ExprStmt:
		call, ok := ast.Unparen(s.X).(*ast.CallExpr)
		return !ok || !w.info.Types[call.Fun].IsBuiltin() // panic
	case *ast.ForStmt:
		return s.Cond != nil
	case *ast.AssignStmt, *ast.SendStmt, *ast.DeclStmt, *ast.IncDecStmt, *ast.RangeStmt:
		return true
	}
	return false
}

// branches adds checks to the branches of an if with a condition that may have waited.
func (w *walker) branches(s *ast.IfStmt) {
	if !w.waits(s.Init) && !w.waits(s.Cond) {
		return
	}
	w.woken(s.Body.Lbrace)
	for next := s.Else; next != nil; {
		switch e := next.(type) {
		case *ast.BlockStmt:
			w.woken(e.Lbrace)
			return
		case *ast.IfStmt:
			if w.waits(e.Init) || w.waits(e.Cond) {
				return // its branches check
			}
			w.woken(e.Body.Lbrace)
			next = e.Else
		}
	}
}

// clauses adds checks to the clauses of a switch if the code before them has waited.
func (w *walker) clauses(body *ast.BlockStmt, waited bool) {
	for _, s := range body.List {
		c := s.(*ast.CaseClause)
		for _, x := range c.List {
			waited = waited || w.waits(x)
		}
		if waited {
			w.woken(c.Colon)
		}
	}
}

// callbacks adds checks to function literals that a call passes to code without checks.
func (w *walker) callbacks(c *ast.CallExpr) {
	if w.info.Types[c.Fun].IsBuiltin() {
		return
	}
	if o := callee(w.info, c.Fun); o != nil {
		if _, own := w.waiting.own[o.Origin()]; own {
			return
		}
	}
	for _, x := range c.Args {
		if f, ok := ast.Unparen(x).(*ast.FuncLit); ok {
			w.begin(f.Body.Lbrace)
		}
	}
}

// use returns the object that an expression names, nil if it is not a name.
func (w *walker) use(x ast.Expr) types.Object {
	if id := asIdent(x); id != nil {
		return w.info.Uses[id]
	}
	return nil
}

func asIdent(x ast.Expr) *ast.Ident {
	if x == nil {
		return nil
	}
	id, _ := ast.Unparen(x).(*ast.Ident)
	return id
}
