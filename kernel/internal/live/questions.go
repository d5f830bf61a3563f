package live

import (
	"github.com/sdtlab/sdtlab/kernel/internal/live/editor"
)

// Completion is what could stand at a place of a cell. See [editor.Completion].
type Completion = editor.Completion

// Candidate is one text that could stand there.
type Candidate = editor.Candidate

// Inspection says what a name is.
type Inspection = editor.Inspection

// Complete returns how the name before the byte at cursor could go on. It may be called
// while a cell runs: it answers by what was there before that one. See
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
