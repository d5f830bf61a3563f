package plots

import (
	"fmt"
	"html"
	"io"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/sdtlab/sdtlab/sdt"
)

// Follow returns a function for [sdt.Lab.OnProgress] that shows the progress of a stage.
//
// In a notebook it draws the [LossCurves] while the stage trains, in one output that it updates
// in place two or three times a second, or less often if that would take more than a fiftieth
// of the time; the axis extends to the last step. When the stage has ended, was interrupted or
// failed, it shows the figure that LossCurves returns, and a line on w says how long the stage
// took. For a stage that is loaded it shows that figure and the line of [sdt.Bar].
//
// Elsewhere it is [sdt.Bar] on w: a bar on a terminal, plain lines in a file.
func Follow(w io.Writer) func(sdt.Progress) {
	if !gonbui.IsNotebook {
		return sdt.Bar(w)
	}
	return newFollower(w).report
}

func newFollower(w io.Writer) *follower {
	return &follower{w: w, now: time.Now, send: gonbui.SendData, settle: func() error {
		gonbui.Sync()
		return gonbui.Error()
	}, newID: gonbui.UniqueId}
}

const (
	followEvery    = 400 * time.Millisecond // least time between updates
	followShare    = 50                     // updates take at most one part in this many of the time
	followComplete = 10 * time.Second       // between complete frames, for pages that open late
)

// whileItTrains is the detail of updates, which should be small.
var whileItTrains = detail{values: 120, means: 60}

// follower is a notebook's output that shows a stage. Its methods run within calls of report.
type follower struct {
	w      io.Writer
	now    func() time.Time
	send   func(*protocol.DisplayData)
	settle func() error // waits until the notebook shows what was sent
	newID  func() string

	broken bool               // the notebook accepts nothing more
	bar    func(sdt.Progress) // used when broken

	id       string    // of the output of the stage in progress; empty: none
	next     time.Time // earliest time of the next update
	complete time.Time // time of the last complete frame
	shape    string    // of its chart
}

func (f *follower) report(p sdt.Progress) {
	if p.Note != "" && !f.broken {
		fmt.Fprintln(f.w, p.Note)
	}
	switch {
	case f.broken:
		f.bar(p)
	case p.Ended || p.Loaded:
		f.end(p)
	case !f.now().Before(f.next):
		began := f.now()
		f.draw(p, began)
		ended := f.now()
		f.next = ended.Add(max(followEvery, followShare*ended.Sub(began)))
	}
}

// draw shows a stage in progress.
func (f *follower) draw(p sdt.Progress, now time.Time) {
	fresh := f.id == ""
	if fresh {
		f.id = "sdt-follow-" + f.newID()
	}
	if len(p.History.Step) == 0 { // the frozen part of a network is computed, which has no losses
		f.show("<pre>"+html.EscapeString(p.String())+"</pre>", p.String())
		return
	}
	d := whileItTrains
	d.steps = p.Steps
	c := lossCurves(d, []sdt.History{p.History})
	frame := points
	if s := shape(c); fresh || s != f.shape || now.Sub(f.complete) >= followComplete {
		frame, f.shape, f.complete = complete, s, now
	}
	f.show(frame(f.id, p.String(), c), p.String())
}

// end shows the final figure of a stage.
func (f *follower) end(p sdt.Progress) {
	if len(p.History.Step) > 0 {
		c := LossCurves(p.History)
		f.show(c.fragment(), c.String())
	}
	fmt.Fprintln(f.w, p)
	f.close()
}

// close ends the output of a stage.
func (f *follower) close() {
	f.id, f.next, f.shape = "", time.Time{}, ""
	if err := f.settle(); err != nil {
		f.broken, f.bar = true, sdt.Bar(f.w)
		fmt.Fprintf(f.w, "the notebook no longer shows curves: %v\n", err)
	}
}

// show displays or updates the stage's output.
func (f *follower) show(html, plain string) {
	f.send(&protocol.DisplayData{DisplayID: f.id,
		Data: map[protocol.MIMEType]any{protocol.MIMETextHTML: html, protocol.MIMETextPlain: plain}})
}
