package guard

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// list has code look after each statement of a list that may have waited. After the last one
// of a loop it will look anyway, at the next turn or after the loop.
func (w *walker) list(stmts []ast.Stmt, loop bool) {
	for i, s := range stmts {
		if w.isPassable(s) && w.waits(s) && !(loop && i == len(stmts)-1) {
			w.after(s)
		}
	}
}

// isPassable tells whether code can stand behind a statement for which it does not stand in
// its parts, so that a function that ends with the statement still compiles.
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

// branches has the branches of an if look that are taken when a condition has waited.
func (w *walker) branches(s *ast.IfStmt) {
	if !w.waits(s.Init) && !w.waits(s.Cond) {
		return
	}
	w.begin(s.Body.Lbrace)
	for next := s.Else; next != nil; {
		switch e := next.(type) {
		case *ast.BlockStmt:
			w.begin(e.Lbrace)
			return
		case *ast.IfStmt:
			if w.waits(e.Init) || w.waits(e.Cond) {
				return // its branches look
			}
			w.begin(e.Body.Lbrace)
			next = e.Else
		}
	}
}

// clauses has the clauses of a switch look if what comes before them has waited.
func (w *walker) clauses(body *ast.BlockStmt, waited bool) {
	for _, s := range body.List {
		c := s.(*ast.CaseClause)
		for _, x := range c.List {
			waited = waited || w.waits(x)
		}
		if waited {
			w.begin(c.Colon)
		}
	}
}

// short is how many turns of a loop are few.
const short = 256

// isShortRange tells whether a loop over a range has few turns, known beforehand.
func (w *walker) isShortRange(s *ast.RangeStmt) bool {
	tv := w.info.Types[s.X]
	if n, ok := few(tv); ok {
		return n
	}
	if tv.Type == nil {
		return false
	}
	t := tv.Type.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	a, ok := t.(*types.Array)
	return ok && a.Len() <= short
}

// few tells of a constant whether it is a small number.
func few(tv types.TypeAndValue) (small, isNumber bool) {
	if tv.Value == nil || tv.Value.Kind() != constant.Int {
		return false, false
	}
	n, exact := constant.Int64Val(tv.Value)
	return exact && -short <= n && n <= short, true
}

// isShort tells whether a loop is one as for i := 0; i < 3; i++, whose body leaves i alone.
func (w *walker) isShort(s *ast.ForStmt) bool {
	init, ok1 := s.Init.(*ast.AssignStmt)
	cond, ok2 := s.Cond.(*ast.BinaryExpr)
	post, ok3 := s.Post.(*ast.IncDecStmt)
	if !ok1 || !ok2 || !ok3 || len(init.Lhs) != 1 || len(init.Rhs) != 1 || init.Tok != token.DEFINE {
		return false
	}
	i := w.info.Defs[asIdent(init.Lhs[0])]
	small := func(x ast.Expr) bool { is, _ := few(w.info.Types[x]); return is }
	if i == nil || w.use(cond.X) != i || w.use(post.X) != i || !small(init.Rhs[0]) || !small(cond.Y) {
		return false
	}
	switch {
	case post.Tok == token.INC && (cond.Op == token.LSS || cond.Op == token.LEQ):
	case post.Tok == token.DEC && (cond.Op == token.GTR || cond.Op == token.GEQ):
		if b, ok := i.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsUnsigned != 0 {
			return false // i >= 0 is always true
		}
	default:
		return false
	}
	alone := true
	ast.Inspect(s.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				alone = alone && w.use(x) != i
			}
		case *ast.IncDecStmt:
			alone = alone && w.use(n.X) != i
		case *ast.RangeStmt:
			alone = alone && w.use(n.Key) != i && w.use(n.Value) != i
		case *ast.UnaryExpr:
			alone = alone && (n.Op != token.AND || w.use(n.X) != i)
		}
		return alone
	})
	return alone
}

// use returns the object that an expression is the name of, nil if it is another.
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
