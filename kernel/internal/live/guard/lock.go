package guard

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Code that holds a lock must not be ended before it can release the lock, which would
// otherwise stay locked for ever. So there is no check directly after a statement that
// locks nor, after waiting, between that statement and the one that unlocks in the same
// block. If unlocking is deferred, the check comes after the defer statement. Loops check
// as usual: a loop in there may never end.

// takes maps the methods that lock to those that unlock, by name: those of package sync, of
// types that embed its locks, of semaphores.
var takes = map[string]string{
	"Lock": "Unlock", "TryLock": "Unlock", "RLock": "RUnlock", "TryRLock": "RUnlock", "Acquire": "Release", "TryAcquire": "Release",
}

var gives = map[string]bool{"Unlock": true, "RUnlock": true, "Release": true}

// span is a part of the source.
type span struct{ from, to token.Pos }

func (s span) has(at token.Pos) bool { return s.from <= at && at < s.to }

// holding is the parts of a cell in which a lock is held.
type holding struct {
	info     *types.Info
	locks    map[*types.Func]bool // functions of the cell that return with a lock held
	spans    []span
	literals []span
	deferred map[ast.Stmt]bool // statements that defer an unlock
	opens    map[ast.Stmt]bool // statements that lock
}

// holdingOf returns the parts of a cell in which a lock is held.
func holdingOf(info *types.Info, nodes []ast.Node) *holding {
	h := &holding{info: info, locks: map[*types.Func]bool{}, deferred: map[ast.Stmt]bool{}, opens: map[ast.Stmt]bool{}}
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok && f.Body != nil {
				if o, ok := info.Defs[f.Name].(*types.Func); ok && h.any(f.Body, func(name string) bool { return takes[name] != "" }) &&
					!h.any(f.Body, func(name string) bool { return gives[name] }) {
					h.locks[o] = true
				}
			}
			return true
		})
	}
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				h.literals = append(h.literals, span{n.Pos(), n.End()})
			case *ast.BlockStmt:
				h.list(n.List)
			case *ast.CaseClause:
				h.list(n.Body)
			case *ast.CommClause:
				h.list(n.Body)
			}
			return true
		})
	}
	return h
}

// at reports whether the code at a place holds a lock that it releases later.
func (h *holding) at(p token.Pos) bool {
	for _, s := range h.spans {
		if s.has(p) && !h.inLiteral(s, p) {
			return true
		}
	}
	return false
}

// inLiteral reports whether a place in a span is in a function literal there.
func (h *holding) inLiteral(s span, p token.Pos) bool {
	for _, l := range h.literals {
		if s.has(l.from) && l.has(p) {
			return true
		}
	}
	return false
}

// list records where the statements of a list lock and unlock.
func (h *holding) list(stmts []ast.Stmt) {
	for i, s := range stmts {
		what, ok := h.opening(s)
		if !ok {
			continue
		}
		h.opens[s] = true
		var end token.Pos
		for _, next := range stmts[i+1:] {
			if !h.closes(next, what) {
				continue
			}
			if _, ok := next.(*ast.DeferStmt); ok {
				h.deferred[next], end = true, next.Pos()
				break
			}
			switch next.(type) {
			case *ast.ExprStmt:
				end = next.Pos()
			default:
				end = next.End()
			}
		}
		if end.IsValid() {
			h.spans = append(h.spans, span{s.Pos(), end})
		}
	}
}

// opening reports whether a statement locks, and returns the text of the matching unlock,
// "" if unknown.
func (h *holding) opening(s ast.Stmt) (what string, ok bool) {
	if send, is := s.(*ast.SendStmt); is { // a channel as a semaphore
		t, is := h.info.TypeOf(send.Value).Underlying().(*types.Struct)
		return "<-" + types.ExprString(send.Chan), is && t.NumFields() == 0
	}
	if _, is := s.(*ast.DeferStmt); is {
		return "", false
	}
	for _, part := range outer(s) {
		ast.Inspect(part, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.CallExpr:
				if o := callee(h.info, n.Fun); o != nil && h.locks[o.Origin()] {
					ok = true
				}
				if m, is := ast.Unparen(n.Fun).(*ast.SelectorExpr); is && takes[m.Sel.Name] != "" {
					what, ok = types.ExprString(m.X)+"."+takes[m.Sel.Name], true
				}
			}
			return true
		})
	}
	return what, ok
}

// outer returns the parts of a statement that run before any statement in it.
func outer(s ast.Stmt) []ast.Node {
	switch s := s.(type) {
	case *ast.ExprStmt, *ast.AssignStmt:
		return []ast.Node{s}
	case *ast.IfStmt:
		if s.Init != nil {
			return []ast.Node{s.Init, s.Cond}
		}
		return []ast.Node{s.Cond}
	}
	return nil
}

// closes reports whether a statement contains an unlock.
func (h *holding) closes(s ast.Stmt, what string) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			m, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
			found = found || ok && (types.ExprString(m) == what || what == "" && isRelease(m.Sel.Name))
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW && types.ExprString(n) == what
		}
		return !found
	})
	return found
}

// isRelease reports whether a method may release what a function of the cell has locked.
func isRelease(name string) bool { return gives[name] || gives[upper(name)] }

func upper(name string) string {
	if name != "" && 'a' <= name[0] && name[0] <= 'z' {
		return string(name[0]-'a'+'A') + name[1:]
	}
	return name
}

// any reports whether code calls a method with a name that fits.
func (h *holding) any(body *ast.BlockStmt, fits func(string) bool) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			m, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
			found = found || ok && fits(m.Sel.Name)
		}
		return !found
	})
	return found
}

// waitsInLoop reports whether the body of a loop waits for a condition with a lock that is
// held around the loop: the check comes after the lock is released.
func (h *holding) waitsInLoop(body *ast.BlockStmt) bool {
	waits := false
	ast.Inspect(body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			o := callee(h.info, c.Fun)
			waits = waits || o != nil && o.FullName() == "(*sync.Cond).Wait"
		}
		return !waits
	})
	return waits && h.at(body.Pos())
}
