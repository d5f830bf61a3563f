package host

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// A cell that is interrupted gets time to react through its context or its signals. After
// that, its loops stop at their next iteration, and a task that waits is left behind.
const (
	hearing   = 250 * time.Millisecond // until loops stop
	listening = 2 * time.Second        // the same, if the cell has begun to listen to signals
	patience  = 500 * time.Millisecond // from then on, until we check whether it waits
	lookeach  = 100 * time.Millisecond // how often we check
	looks     = 3                      // how many checks in a row must find it waiting
)

// Listeners counts the channels that receive signals. Package module sets it.
var Listeners = func() int { return 1 }

// interrupt is the context of the running cell.
var interrupt struct {
	sync.Mutex
	ctx       context.Context
	cancel    context.CancelFunc
	listeners int // count at its start: channels that earlier cells left listening are not its own
}

// signals receives the process's interrupts.
var signals = make(chan os.Signal, 1)

// heed keeps interrupts from ending the process, whatever a cell has done to signals.
func heed() { signal.Notify(signals, os.Interrupt) }

// disturb interrupts everything that belongs to the process: itself and the processes that
// cells have started, as Ctrl-C does in a terminal.
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

// listens reports whether the running cell has begun to listen to signals.
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

// Context returns a context that is done when the running cell is interrupted, or when the
// next one begins.
func Context() context.Context {
	interrupt.Lock()
	defer interrupt.Unlock()
	return interrupt.ctx
}

// stop asks every task that the session waits for to stop.
func stop() {
	cancel()
	for _, t := range waited() {
		t.stop()
	}
}

// stop asks a task to stop. If asked twice, the task gets no time to stop by itself.
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
		if found++; state == "" || works || state == "syscall" && !t.rests(began) { // which may be C code that computes
			found = 0
		}
		if found >= looks {
			t.leave(state, calls)
			return
		}
	}
}

// rests reports whether the process has used little processor time for a moment.
func (t *task) rests(cpuBefore time.Duration) bool {
	return !t.passes(lookeach/2, nil) && cpu()-cpuBefore < lookeach/10
}

// passes waits until the task is over, a time has passed, or hurry is closed. It reports
// whether the task is over.
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

// stopping reports whether checks must stop the task.
func (t *task) stopping() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.halted
}

// cpu returns the processor time that the process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
