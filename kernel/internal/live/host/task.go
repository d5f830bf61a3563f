package host

import (
	"context"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// task is the user's code that the session waits for: a cell, or the text of a value. It
// runs on a goroutine of its own, so that the session can continue without it: when it
// exits ([Exit]), and when it is interrupted while it waits for something.
type task struct {
	name  string         // of its goroutine
	token unsafe.Pointer // labels of its goroutine and of all that it starts: see labels
	ended chan *Failure  // receives why it ended, nil if it ran to its end
	over  chan struct{}  // closed when it has ended
	once  sync.Once
	tests atomic.Bool // it runs tests, each on a goroutine of its own
	alone atomic.Bool // its goroutine has called runtime.Goexit: another may end it by an exit

	mu      sync.Mutex
	asked   int           // how often it was asked to stop
	halted  bool          // it had time to stop by itself
	pressed chan struct{} // closed when it was asked twice
	stopped *Failure      // why a check ended its goroutine
}

// tasks are those with living goroutines, by the names of these: tasks that the session
// waits for, and tasks that were left behind.
var tasks = struct {
	sync.Mutex
	all map[string]*task
}{all: map[string]*task{}}

// start runs f as a task.
func start(f func()) *task {
	t := &task{ended: make(chan *Failure, 1), over: make(chan struct{}), pressed: make(chan struct{})}
	begun := make(chan struct{})
	go func() {
		t.name = goroutine()
		t.token = label()
		tasks.Lock()
		tasks.all[t.name] = t
		tasks.Unlock()
		close(begun)
		left := &Failure{Kind: "panic", Message: "runtime.Goexit ended the cell"}
		failure := left
		defer func() {
			if failure == left && t.stopping() { // iter.Pull reports that a check has ended its goroutine
				failure = &Failure{Kind: "interrupted", Message: "interrupted" + at(left.Trace), Trace: inCells(left.Trace)}
			}
			if failure == left {
				t.linger()
			}
			t.mu.Lock()
			if t.stopped != nil {
				failure = t.stopped
			}
			t.mu.Unlock()
			t.end(failure)
			tasks.Lock()
			delete(tasks.all, t.name)
			tasks.Unlock()
			t.stopOthers()
		}()
		failure = guard(f, func(calls []Frame, thrown *Failure) {
			if thrown != nil {
				failure = thrown
				return
			}
			left.Message, left.Trace = left.Message+at(calls), inCells(calls)
		})
	}()
	<-begun
	return t
}

// lingering is how long a task, when its goroutine has left it, waits for another goroutine
// to exit.
const lingering = 500 * time.Millisecond

// linger waits for the exit of a goroutine that the task has started: a program continues
// until then if its main goroutine has called runtime.Goexit.
func (t *task) linger() {
	t.mu.Lock()
	stopped := t.stopped != nil
	t.mu.Unlock()
	if !stopped {
		t.alone.Store(true)
		t.passes(lingering, nil)
	}
}

// run runs f as a task and returns why it ended early, nil if it did not. Data that f sets
// may be read only if run returns nil: otherwise f may continue for a while.
func run(f func()) *Failure { return <-start(f).ended }

// end ends a task for the session, once.
func (t *task) end(f *Failure) {
	t.once.Do(func() {
		close(t.over)
		t.ended <- f
	})
}

// isOver reports whether the session has continued without waiting any longer.
func (t *task) isOver() bool {
	select {
	case <-t.over:
		return true
	default:
		return false
	}
}

// here returns the task of the calling goroutine, nil if there is none.
func here() *task {
	tasks.Lock()
	defer tasks.Unlock()
	return tasks.all[goroutine()]
}

// waited returns the tasks that the session waits for.
func waited() []*task {
	tasks.Lock()
	defer tasks.Unlock()
	var all []*task
	for _, t := range tasks.all {
		if !t.isOver() {
			all = append(all, t)
		}
	}
	return all
}

// goroutine returns the name of the calling goroutine.
func goroutine() string {
	line := make([]byte, 64)
	line = line[:runtime.Stack(line, false)]
	name, _, _ := strings.Cut(strings.TrimPrefix(string(line), "goroutine "), " ")
	return name
}

// label gives the calling goroutine new labels and returns the runtime's pointer to them.
// Goroutines inherit their labels, which shows that one belongs to a cell. A profile shows
// when the cell began, in UTC: asking for local time would read TZ, once and for all,
// before the cell can set it.
func label() unsafe.Pointer {
	began := pprof.Labels("cell", time.Now().UTC().Format("15:04:05.000"))
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), began))
	token := labelsHere()
	labels.Store(token, true)
	return token
}

// labels are all that tasks have had. They are kept so that their addresses are never
// reused.
var labels sync.Map

// isLabel reports whether the labels of a goroutine are ours, and so show which task it
// belongs to. Labels of package pprof do not show that, and neither do missing ones.
func isLabel(token unsafe.Pointer) bool {
	if token == nil {
		return false
	}
	_, ours := labels.Load(token)
	return ours || token == unsafe.Pointer(leavingToken.Load())
}

// labelsHere is one of the functions that the runtime has promised to keep for linkname.
//
//go:linkname labelsHere runtime/pprof.runtime_getProfLabel
func labelsHere() unsafe.Pointer
