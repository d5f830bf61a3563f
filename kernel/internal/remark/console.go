package remark

import (
	"fmt"
	"io"
	"time"
)

// Console is a [Teller] for a command's error output: on a terminal the state is one line
// that is redrawn; elsewhere it is a line at most every ten seconds.
type Console struct {
	w        io.Writer
	terminal *Terminal // nil if w is none
	clock    func() time.Time
	printed  time.Time // when the state was last printed, if w is no terminal
	open     bool      // the terminal shows a state
}

// sparse is the time between two states in a file.
const sparse = 10 * time.Second

var _ Teller = (*Console)(nil)

// On returns the console that writes to w.
func On(w io.Writer) *Console { return &Console{w: w, terminal: TerminalOf(w), clock: time.Now} }

// Say prints the line.
func (c *Console) Say(line string) {
	c.Now("")
	fmt.Fprintln(c.w, line)
}

// Now redraws the state, or prints it if the last one is old.
func (c *Console) Now(state string) {
	switch {
	case c.terminal != nil:
		if state != "" || c.open {
			c.terminal.Redraw(state)
		}
		c.open = state != ""
	case state != "" && c.clock().Sub(c.printed) >= sparse:
		fmt.Fprintln(c.w, state)
		c.printed = c.clock()
	}
}
