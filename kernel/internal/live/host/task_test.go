package host

import (
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// serves makes Exit believe that there are values to keep.
func serves(t *testing.T) {
	serving.Store(true)
	t.Cleanup(func() { serving.Store(false) })
}

func TestExit(t *testing.T) {
	serves(t)
	deferred := false
	exits := func(code int) func() {
		return func() {
			defer func() {
				deferred = true
				recover()
			}()
			Exit(code)
		}
	}
	if f := run(exits(3)); f == nil || f.Kind != "exit" || f.Code != 3 || f.Message != "exit status 3" || len(f.Trace) == 0 ||
		!strings.Contains(f.Trace[0].Function, "TestExit") {
		t.Errorf("status 3: %+v", f)
	}
	if f := run(exits(0)); f != nil {
		t.Errorf("status 0 is no failure: %+v", f)
	}
	if f := run(func() {
		defer func() { recover() }()
		defer Exit(4)
		panic("x")
	}); f == nil || f.Code != 4 {
		t.Errorf("in a deferred function: %+v", f)
	}
	after := false
	if f := run(func() {
		go exits(5)()
		time.Sleep(50 * time.Millisecond)
		after = true
	}); f != nil || !after {
		t.Errorf("a goroutine's: %+v, the cell went on: %v", f, after)
	}
	if f := run(func() {
		here().tests.Store(true)
		go exits(6)()
		select {}
	}); f == nil || f.Code != 6 {
		t.Errorf("a test's: %+v", f)
	}
	if deferred {
		t.Error("a deferred function ran")
	}
	if f := run(func() {}); f != nil {
		t.Errorf("after all that: %+v", f)
	}
}

func TestExitInText(t *testing.T) {
	serves(t)
	if v := show([]any{leaver{}}); v.Data["text/plain"] != "the value cannot be shown: exit status 7" {
		t.Errorf("%q", v.Data)
	}
}

type leaver struct{}

func (leaver) HTML() string { Exit(7); return "" }

func TestGoexit(t *testing.T) {
	if f := run(runtime.Goexit); f == nil || f.Message != "runtime.Goexit ended the cell" {
		t.Errorf("%+v", f)
	}
	serving.Store(true)
	defer serving.Store(false)
	f := run(func() {
		leaves := make(chan bool)
		defer close(leaves)
		go func() {
			<-leaves
			Exit(3)
		}()
		runtime.Goexit()
	})
	if f == nil || f.Kind != "exit" || f.Code != 3 {
		t.Errorf("an exit after Goexit: %+v", f)
	}
}

// TestManyTasks checks that ended tasks are forgotten.
func TestManyTasks(t *testing.T) {
	tasks.Lock()
	before := len(tasks.all)
	tasks.Unlock()
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() { run(func() { time.Sleep(time.Millisecond) }) })
	}
	all.Wait()
	within(t, "all are forgotten", func() bool {
		tasks.Lock()
		defer tasks.Unlock()
		return len(tasks.all) <= before
	})
}

// within waits until a condition holds.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not after 5 s: %s", what)
		}
	}
}
