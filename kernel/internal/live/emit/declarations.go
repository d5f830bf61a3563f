package emit

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// declarations returns the code of a file outside of the statements. own says that it is
// the cell's, and not one that is compiled again.
func (w *writer) declarations(f *cell.File, own bool) (string, error) {
	edits := w.edits(f, w.names())
	for _, d := range f.AST.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				from, to := f.Offset(d.Pos()), f.Offset(d.End())
				edits = slices.DeleteFunc(edits, func(e edit) bool { return from <= e.start && e.end <= to })
				edits = append(edits, edit{from, to, strings.Repeat("\n", strings.Count(f.Text[from:to], "\n"))})
				if end := f.Source.Chunks[f.Source.ChunkAt(from)].End; f.Text[end-1] == ';' {
					edits = append(edits, edit{end - 1, end, ""})
				}
			}
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" {
				name := mark.Version(mark.Version("init", w.Unit), len(w.inits))
				w.inits = append(w.inits, name)
				edits = append(edits, edit{f.Offset(d.Name.Pos()), f.Offset(d.Name.End()), name})
			} else if own && cell.IsInit(d) {
				w.inits = append(w.inits, w.Things[w.Info.Defs[d.Name]].Symbol)
			}
		}
	}
	text, err := apply(f.Text, edits)
	if err != nil {
		return "", err
	}
	return lineDirective(f.Source.Number, 1) + text + "\n", nil
}
