// Package zmtp is the listening side of ZeroMQ's sockets: the transport protocol, ZMTP 3.0
// without encryption, and what ROUTER, PUB and REP have in common. The caller decides what
// a socket does with its peers: a [Socket] delivers each message with the [Peer] that sent
// it, and messages can be sent to a peer.
//
// It exists because a kernel must survive whatever connects to it. In go-zeromq v0.17.0
// (which our client and the tests of this package use) one bad peer can stop a listening
// socket: a connection that never says hello keeps all others out, one that no longer reads
// blocks the writes to all others, and a frame that claims to be 2⁶² bytes long ends the
// process. Closing its PUB sockets loses queued messages and leaks a goroutine.
//
// https://rfc.zeromq.org/spec/23/
package zmtp

import (
	"slices"
	"time"
)

// The types of sockets that can listen.
const (
	Router = "ROUTER"
	Pub    = "PUB"
	Rep    = "REP"
)

// talkers gives the types of sockets that may connect to each of ours.
var talkers = map[string][]string{
	Router: {"DEALER", "REQ", "ROUTER"},
	Pub:    {"SUB", "XSUB"},
	Rep:    {"REQ", "DEALER"},
}

func compatible(ours, theirs string) bool { return slices.Contains(talkers[ours], theirs) }

const (
	// helloLimit is how long a peer may take to introduce itself.
	helloLimit = 10 * time.Second
	// stallLimit is how long a peer may take to read stallPiece bytes while more than
	// highWater wait for it; then it counts as gone. A peer that stops reading while less
	// waits is kept: it may be a suspended front end.
	stallLimit = 10 * time.Second
	stallPiece = 1 << 20
	// flushLimit is how long closing a socket waits for peers to read what is queued.
	flushLimit = time.Second
	// highWater is how many bytes may wait for a peer before [Peer.Wait] blocks.
	highWater = 16 << 20
	// messageLimit is the size of the largest accepted message.
	messageLimit = 256 << 20
	// commandLimit is the size of the largest accepted command.
	commandLimit = 1 << 16
)
