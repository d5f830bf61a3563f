// Package editor answers an editor's questions about a cell that is being typed, or about a
// name in it: how it could continue, what a name is. It runs nothing.
//
//	editor      answers the questions
//	cursor      a place in a cell
//	sketch      the cell with what can be found out about it
//	complete    how a name could continue; member, behind a dot; candidate, what is offered
//	inspect     what a name is: describe, offer, packagedoc, by a describer
//	find        where something is declared; declared, sourcefile, trim: its source
//	write       a description as text and as Markdown
package editor

// Editor answers questions about the cells of sessions that share one base.
type Editor struct {
	files sourceFiles
}

// New returns an editor.
func New(base Sources) *Editor { return &Editor{files: sourceFiles{base: base}} }
