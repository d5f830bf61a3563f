package host

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// A cell that is interrupted gets the time to hear it by its context or its signals. What
// then turns in a loop of a cell stops at its next turn, and what waits is left behind.
const (
	hearing   = 250 * time.Millisecond // until loops stop
	listening = 2 * time.Second        // the same, if the cell has begun to listen to signals
	patience  = 500 * time.Millisecond // from then on, until it is looked whether it waits
	lookeach  = 100 * time.Millisecond // how often that is done
	looks     = 3                      // how many of them, one after the other, have to find it waiting
)

// Listeners counts the channels that get signals. Package module knows it.
var Listeners = func() int { return 1 }

// interrupt is the context of the running cell.
var interrupt struct {
	sync.Mutex
	ctx       context.Context
	cancel    context.CancelFunc
	listeners int // when it began: what cells before it have left listening is not its own
}

// signals takes the process's interrupts.
var signals = make(chan os.Signal, 1)

// heed keeps the interrupt from ending the process, whatever a cell has done to signals.
func heed() { signal.Notify(signals, os.Interrupt) }

// disturb interrupts all that belongs to the process: itself and the processes that cells
// have started, as Ctrl-C does in a terminal.
func disturb() {
	heed()
	syscall.Kill(0, syscall.SIGINT)
}

func arm() {
	heed()
	interrupt.Lock()
	defer interrupt.Unlock()
	if interrupt.cancel != nil {
		interrupt.cancel()
	}
	interrupt.listeners = Listeners()
	interrupt.ctx, interrupt.cancel = context.WithCancel(context.Background())
}

// listens tells whether the running cell has begun to listen to signals.
func listens() bool {
	interrupt.Lock()
	defer interrupt.Unlock()
	return Listeners() > interrupt.listeners
}

func cancel() {
	interrupt.Lock()
	defer interrupt.Unlock()
	if interrupt.cancel != nil {
		interrupt.cancel()
	}
}

// Context returns a context that ends when the running cell is interrupted, or when the
// next one begins.
func Context() context.Context {
	interrupt.Lock()
	defer interrupt.Unlock()
	return interrupt.ctx
}

// stop asks all that the session waits for to stop.
func stop() {
	cancel()
	for _, t := range waited() {
		t.stop()
	}
}

// stop asks a task to stop. Asked twice, it is not given time to do so by itself.
func (t *task) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch t.asked++; t.asked {
	case 1:
		go t.chase()
	case 2:
		close(t.pressed)
		go settleChecks()
	}
}

// chase follows a task that was asked to stop until it has ended.
func (t *task) chase() {
	first := hearing
	if listens() {
		first = listening
	}
	if t.passes(first, t.pressed) {
		return
	}
	t.mu.Lock()
	t.halted = true
	t.mu.Unlock()
	settleChecks()
	found := 0
	for over := t.passes(patience, t.pressed); !over; over = t.passes(lookeach, nil) {
		began := cpu()
		state, calls, works := t.where()
		if found++; state == "" || works || state == "syscall" && !t.rests(began) { // which may be C that computes
			found = 0
		}
		if found >= looks {
			t.leave(state, calls)
			return
		}
	}
}

// rests tells whether the process has done little for a moment.
func (t *task) rests(cpuBefore time.Duration) bool {
	return !t.passes(lookeach/2, nil) && cpu()-cpuBefore < lookeach/10
}

// passes waits until the task is over, which it tells, or a time has passed, or hurry is closed.
func (t *task) passes(d time.Duration, hurry <-chan struct{}) (over bool) {
	select {
	case <-t.over:
		return true
	case <-hurry:
	case <-time.After(d):
	}
	return t.isOver()
}

func (t *task) isPressed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.asked > 1
}

// stopping tells whether checks are to stop the task.
func (t *task) stopping() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.halted
}

// cpu is the time that the process has computed.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
