package server

import (
	"context"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/jupyter"
)

// fake is an evaluator that does what a test says, and nothing by default.
type fake struct {
	execute    func(ctx context.Context, code string, ask eval.Ask, out eval.Output) eval.Result
	complete   func(code string, cursor int) eval.Completion
	inspect    func(code string, cursor, detail int) map[string]any
	isComplete func(code string) eval.Completeness
	interrupt  func()
	comm       func(eval.Comm, eval.Output)
	closed     atomic.Int32
}

var _ eval.Evaluator = (*fake)(nil)

func (f *fake) Execute(ctx context.Context, code string, ask eval.Ask, out eval.Output) (r eval.Result) {
	if f.execute != nil {
		r = f.execute(ctx, code, ask, out)
	}
	return r
}

func (f *fake) Complete(code string, cursor int) (c eval.Completion) {
	if f.complete != nil {
		c = f.complete(code, cursor)
	}
	return c
}

func (f *fake) Inspect(code string, cursor, detail int) (data map[string]any) {
	if f.inspect != nil {
		data = f.inspect(code, cursor, detail)
	}
	return data
}

func (f *fake) IsComplete(code string) (c eval.Completeness) {
	if f.isComplete != nil {
		c = f.isComplete(code)
	}
	return c
}

func (f *fake) Interrupt() {
	if f.interrupt != nil {
		f.interrupt()
	}
}

func (f *fake) CommMessage(m eval.Comm, out eval.Output) {
	if f.comm != nil {
		f.comm(m, out)
	}
}

func (f *fake) Close() error {
	f.closed.Add(1)
	return nil
}

// running is a kernel that a test serves.
type running struct {
	*server
	at   jupyter.Connection
	ev   *fake
	done chan error // has what run returned
}

// place returns a connection over Unix sockets. The test's own directory can be too long
// for their paths.
func place(t testing.TB) jupyter.Connection {
	t.Helper()
	dir, err := os.MkdirTemp("", "k")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return jupyter.NewConnection(dir)
}

// start serves ev. At the end of the test the kernel is stopped, if it has not stopped
// itself, and must leave nothing behind.
func start(t testing.TB, ev *fake, about About) *running {
	t.Helper()
	k := prepare(t, ev, about)
	k.serve(t)
	return k
}

// prepare makes a kernel that does not serve yet.
func prepare(t testing.TB, ev *fake, about About) *running {
	t.Helper()
	at := place(t)
	s, err := listen(at, about, ev)
	if err != nil {
		t.Fatal(err)
	}
	return &running{server: s, at: at, ev: ev, done: make(chan error, 1)}
}

func (k *running) serve(t testing.TB) {
	go func() { k.done <- k.run(context.Background()) }()
	t.Cleanup(func() {
		k.stop()
		if err := k.ended(t); err != nil {
			t.Errorf("the kernel ended with %v", err)
		}
		if n := k.ev.closed.Load(); n != 1 {
			t.Errorf("the evaluator was closed %d times", n)
		}
		nothingLeft(t)
	})
}

// ended waits for the end of the kernel.
func (k *running) ended(t testing.TB) error {
	t.Helper()
	select {
	case err := <-k.done:
		k.done <- err // for who asks next
		return err
	case <-time.After(limit):
		t.Fatalf("the kernel has not ended within %s", limit)
	}
	return nil
}

// queued returns the number of requests that wait on shell.
func (k *running) queued() int {
	k.shell.mu.Lock()
	defer k.shell.mu.Unlock()
	return len(k.shell.waiting)
}

// nothingLeft fails if a goroutine of a kernel or its sockets is left.
func nothingLeft(t testing.TB) {
	t.Helper()
	buf := make([]byte, 1<<20)
	left := func() string {
		for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			for _, part := range []string{"/zmtp.", "server.(*server)", "server.(*channel)", "server.(*stdin)", "server.(*iopub)", "server.(*output)"} {
				if strings.Contains(stack, part) {
					return stack
				}
			}
		}
		return ""
	}
	for end := time.Now().Add(limit); left() != ""; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("left running:\n%s", left())
		}
	}
}

// until waits for a condition that sends no event.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, limit)
		}
	}
}

// within waits for a value.
func within[T any](t testing.TB, what string, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(limit):
		t.Fatalf("%s: not within %s", what, limit)
	}
	return v
}
