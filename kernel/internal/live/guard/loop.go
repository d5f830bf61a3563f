package guard

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// short is the number of iterations up to which a loop needs no check.
const short = 256

// rarely is the number of iterations between two checks of an innermost loop that counts.
// Testing for it costs less than a check.
const rarely = 1024

// loop adds a check to each iteration of a loop, unless there are few. An innermost loop
// with a quick body checks less: one that counts by one, once in many iterations; one over
// the elements of something, never, since memory limits their number.
func (w *walker) loop(s *ast.ForStmt) {
	if w.holding.waitsInLoop(s.Body) {
		return
	}
	i := w.counter(s)
	if i != nil && w.isShort(s, i) {
		return
	}
	if i != nil && wide(i) && w.quick.body(s.Body) {
		w.beginRarely(s.Body, i.Name())
		return
	}
	w.begin(s.Body.Lbrace)
}

// rangeLoop is loop for a range loop.
func (w *walker) rangeLoop(s *ast.RangeStmt) {
	tv := w.info.Types[s.X]
	small, number := few(tv)
	if small || tv.Type == nil {
		return
	}
	t := tv.Type.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	innermost := w.quick.body(s.Body)
	switch t := t.(type) {
	case *types.Array:
		if t.Len() <= short || innermost {
			return
		}
	case *types.Slice:
		if innermost {
			return
		}
	case *types.Basic:
		if innermost && !number && t.Info()&types.IsString != 0 {
			return
		}
		if id := asIdent(s.Key); innermost && s.Tok == token.DEFINE && id != nil && id.Name != "_" && wide(w.info.Defs[id]) {
			w.beginRarely(s.Body, id.Name)
			return
		}
	}
	w.begin(s.Body.Lbrace)
}

// beginRarely is begin for a loop with a variable that counts its iterations.
func (w *walker) beginRarely(body *ast.BlockStmt, i string) {
	w.found = append(w.found, Insertion{body.Lbrace + 1, fmt.Sprintf(" if %s&%d == %d { %s };", i, rarely-1, rarely-1, w.check)})
}

// wide reports whether a variable is an integer that can count far.
func wide(o types.Object) bool {
	if o == nil {
		return false
	}
	b, ok := o.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0 && b.Kind() != types.Int8 && b.Kind() != types.Uint8 && b.Kind() != types.Int16 && b.Kind() != types.Uint16
}

// few reports whether a constant is a small number.
func few(tv types.TypeAndValue) (small, isNumber bool) {
	if tv.Value == nil || tv.Value.Kind() != constant.Int {
		return false, false
	}
	n, exact := constant.Int64Val(tv.Value)
	return exact && -short <= n && n <= short, true
}

// counter returns the variable of a loop like for i := 0; …; i++ with a body that does not
// change i, nil for other loops.
func (w *walker) counter(s *ast.ForStmt) types.Object {
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE {
		return nil
	}
	post, ok := s.Post.(*ast.IncDecStmt)
	if !ok {
		return nil
	}
	i := w.use(post.X)
	for _, x := range init.Lhs {
		if i != nil && w.info.Defs[asIdent(x)] == i && w.leaves(s.Body, i) {
			return i
		}
	}
	return nil
}

// isShort reports whether a loop with a counter has a known small number of iterations.
func (w *walker) isShort(s *ast.ForStmt, i types.Object) bool {
	init := s.Init.(*ast.AssignStmt)
	cond, ok := s.Cond.(*ast.BinaryExpr)
	small := func(x ast.Expr) bool { is, _ := few(w.info.Types[x]); return is }
	if !ok || len(init.Lhs) != 1 || len(init.Rhs) != 1 || w.use(cond.X) != i || !small(init.Rhs[0]) || !small(cond.Y) {
		return false
	}
	if s.Post.(*ast.IncDecStmt).Tok == token.INC {
		return cond.Op == token.LSS || cond.Op == token.LEQ
	}
	b, ok := i.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsUnsigned == 0 && (cond.Op == token.GTR || cond.Op == token.GEQ) // otherwise i >= 0 is always true
}

// isFew reports whether a loop has a known small number of iterations.
func (w *walker) isFew(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ForStmt:
		i := w.counter(s)
		return i != nil && w.isShort(s, i)
	case *ast.RangeStmt:
		tv := w.info.Types[s.X]
		if small, _ := few(tv); small || tv.Type == nil {
			return small
		}
		t := tv.Type.Underlying()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem().Underlying()
		}
		a, ok := t.(*types.Array)
		return ok && a.Len() <= short
	}
	return false
}

// leaves reports whether a loop's body does not change its variable.
func (w *walker) leaves(body *ast.BlockStmt, i types.Object) bool {
	alone := true
	ast.Inspect(body, func(n ast.Node) bool {
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
