package host

import (
	"context"
	"maps"
	"runtime"
	"runtime/pprof"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// Flag asks the code of a cell to check whether it should stop. Each compiled cell has one
// and checks it in each iteration of its loops:
//
//	if stop.Up() { host.Stopped() }
type Flag struct{ up uint32 }

// Up reports whether the flag is up. The load is atomic so that the compiler does not move
// it out of a loop.
func (f *Flag) Up() bool { return atomic.LoadUint32(&f.up) != 0 }

// watch registers the flag of a cell under the number in its line directives: cell[7].
func watch(cell int, f *Flag) {
	checks.Lock()
	checks.flags[cell] = append(checks.flags[cell], f)
	checks.Unlock()
	settleChecks()
}

// checks holds the flags of cells, and the tasks for which they are up.
var checks = struct {
	sync.Mutex
	flags  map[int][]*Flag        // by the cell's number
	behind map[*task]map[int]bool // tasks left behind, and the cells that each will return to
	ending map[*task]bool         // tasks stopped just now, with other goroutines that must stop as well
}{flags: map[int][]*Flag{}, behind: map[*task]map[int]bool{}, ending: map[*task]bool{}}

// stops holds the labels of goroutines that must stop. The map is never changed, only
// replaced.
var stops atomic.Pointer[map[unsafe.Pointer]bool]

// settleChecks puts up the flags that some goroutine must check, and takes all others down:
// all flags while a task that the session waits for is being stopped, otherwise those of
// the cells to which tasks left behind will return.
func settleChecks() {
	checks.Lock()
	defer checks.Unlock()
	running := waited()
	tasks.Lock()
	live := map[*task]bool{}
	for _, t := range tasks.all {
		live[t] = true
	}
	tasks.Unlock()
	set := map[unsafe.Pointer]bool{}
	all := false
	for _, t := range append(running, slices.Collect(maps.Keys(checks.ending))...) {
		if t.stopping() {
			all, set[t.token] = true, true
			if t.isPressed() {
				set[unsafe.Pointer(leavingToken.Load())] = true
			}
		}
	}
	cells := map[int]bool{}
	for t, its := range checks.behind {
		if !live[t] {
			delete(checks.behind, t)
			continue
		}
		set[t.token] = true
		for n := range its {
			cells[n] = true
		}
	}
	delete(set, nil)
	stops.Store(&set)
	for n, flags := range checks.flags {
		up := uint32(0)
		if all || cells[n] {
			up = 1
		}
		for _, f := range flags {
			atomic.StoreUint32(&f.up, up)
		}
	}
}

// leaving labels goroutines that a check has ended and that are running their deferred
// functions. If asked again, these stop as well.
var (
	leaving      = pprof.WithLabels(context.Background(), pprof.Labels("cell", "interrupted"))
	leavingToken atomic.Pointer[byte]
)

// stopOthers stops the goroutines that a stopped task has left and that are running in
// loops, for which a moment is enough. Waiting goroutines do not concern the next cell.
func (t *task) stopOthers() {
	if !t.stopping() {
		settleChecks()
		return
	}
	checks.Lock()
	checks.ending[t] = true
	checks.Unlock()
	settleChecks()
	time.AfterFunc(lookeach, func() {
		checks.Lock()
		delete(checks.ending, t)
		checks.Unlock()
		settleChecks()
	})
}

// Stopped is called by the code of a cell when a flag is up. It ends the goroutine if that
// belongs to a task that must stop: deferred functions run, and nothing can recover. The
// goroutine of a test blocks for ever instead.
func Stopped() {
	set, token := stops.Load(), labelsHere()
	if set == nil {
		return
	}
	if !(*set)[token] {
		if isLabel(token) {
			return
		}
		if t := here(); t == nil || !(*set)[t.token] { // pprof.Do has changed its labels
			return
		}
	}
	calls := inCells(trace())
	interrupted := &Failure{Kind: "interrupted", Message: "interrupted" + at(calls), Trace: calls}
	if t := here(); t != nil {
		t.mu.Lock()
		t.stopped = interrupted
		t.mu.Unlock()
	} else if t := tested(); t != nil { // package testing would take the end for a panic
		t.end(interrupted)
		select {}
	}
	pprof.SetGoroutineLabels(leaving) // its deferred functions may have loops, too
	leavingToken.Store((*byte)(labelsHere()))
	runtime.Goexit()
}
