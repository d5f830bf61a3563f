// Package failure finds, in the outputs of a cell that failed, why it failed and on which
// lines of which cells. Our own kernel reports both in GoNB's formats.
package failure

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// Place is a line of a cell, both counted from 1. GoNB counts only the cells that it
// executed.
type Place struct{ Cell, Line int }

// Failure is why a cell failed.
type Failure struct {
	// Reasons says why, a line each: the compiler's errors, the panic, or the last line
	// that the cell's program wrote.
	Reasons []string
	// Places says where, innermost first: for a panic, the calls that lie in cells; for
	// compiler errors, one place each. It is empty if GoNB does not know, after os.Exit.
	Places []Place
	// Compiling reports that the cell did not compile, so it never ran.
	Compiling bool
}

// Read returns the failure of a code cell, and false if its outputs hold no error.
func Read(c *nbformat.Cell) (Failure, bool) {
	var failed *nbformat.Output
	var stderr strings.Builder
	for _, o := range c.Outputs {
		switch {
		case o.Type == nbformat.Error:
			failed = o
		case o.Type == nbformat.Stream && o.Name == "stderr":
			stderr.WriteString(nbformat.Collapse(o.Text))
		}
	}
	if failed == nil {
		return Failure{}, false
	}
	if f := ofCompiler(failed.Traceback, c.ExecutionCount); len(f.Places) > 0 {
		return f, true
	}
	if f := ofProgram(nbformat.StripColours(strings.Join(failed.Traceback, "\n"))); len(f.Places) > 0 {
		if said := notBlank(failed.Traceback[0]); startsWithAny(strings.Join(said, "\n"), "panic: ") {
			f.Reasons = said // everything that our kernel says about a panic
		}
		return f, true
	}
	f := ofProgram(nbformat.StripColours(stderr.String()))
	if !startsWithAny(strings.Join(f.Reasons, ""), "panic: ", "fatal error: ") {
		f.Reasons = append(notBlank(failed.EValue), f.Reasons...)
	}
	return f, true
}

var compilerPlace = regexp.MustCompile(`^Cell(?:\[(\d+)\]:)? Line (\d+)$`)

// ofCompiler reads a traceback whose entries are a place, the code around it and the
// message, each a line or more. cell is the one that failed, if known: its declarations can
// break an earlier cell.
func ofCompiler(traceback []string, cell *int) Failure {
	f := Failure{Compiling: true}
	for _, entry := range traceback {
		lines := strings.Split(strings.TrimSpace(nbformat.StripColours(entry)), "\n")
		message := lines[len(lines)-1]
		if m := compilerPlace.FindStringSubmatch(lines[0]); m != nil && len(lines) > 1 {
			p := Place{atoi(m[1]), atoi(m[2])}
			at := fmt.Sprintf("line %d", p.Line)
			if cell != nil && p.Cell == 0 {
				p.Cell = *cell
			} else if cell != nil && p.Cell != *cell {
				at = fmt.Sprintf("cell %d, line %d", p.Cell, p.Line)
			}
			f.Places = append(f.Places, p)
			f.Reasons = append(f.Reasons, at+": "+message)
		} else if message != "" && !strings.HasPrefix(message, "#") {
			f.Reasons = append(f.Reasons, message)
		}
	}
	return f
}

// Remarks returns the lines that a code cell wrote to its standard error, except why it
// failed: what users should know, such as skipped files. What follows a panic is its stack
// trace, not a remark.
func Remarks(c *nbformat.Cell) []string {
	var stderr strings.Builder
	for _, o := range c.Outputs {
		if o.Type == nbformat.Stream && o.Name == "stderr" {
			stderr.WriteString(nbformat.Collapse(o.Text))
		}
	}
	why, failed := Read(c)
	var remarks []string
	for l := range strings.Lines(strings.TrimSpace(nbformat.StripColours(stderr.String()))) {
		l = strings.TrimRight(l, "\n")
		switch t := strings.TrimSpace(l); {
		case !failed:
		case startsWithAny(l, "panic: ", "fatal error: "):
			return remarks
		case exitLine.MatchString(t) || t != "" && slices.Contains(why.Reasons, t):
			continue
		}
		remarks = append(remarks, l)
	}
	return remarks
}

var (
	programPlace = regexp.MustCompile(`\[\[ Cell (?:\[(\d+)\] )?Line (\d+) \]\]`)
	exitLine     = regexp.MustCompile(`^(exit status \d+|signal: [a-z ]+|\^C)$`)
)

// ofProgram reads what the cell's program wrote to stderr: from its last panic on, or else
// its last line.
func ofProgram(stderr string) Failure {
	var f Failure
	last := ""
	for l := range strings.Lines(stderr) {
		l = strings.TrimRight(l, "\n")
		if startsWithAny(l, "panic: ", "fatal error: ") {
			f = Failure{Reasons: []string{l}}
		} else if strings.HasPrefix(l, "\tpanic: ") && len(f.Reasons) > 0 && len(f.Places) == 0 {
			f.Reasons = append(f.Reasons, strings.TrimSpace(l)) // caused by the first
		}
		if m := programPlace.FindStringSubmatch(l); m != nil && len(f.Reasons) > 0 {
			f.Places = append(f.Places, Place{atoi(m[1]), atoi(m[2])})
		}
		if t := strings.TrimSpace(l); t != "" && !exitLine.MatchString(t) {
			last = t
		}
	}
	if len(f.Reasons) == 0 && last != "" {
		f.Reasons = []string{last}
	}
	return f
}

func notBlank(s string) []string {
	var lines []string
	for l := range strings.Lines(nbformat.StripColours(s)) {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

func startsWithAny(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// atoi converts digits that a regular expression found; too many, or none, give 0.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
