package host

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// leave lets the session continue without a task that is waiting. When the task wakes up,
// it ends at its next check: the flags of the cells that it returns to stay up.
func (t *task) leave(state string, trace []Frame) {
	cells := map[int]bool{}
	checks.Lock()
	checks.behind[t] = cells
	checks.Unlock()
	for range 2 { // it may have moved while the others' flags were taken down
		checks.Lock()
		for _, f := range trace {
			if n, ok := cellOf(f.File); ok {
				cells[n] = true
			}
		}
		checks.Unlock()
		t.end(&Failure{Kind: "interrupted", Message: "interrupted while it waited (" + state + ")" + at(trace) + "; its goroutine still waits, and ends when it wakes up", Trace: inCells(trace)})
		settleChecks()
		_, trace, _ = t.where()
	}
}

// where returns what the task's goroutine is waiting for, "" if it is not waiting, and its
// calls. works reports whether a goroutine is running that the task has started, or that is
// only in the code of packages, as those are that share a computation: then what the task
// waits for is being done.
func (t *task) where() (state string, calls []Frame, works bool) {
	var text string
	parents, busy := map[string]string{}, []string{}
	for block := range strings.SplitSeq(stack(true), "\n\n") {
		m := header.FindStringSubmatch(block)
		if m == nil {
			continue
		}
		name, its, waits := m[1], m[2], !notWaiting[m[2]] && !strings.Contains(m[2], "GC")
		if by := creator.FindStringSubmatch(block); by != nil {
			parents[name] = by[1]
		}
		if !waits {
			busy = append(busy, name)
			calls, _, _ := strings.Cut(block, "\ncreated by ")
			works = works || name != t.name && !strings.Contains(block, "\n\tcell[") && !strings.Contains(calls, chasing)
		}
		if name == t.name {
			state, text = its, block[len(m[0]):]
		}
	}
	for _, name := range busy {
		for name != "" && name != t.name {
			name = parents[name]
		}
		works = works || name != ""
	}
	if slices.Contains(busy, t.name) {
		state = ""
	}
	return state, frames(text), works
}

// chasing begins the names of the functions that check where tasks are.
const chasing = "/kernel/internal/live/host.(*task)."

var (
	header  = regexp.MustCompile(`^goroutine (\d+)[^\[\n]* \[([^\],]*)[^\n]*\n`)
	creator = regexp.MustCompile(`\ncreated by [^\n]* in goroutine (\d+)\n`)
)

// notWaiting are states of goroutines, in the runtime's words, that wait only for the
// processor.
var notWaiting = map[string]bool{"running": true, "runnable": true, "preempted": true, "copystack": true, "idle": true, "dead": true}

// frames parses the calls of a goroutine's trace, up to our own.
func frames(text string) []Frame {
	var calls []Frame
	lines := strings.Split(text, "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		function := lines[i]
		if at := strings.LastIndex(function, "("); at > 0 {
			function = function[:at]
		}
		if strings.HasPrefix(function, "created by ") || isOurs(function) {
			break
		}
		m := place.FindStringSubmatch(lines[i+1])
		if m == nil || len(calls) == 0 && strings.HasPrefix(function, "runtime.") {
			continue
		}
		if isFrame(function, m[1]) {
			continue
		}
		line, _ := strconv.Atoi(m[2])
		calls = append(calls, Frame{Function: function, File: m[1], Line: line})
	}
	return calls
}

var place = regexp.MustCompile(`^\t(.*):(\d+)(?: \+0x[0-9a-f]+)?$`)

// inCells returns the calls from the innermost one in a cell's code outwards, all if there
// is none.
func inCells(calls []Frame) []Frame {
	for i, f := range calls {
		if _, ok := cellOf(f.File); ok {
			return calls[i:]
		}
	}
	return calls
}

// at returns the place of calls in the code of a cell.
func at(calls []Frame) string {
	if calls = inCells(calls); len(calls) > 0 {
		if n, ok := cellOf(calls[0].File); ok {
			return fmt.Sprintf(" at line %d of cell %d", calls[0].Line, n)
		}
	}
	return ""
}

// cellOf returns the number of the cell that a file of a trace stands for.
func cellOf(file string) (int, bool) {
	number, ok := strings.CutPrefix(path.Base(file), "cell[")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSuffix(number, "]"))
	return n, err == nil
}
