package server

import (
	"sync"
	"time"
)

// stdin asks front ends for input, one question at a time.
type stdin struct {
	limit time.Duration
	turn  chan struct{} // has an element while a question is open

	mu   sync.Mutex
	open *question
}

// question is an unanswered input_request.
type question struct {
	id     string // of the message
	to     string // identity of the peer
	answer chan string
}

// stdinLimit is how long the front end that sent a request may take to connect its stdin
// socket too. Front ends make all their sockets together.
const stdinLimit = 5 * time.Second

func newStdin() *stdin { return &stdin{limit: stdinLimit, turn: make(chan struct{}, 1)} }

func (in *stdin) set(q *question) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.open = q
}
