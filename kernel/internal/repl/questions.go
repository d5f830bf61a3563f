package repl

import (
	"context"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/dialect"
	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/gonbpipe"
	"github.com/sdtlab/sdtlab/kernel/internal/iscomplete"
	"github.com/sdtlab/sdtlab/kernel/internal/live"
)

// questionLimit is how long a question may wait for the session to be there.
const questionLimit = 2 * time.Second

// soon returns the session if it is there soon.
func (e *Evaluator) soon() *live.Session {
	ctx, cancel := context.WithTimeout(context.Background(), questionLimit)
	defer cancel()
	session, err := e.session().wait(ctx)
	if err != nil {
		return nil
	}
	return session
}

// The questions below may come while Execute runs. They ask the session alone, whose
// Complete and Inspect may be called while Eval runs, and answer from what was before the
// cell; while there is no session they know no Go.

// Complete returns how the code before the cursor could go on: the names of commands at
// the start of a line, else as Go.
func (e *Evaluator) Complete(code string, cursor int) eval.Completion {
	cursor = max(0, min(cursor, len(code)))
	line := strings.LastIndexByte(code[:cursor], '\n') + 1
	if begun := code[line:cursor]; strings.HasPrefix(begun, "%") && !strings.ContainsAny(begun, " \t") {
		c := eval.Completion{Start: line, End: cursor}
		for _, name := range commandNames() {
			if strings.HasPrefix(name, begun) {
				c.Matches, c.Types = append(c.Matches, name), append(c.Types, "magic")
			}
		}
		return c
	}
	c := eval.Completion{Start: cursor, End: cursor}
	parsed, asked := dialect.Parse(code).Go, strings.HasPrefix(code[line:cursor], "?")
	switch {
	case len(parsed) < cursor:
		return c // in a cell that is for one command
	case asked: // of a name of Go
		parsed = parsed[:line] + strings.Replace(code[line:cursor], "?", " ", 2) + parsed[cursor:]
	case strings.TrimSpace(parsed[line:cursor]) == "" && strings.TrimSpace(code[line:cursor]) != "":
		return c // in a command's own words
	}
	session := e.soon()
	if session == nil {
		return c
	}
	found := session.Complete(parsed, cursor)
	c.Start, c.End = found.Start, found.End
	for _, m := range found.Matches {
		c.Matches, c.Types = append(c.Matches, m.Text), append(c.Types, m.Type)
	}
	return c
}

// Inspect returns what is known of the name at the cursor.
func (e *Evaluator) Inspect(code string, cursor, detail int) map[string]any {
	session := e.soon()
	if session == nil {
		return nil
	}
	found, ok := session.Inspect(dialect.Parse(code).Go, cursor, detail)
	if !ok {
		return nil
	}
	return map[string]any{"text/plain": found.Text, "text/markdown": found.Markdown}
}

// IsComplete tells whether code would run as it is.
func (e *Evaluator) IsComplete(code string) eval.Completeness {
	status, indent := iscomplete.Check(code)
	return eval.Completeness{Status: status, Indent: indent}
}

// CommMessage hands on messages for the widgets of gonbui; a comm that nobody here knows
// is closed.
func (e *Evaluator) CommMessage(m eval.Comm, out eval.Output) {
	if !e.pipe.Message(gonbpipe.Comm(m)) && m.Type == "comm_open" {
		out.Comm(eval.Comm{Type: "comm_close", ID: m.ID})
	}
}
