package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// protocolVersion is the version of the protocol that the kernel speaks.
const protocolVersion = "5.4"

// About is what a kernel says of itself.
type About struct {
	Implementation, Version, Banner string

	// Language is the protocol's language_info: name, version, mimetype, file_extension
	// and so on.
	Language map[string]any
	// Help is for the front end's help menu.
	Help []HelpLink
	// Paced says that front ends may be behind a Jupyter server, which drops what is above
	// its rate: what shows more than that waits.
	Paced bool
	// History is the file that keeps the history over sessions; "" keeps it in memory.
	History string
	// Log takes what goes wrong between us and the front ends: messages that are dropped,
	// kinds that are not known, a history that cannot be written. Nil takes nothing.
	Log *slog.Logger
}

// HelpLink is an entry of a front end's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// Serve is the kernel at c: it has ev run what front ends send, and returns nil when one
// of them asks for its end (for a restart too: the front end starts the next process) or
// ctx ends. A cell that runs then is given a moment to stop; if it does not, it is left
// running and the error says so.
//
// It takes ev over: ev is closed when Serve returns, except under a cell that is left
// running.
func Serve(ctx context.Context, c jupyter.Connection, about About, ev Evaluator) error {
	if err := c.Validate(); err != nil {
		return errors.Join(fmt.Errorf("serve: %w", err), ev.Close())
	}
	s, err := listen(c, about, ev)
	if err != nil {
		return errors.Join(fmt.Errorf("serve: %w", err), ev.Close())
	}
	return s.run(ctx)
}

// stopGrace is how long a running cell may take to stop when the kernel ends. Jupyter sends
// SIGTERM to a kernel 2.5 seconds after it asked it to end, and SIGKILL 2.5 seconds later.
const stopGrace = 2 * time.Second

type server struct {
	about   About
	at      jupyter.Connection
	key     jupyter.Key
	session string
	log     *slog.Logger
	ev      Evaluator
	grace   time.Duration

	shell, control   *channel
	stdin            *stdin
	iopub            *iopub
	gathered         *gatherer
	pace             *pace
	stdinAt, iopubAt *zmtp.Socket
	heartbeat        *zmtp.Socket

	replays replays
	dropped atomic.Int64 // messages not taken: forged, damaged, sent twice

	history *history
	comms   comms
	working working
	asking  sync.Mutex // of the evaluator, by a question
	count   int        // execution count; of shell's goroutine
	audible *output    // of the last request that was not silent; of shell's goroutine

	ctx  context.Context // ends when the kernel stops
	stop context.CancelFunc
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
		return fmt.Errorf("serve: the cell that runs has not stopped within %s", s.grace)
	}
}

func newServer(c jupyter.Connection, about About, ev Evaluator) *server {
	s := &server{
		about: about, at: c, key: jupyter.Key(c.Key), session: rand.Text(), log: about.Log, ev: ev,
		grace: stopGrace, iopub: newIOPub(),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.shell, s.control = newChannel(onShell), newChannel(onControl)
	s.stdin = newStdin(s)
	s.gathered = &gatherer{send: s.broadcastText, scarce: func() bool { return s.pace.scarce() }}
	if about.Paced {
		s.pace = &pace{}
	}
	var err error
	if s.history, err = openHistory(about.History); err != nil {
		s.log.Warn("history is kept in memory only", "error", err)
	}
	return s
}
