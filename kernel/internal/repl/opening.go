package repl

import (
	"context"

	"github.com/sdtlab/sdtlab/kernel/internal/live"
)

// opening is a session that is being opened, or has been.
type opening struct {
	stop   context.CancelFunc
	done   chan struct{} // closed when the other fields are set
	live   *live.Session
	failed error // why there is no session
}

// wait waits for the session.
func (o *opening) wait(ctx context.Context) (*live.Session, error) {
	select {
	case <-o.done:
		return o.live, o.failed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// now returns the session, nil if there is none yet.
func (o *opening) now() *live.Session {
	select {
	case <-o.done:
		return o.live
	default:
		return nil
	}
}

// close ends the session, or the attempt to open it.
func (o *opening) close() error {
	o.stop()
	<-o.done
	if o.live == nil {
		return nil
	}
	return o.live.Close()
}
