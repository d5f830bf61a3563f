package plots

import (
	"fmt"
	"io"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/sdtlab/sdtlab/sdt"
)

// Follow returns a function for [sdt.Lab.OnProgress] that shows how a stage goes.
//
// In a notebook it draws the [LossCurves] while the stage trains, in one output that is
// updated in place two or three times a second, or less often where that would take more
// than a fiftieth of the time; the axis reaches to the last step. When the stage has ended,
// is interrupted or fails, the figure that LossCurves gives stands there, and a line on w
// says how long it took. Of a stage that is loaded there are that figure and the line of
// [sdt.Bar].
//
// Anywhere else it is [sdt.Bar] on w: a bar on a terminal, plain lines in a file.
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
	followEvery = 400 * time.Millisecond // between updates, at the least
	followShare = 50                     // an update may take one part in so many of the time
	followWhole = 10 * time.Second       // between frames that have all of the figure, for pages that come late
)

// whileItTrains is the detail of updates, which are to be small.
var whileItTrains = detail{values: 120, means: 60}

// follower is a notebook's output that shows a stage. It works within the calls to report.
type follower struct {
	w      io.Writer
	now    func() time.Time
	send   func(*protocol.DisplayData)
	settle func() error // waits until what was sent is shown
	newID  func() string

	broken bool               // the notebook takes nothing more
	bar    func(sdt.Progress) // then

	id    string    // of the output of the stage at work; empty: none
	next  time.Time // earliest, for an update
	whole time.Time // of the last frame that had all
	shape string    // of its chart
}

func (f *follower) report(p sdt.Progress) {
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

// draw shows a stage at work.
func (f *follower) draw(p sdt.Progress, now time.Time) {
	d := whileItTrains
	d.steps = p.Steps
	c := lossCurves(d, []sdt.History{p.History})
	fresh := f.id == ""
	if fresh {
		f.id = "sdt-follow-" + f.newID()
	}
	frame := points
	if s := shape(c); fresh || s != f.shape || now.Sub(f.whole) >= followWhole {
		frame, f.shape, f.whole = whole, s, now
	}
	f.show(frame(f.id, p.String(), c), p.String())
}

// end shows what stays of a stage.
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
		fmt.Fprintf(f.w, "no curves in the notebook any more: %v\n", err)
	}
}

// show displays or updates the stage's output.
func (f *follower) show(html, plain string) {
	f.send(&protocol.DisplayData{DisplayID: f.id,
		Data: map[protocol.MIMEType]any{protocol.MIMETextHTML: html, protocol.MIMETextPlain: plain}})
}
