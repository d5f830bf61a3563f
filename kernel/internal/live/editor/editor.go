// Package editor answers what an editor asks of a cell that is being typed, or of a name in
// it: how it could go on, what a name is. It runs nothing.
//
//	editor      what answers
//	cursor      a place in a cell
//	sketch      the cell with what can be found out of it
//	complete    how a name could go on; member, behind a dot; candidate, what is offered
//	inspect     what a name is: describe, offer, packagedoc, by a describer
//	find        where something is declared; declared, sourcefile, trim: its source
//	write       a description as text and as Markdown
package editor

// Editor answers questions about the cells of sessions that have one base.
type Editor struct {
	files sourceFiles
}

// New returns an editor.
func New(base Sources) *Editor { return &Editor{files: sourceFiles{base: base}} }
