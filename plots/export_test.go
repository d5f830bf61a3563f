package plots

import (
	"io"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/sdtlab/sdtlab/sdt"
)

// FollowIn is Follow in a notebook that the test plays.
func FollowIn(w io.Writer, now func() time.Time, send func(*protocol.DisplayData), settle func() error, newID func() string) func(sdt.Progress) {
	f := follower{w: w, now: now, send: send, settle: settle, newID: newID}
	return f.report
}
