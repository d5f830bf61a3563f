package live

import (
	"github.com/sdtlab/sdtlab/kernel/internal/live/editor"
)

// Completion is the list of texts that could stand at a place in a cell. See
// [editor.Completion].
type Completion = editor.Completion

// Candidate is one of these texts.
type Candidate = editor.Candidate

// Inspection says what a name is.
type Inspection = editor.Inspection

// Complete returns the ways in which the name before the byte at cursor could continue. It
// may be called while a cell runs: its answer then reflects the state before that cell. See
// [editor.Editor.Complete].
func (s *Session) Complete(code string, cursor int) Completion {
	s.meaning.Lock()
	defer s.meaning.Unlock()
	return s.editor.Complete(s.program, code, cursor)
}

// Inspect describes the name at the byte at cursor. It may be called while a cell runs. See
// [editor.Editor.Inspect].
func (s *Session) Inspect(code string, cursor, detail int) (Inspection, bool) {
	s.meaning.Lock()
	defer s.meaning.Unlock()
	return s.editor.Inspect(s.program, code, cursor, detail)
}
