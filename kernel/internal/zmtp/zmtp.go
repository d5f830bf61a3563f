// Package zmtp is the listening side of ZeroMQ's sockets: the transport protocol,
// ZMTP 3.0 without encryption, and as much of ROUTER, PUB and REP as they have in
// common. What a socket does with its peers is left to who uses it: a [Socket]
// hands on each message with the [Peer] that it came from, and a peer can be sent
// to.
//
// It is here because a kernel lives as long as its user wants, whatever connects
// to it. In go-zeromq v0.17.0 (which our client and the tests of this package use)
// a socket that listens can be stopped by one bad peer: a connection that never
// says hello keeps all others out, one that no longer reads blocks the writes to
// all others, and a frame that claims to be 2⁶² bytes long ends the process. Its
// PUB sockets lose what is queued when they are closed, and leave a goroutine.
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

// talkers says which types of sockets may connect to one of ours.
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
	// highWater wait for it; then it counts as gone. One that stops to read while less
	// waits is waited for: it may be a front end that was suspended.
	stallLimit = 10 * time.Second
	stallPiece = 1 << 20
	// flushLimit is how long closing a socket waits for peers to take what is queued.
	flushLimit = time.Second
	// highWater is how many bytes may wait for a peer before [Peer.Wait] waits.
	highWater = 16 << 20
	// messageLimit is the size of the largest message that is taken.
	messageLimit = 256 << 20
	// commandLimit is that of a command.
	commandLimit = 1 << 16
)
