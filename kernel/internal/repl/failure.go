package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/failure"
	"github.com/sdtlab/sdtlab/kernel/internal/live"
	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Terminal colours. Jupyter's front ends, and our reports, convert them to HTML.
const (
	inverse = "\x1b[7m"
	red     = "\x1b[31m"
	bold    = "\x1b[1m"
	plain   = "\x1b[0m"
)

// failed returns a failure without a place.
func failed(name string, err error) *eval.Failure {
	lines := strings.Split(err.Error(), "\n")
	f := &eval.Failure{Name: name, Value: lines[0]}
	for _, l := range lines {
		f.Traceback = append(f.Traceback, red+l+plain)
	}
	return f
}

// explain converts the reason why a cell did not run, or did not return, to a failure.
func (e *Evaluator) explain(err error) *eval.Failure {
	var problems live.Problems
	var ended *live.Ended
	switch {
	case errors.As(err, &problems):
		return e.uncompiled(problems)
	case errors.As(err, &ended):
		return e.ended(ended)
	case errors.Is(err, context.Canceled):
		return failed("interrupted", errors.New("interrupted before it ran"))
	}
	return failed("kernel error", errors.New(cause(err.Error())))
}

var (
	// toolEnded matches the error of a program of Go's toolchain; its output follows.
	toolEnded = regexp.MustCompile(`^[^\n]*: (exit status \d+|signal: .*)\n(# \S+\n)*`)
	// cellAt matches a place in a cell as the compiler prints it.
	cellAt = regexp.MustCompile(`\S*cell\[(\d+)\]:(\d+)(:\d+)?: `)
	// temporary matches a path in a folder of ours.
	temporary = regexp.MustCompile(regexp.QuoteMeta(filepath.Clean(os.TempDir())) + `/sdt-[^/\s:]*(/\d+)*(/\$WORK)?/?`)
)

// cause returns the message of an internal error, the cause first, without names and paths
// of our making.
func cause(text string) string {
	text = strings.TrimSpace(text)
	if said := toolEnded.ReplaceAllString(text, ""); strings.TrimSpace(said) != "" {
		text = strings.TrimSpace(said)
	}
	text = mark.Strip(text)
	text = cellAt.ReplaceAllString(text, "cell $1, line $2: ")
	return temporary.ReplaceAllString(text, "")
}

// uncompiled shows each problem with the code around it. The format is GoNB's.
func (e *Evaluator) uncompiled(problems live.Problems) *eval.Failure {
	f := &eval.Failure{Name: "compile error", Value: problems[0].Message}
	for _, p := range problems {
		entry := red + p.Message + plain
		if p.Line > 0 {
			f.Value = problems[:1].Error()
			entry = fmt.Sprintf("%sCell[%d]: Line %d%s\n%s%s", inverse, p.Cell, p.Line, plain, e.excerpt(p.Cell, p.Line), entry)
		}
		f.Traceback = append(f.Traceback, entry)
	}
	return f
}

// excerpt returns the code around a line of a cell, with that line in bold.
func (e *Evaluator) excerpt(cell, line int) string {
	e.mu.Lock()
	code := e.codes[cell]
	e.mu.Unlock()
	var b strings.Builder
	for l := range strings.Lines(failure.Excerpt(code, line)) {
		if strings.HasPrefix(l, ">") {
			l = bold + strings.TrimSuffix(l, "\n") + plain + "\n"
		}
		b.WriteString(l)
	}
	return b.String()
}

// place returns the heading of a line of a cell in the trace of a panic. The format is
// GoNB's.
func place(cell, line int) string {
	return fmt.Sprintf("%s[[ Cell [%d] Line %d ]]%s", inverse, cell, line, plain)
}

// callLimit is how many calls of a trace are shown.
const callLimit = 40

// thrown shows a panic, or an exit, with the calls that led to it, and the code of the
// innermost call in a cell.
func (e *Evaluator) thrown(f *host.Failure) *eval.Failure {
	said := f.Message
	if f.Kind == "load" {
		said = cause(said)
	}
	value, _, _ := strings.Cut(said, "\n")
	if f.Kind == "panic" {
		said = "panic: " + said // front ends put the name before the value themselves
	}
	out := &eval.Failure{Name: f.Kind, Value: value, Traceback: []string{red + said + plain}}
	shown := false
	for i, call := range f.Trace {
		if i == callLimit {
			out.Traceback = append(out.Traceback, fmt.Sprintf("… %d more", len(f.Trace)-i))
			break
		}
		cell, ok := inCell(call.File)
		if !ok && strings.HasPrefix(call.Function, "main.") {
			continue // code that we have put around the cell's
		}
		if !ok {
			out.Traceback = append(out.Traceback, fmt.Sprintf("%s\n    %s:%d", call.Function, call.File, call.Line))
			continue
		}
		text := place(cell, call.Line) + " " + called(call.Function)
		if !shown {
			shown = true
			text += "\n" + strings.TrimSuffix(e.excerpt(cell, call.Line), "\n")
		}
		out.Traceback = append(out.Traceback, text)
	}
	return out
}

var cellFile = regexp.MustCompile(`cell\[(\d+)\]$`)

// inCell returns the number of the cell that a file of a trace stands for.
func inCell(file string) (int, bool) {
	m := cellFile.FindStringSubmatch(file)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}

// called returns the name of a cell's function; "" for the statements of a cell, which are
// its main.
func called(function string) string {
	name := strings.TrimPrefix(function, "main.")
	if name == "main" {
		return ""
	}
	return strings.TrimPrefix(name, "main.")
}

// lastWords matches the start of Go's message when a program dies.
var lastWords = regexp.MustCompile(`(?m)^(panic|fatal error): `)

var cellPlace = regexp.MustCompile(`cell\[(\d+)\]:(\d+)`)

// ended reports what was lost with the process, and where it ended if its last words say
// so.
func (e *Evaluator) ended(end *live.Ended) *eval.Failure {
	e.mu.Lock()
	forced := e.forced
	e.mu.Unlock()
	said := end.Error()
	if forced {
		said = strings.Replace(said, "has ended ("+end.How+")", "was ended by your second interrupt", 1)
	}
	f := &eval.Failure{Name: "process ended", Value: said}
	if words := lastWords.FindAllStringIndex(end.Tail, -1); words != nil {
		first, rest, _ := strings.Cut(end.Tail[words[len(words)-1][0]:], "\n")
		f.Value = first + ": " + f.Value
		f.Traceback = append(f.Traceback, red+first+plain)
		if m := cellPlace.FindStringSubmatch(rest); m != nil {
			cell, _ := strconv.Atoi(m[1])
			line, _ := strconv.Atoi(m[2])
			f.Traceback = append(f.Traceback, place(cell, line)+"\n"+strings.TrimSuffix(e.excerpt(cell, line), "\n"))
		}
	}
	f.Traceback = append(f.Traceback, red+said+plain, "A fresh session has begun.")
	return f
}
