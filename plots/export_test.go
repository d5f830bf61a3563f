package plots

import (
	"io"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/sdtlab/sdtlab/sdt"
)

// FollowIn is Follow in a notebook simulated by the test.
func FollowIn(w io.Writer, now func() time.Time, send func(*protocol.DisplayData), settle func() error, newID func() string) func(sdt.Progress) {
	f := follower{w: w, now: now, send: send, settle: settle, newID: newID}
	return f.report
}

// Reply returns the program's answer to the question of a figure's slider.
func Reply(c Chart, question string) string { return c.choices.reply(c.title, question) }

// WatchIn is Watch in a notebook that the test plays.
func WatchIn(w io.Writer, now func() time.Time, send func(*protocol.DisplayData), settle func() error, newID func() string) func(sdt.Progress) {
	f := follower{w: w, now: now, send: send, settle: settle, newID: newID}
	return f.watch
}
