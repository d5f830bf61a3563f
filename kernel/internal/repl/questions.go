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

// questionLimit is how long a question may wait for the session to be ready.
const questionLimit = 2 * time.Second

// soon returns the session if it is ready soon.
func (e *Evaluator) soon() *live.Session {
	ctx, cancel := context.WithTimeout(context.Background(), questionLimit)
	defer cancel()
	session, err := e.session().wait(ctx)
	if err != nil {
		return nil
	}
	return session
}

// The methods below may be called while Execute runs. They use only the session's Complete
// and Inspect, which may be called while Eval runs and answer from the state before the
// cell; without a session they know no Go.

// Complete returns how the code before the cursor could continue: the names of commands at
// the start of a line, otherwise Go.
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
	case asked: // about a name of Go
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

// Inspect describes the name at the cursor.
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

// IsComplete reports whether code would run as it is.
func (e *Evaluator) IsComplete(code string) eval.Completeness {
	status, indent := iscomplete.Check(code)
	return eval.Completeness{Status: status, Indent: indent}
}

// CommMessage passes on messages for gonbui's widgets; an unknown comm is closed.
func (e *Evaluator) CommMessage(m eval.Comm, out eval.Output) {
	if !e.pipe.Message(gonbpipe.Comm(m)) && m.Type == "comm_open" {
		out.Comm(eval.Comm{Type: "comm_close", ID: m.ID})
	}
}
