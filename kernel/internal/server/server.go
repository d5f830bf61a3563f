// Package server implements the kernel's side of Jupyter's messaging protocol, 5.4, for an
// [eval.Evaluator]: it owns the sockets, the order of requests and replies, counts and
// comms. The evaluator owns the meaning of code.
//
//	listen     makes the sockets; serve, runs until the end
//	channel    the requests that wait on a socket; aside, those that do not wait for their turn
//	check      who may send; replays, messages that came before
//	answer     the table of requests, and what is common to all: content, status, wire
//	execute    runs a cell; output, what it shows; comm and comms, widgets
//	question   what an editor asks; history; kernel, about the kernel
//	publish    broadcasts; iopub, to whom; gather, text in few messages; pace, not too fast
//	ask        asks the user for input; stdin, the question that is open
package server

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/history"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
	"github.com/sdtlab/sdtlab/kernel/internal/zmtp"
)

// protocolVersion is the version of the protocol that the kernel speaks.
const protocolVersion = "5.4"

// About describes a kernel.
type About struct {
	Implementation, Version, Banner string

	// Language is the protocol's language_info: name, version, mimetype, file_extension
	// and so on.
	Language map[string]any
	// Help is for the front end's help menu.
	Help []HelpLink
	// Paced says that front ends may be behind a Jupyter server, which drops messages above
	// its rate: code that shows more has to wait.
	Paced bool
	// History is the file that keeps the history over sessions; "" keeps it in memory.
	History string
	// Log receives what goes wrong between us and the front ends: dropped messages, unknown
	// kinds, a history that cannot be written. Nil logs nothing.
	Log *slog.Logger
}

// HelpLink is an entry of a front end's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

type server struct {
	about   About
	at      jupyter.Connection
	key     jupyter.Key
	session string
	log     *slog.Logger
	ev      eval.Evaluator
	grace   time.Duration

	shell, control   *channel
	stdin            *stdin
	iopub            *iopub
	gathered         *gatherer
	pace             *pace
	stdinAt, iopubAt *zmtp.Socket
	heartbeat        *zmtp.Socket

	replays replays
	dropped atomic.Int64 // messages not accepted: forged, damaged, sent twice

	history *history.History
	comms   comms
	working working
	asking  sync.Mutex // held while a question is put to the evaluator
	count   int        // execution count; of shell's goroutine
	audible *request   // the last request that was not silent; of shell's goroutine

	ctx  context.Context // ends when the kernel stops
	stop context.CancelFunc
}

// working knows whether shell handles a request. A request answered meanwhile ends with an
// idle, which front ends would take to mean the entire kernel: they are told that it is
// still busy.
type working struct {
	mu   sync.Mutex
	main bool
}
