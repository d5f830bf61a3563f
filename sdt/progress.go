package sdt

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Progress is how far a stage has come.
type Progress struct {
	Stage          string        // "pretrain", "adapt", …
	Method         Method        // of the stage
	Note           string        // in a lab's first report of a training: which back end computes, and why; "" if there is nothing to say
	Step, Steps    int           // done, of all
	Losses         []Loss        // of the last step
	DomainAccuracy float64       // of the domain classifier in the last step, 0…1; NaN if there is none
	Lambda         float64       // λ in the last step; 0 if the method has no loss weighted by it
	History        History       // all steps so far, including earlier sittings; read-only
	Elapsed        time.Duration // in this sitting
	Left           time.Duration // estimated from the pace so far
	Loaded         bool          // the stage was already done and is read from the run directory
	Ended          bool          // the stage's last report: it is done, or was interrupted or failed
}

// Loss is one named loss of a step, in nats.
type Loss struct {
	Name  string  // "L_C", "L_D", "L_conf", "L_soft"
	Value float64 // averaged over the batch
}

// Bar returns a function for [Lab.OnProgress] that shows a progress bar on w. On a terminal,
// or in a notebook cell, it redraws one line at most five times a second; elsewhere, such as
// in a log file, it prints a plain line for every tenth of the steps. It always shows the
// last state.
func Bar(w io.Writer) func(Progress) {
	live := os.Getenv("GONB_PIPE") != "" // a cell of GoNB
	if f, ok := w.(*os.File); ok && !live {
		info, err := f.Stat()
		live = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	var last time.Time
	var width, tenth int
	return func(p Progress) {
		if p.Note != "" {
			fmt.Fprintln(w, p.Note)
		}
		line := p.String()
		switch {
		case p.Loaded:
			fmt.Fprintln(w, line)
		case live && (p.Ended || time.Since(last) > 200*time.Millisecond):
			last = time.Now()
			fmt.Fprintf(w, "\r%s%s", line, strings.Repeat(" ", max(0, width-len([]rune(line)))))
			width = len([]rune(line))
			if p.Ended {
				fmt.Fprintln(w)
				last, width = time.Time{}, 0
			}
		case !live && (p.Ended || p.Step*10/max(p.Steps, 1) != tenth):
			tenth = p.Step * 10 / max(p.Steps, 1)
			fmt.Fprintln(w, line)
		}
	}
}

// String returns the progress as one line: stage, bar, step and count of steps, losses, time.
func (p Progress) String() string {
	if p.Loaded {
		line := fmt.Sprintf("%-9s loaded from the run directory", p.Stage)
		if p.Stage == "adapt" { // the stages before do not depend on the method
			line += fmt.Sprintf(" (%s)", p.Method)
		}
		return line
	}
	const cells = 20
	full := 0
	if p.Steps > 0 {
		full = cells * min(p.Step, p.Steps) / p.Steps
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-9s %s%s %d/%d", p.Stage, strings.Repeat("█", full), strings.Repeat("░", cells-full), p.Step, p.Steps)
	for _, l := range p.Losses {
		fmt.Fprintf(&b, "  %s %.3f", l.Name, l.Value)
	}
	switch {
	case p.Step >= p.Steps:
		fmt.Fprintf(&b, "  in %s", p.Elapsed.Round(100*time.Millisecond))
	case p.Ended:
		fmt.Fprintf(&b, "  stopped after %s", p.Elapsed.Round(100*time.Millisecond))
	default:
		fmt.Fprintf(&b, "  %s left", p.Left.Round(time.Second))
	}
	return b.String()
}
