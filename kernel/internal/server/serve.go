package server

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
)

// Serve runs the kernel at c: it has ev run what front ends send, and returns nil when one
// of them asks it to end (or to restart: the front end starts the next process) or ctx
// ends. A running cell is then given a moment to stop; if it does not, it is abandoned and
// the error says so.
//
// Serve takes ownership of ev, and closes it on return, unless a cell is abandoned.
func Serve(ctx context.Context, c jupyter.Connection, about About, ev eval.Evaluator) error {
	if err := c.Validate(); err != nil {
		return errors.Join(fmt.Errorf("serve: %w", err), ev.Close())
	}
	s, err := listen(c, about, ev)
	if err != nil {
		return errors.Join(fmt.Errorf("serve: %w", err), ev.Close())
	}
	return s.run(ctx)
}

// run serves on the sockets that listen made, and closes them.
func (s *server) run(ctx context.Context) error {
	defer s.stop()
	defer context.AfterFunc(ctx, s.stop)()
	s.publish(nil, "status", status{"starting"})
	var running sync.WaitGroup
	running.Go(func() { s.answerAll(s.control) })
	running.Go(func() { s.answerAll(s.shell) })
	running.Go(s.answerAsides)
	<-s.ctx.Done()
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		running.Wait()
	}()
	select {
	case <-stopped:
		s.close()
		return s.ev.Close()
	case <-time.After(s.grace):
		s.close()
		return fmt.Errorf("serve: the running cell did not stop within %s", s.grace)
	}
}
