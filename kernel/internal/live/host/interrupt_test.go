package host

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The functions of cell 7 and cell 8 check as a cell's compiled code does.
var flag7, flag8 Flag

//line cell[7]:1
func turns(n *atomic.Int64) {
	for {
		if flag7.Up() {
			Stopped()
		}
		n.Add(1)
	}
}

//line cell[7]:2
func wakes(c chan int, late *atomic.Bool) {
	<-c
	if flag7.Up() {
		Stopped()
	}
	late.Store(true)
}

//line cell[8]:1
func others(n *atomic.Int64, end *atomic.Bool) {
	for !end.Load() {
		if flag8.Up() {
			Stopped()
		}
		n.Add(1)
	}
}

//line interrupt_test.go:46

// interrupting registers the flags, and stops what still runs when the test ends.
func interrupting(t *testing.T) {
	watch(7, &flag7)
	watch(8, &flag8)
	arm()
	t.Cleanup(func() {
		checks.Lock()
		checks.flags = map[int][]*Flag{}
		checks.Unlock()
	})
}

// interrupted runs f and interrupts it n times, shortly after it has begun.
func interrupted(t *testing.T, n int, f func()) *Failure {
	t.Helper()
	task := start(f)
	for range n {
		time.Sleep(30 * time.Millisecond)
		stop()
	}
	select {
	case f := <-task.ended:
		return f
	case <-time.After(10 * time.Second):
		t.Fatal("it does not stop")
		return nil
	}
}

// TestStopLoop checks that a loop stops, that its deferred functions run, and that nothing
// recovers. Goroutines of the cell stop with it, others do not.
func TestStopLoop(t *testing.T) {
	interrupting(t)
	var background, own, n atomic.Int64
	var end atomic.Bool
	run(func() { go others(&background, &end) })
	defer end.Store(true)
	var deferred, recovered bool
	f := interrupted(t, 1, func() {
		defer func() {
			recovered = recover() != nil
			for range 1000 {
				if flag7.Up() {
					Stopped()
				}
			}
			deferred = true
		}()
		go turns(&own)
		pprof.Do(context.Background(), pprof.Labels("user", "label"), func(context.Context) {})
		turns(&n)
	})
	if f == nil || f.Kind != "interrupted" || f.Message != "interrupted at line 4 of cell 7" || len(f.Trace) == 0 {
		t.Errorf("%+v", f)
	}
	if !deferred || recovered {
		t.Errorf("deferred function ran: %v, recovered something: %v", deferred, recovered)
	}
	if within(t, "the flags are down", func() bool { return !flag7.Up() && !flag8.Up() }); background.Load() == 0 {
		t.Fatal("the background does not run")
	}
	count := own.Load()
	time.Sleep(20 * time.Millisecond)
	if own.Load() != count {
		t.Error("the cell's other goroutine turns on")
	}
	before := background.Load()
	within(t, "the background runs on", func() bool { return background.Load() > before })
}

// TestStopGoroutine checks that a goroutine started by a cell belongs to the cell.
func TestStopGoroutine(t *testing.T) {
	interrupting(t)
	f := interrupted(t, 1, func() {
		ended := make(chan bool)
		go func() {
			defer close(ended)
			var n atomic.Int64
			turns(&n)
		}()
		<-ended
	})
	if f != nil {
		t.Errorf("the cell ended by itself, since what it waited for did: %+v", f)
	}
}

func TestLeaveBehind(t *testing.T) {
	interrupting(t)
	var mu sync.Mutex
	mu.Lock()
	var wait sync.WaitGroup
	wait.Add(1)
	for name, c := range map[string]struct {
		state string
		f     func()
	}{
		"a channel": {"chan receive", func() { <-make(chan int) }},
		"a lock":    {"sync.Mutex.Lock", mu.Lock},
		"sleep":     {"sleep", func() { time.Sleep(time.Hour) }},
		"a group":   {"sync.WaitGroup.Wait", wait.Wait},
		"a select": {"select", func() {
			select {
			case <-make(chan int):
			case <-make(chan bool):
			}
		}},
		"for ever":    {"select (no cases)", func() { select {} }},
		"no channel":  {"chan receive (nil chan)", func() { var c chan int; <-c }},
		"a condition": {"sync.Cond.Wait", func() { c := sync.NewCond(new(sync.Mutex)); c.L.Lock(); c.Wait() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			task := start(c.f)
			began := time.Now()
			task.stop()
			f := <-task.ended
			if f == nil || f.Kind != "interrupted" || !strings.Contains(f.Message, "while it waited ("+c.state+")") || len(f.Trace) == 0 {
				t.Errorf("%+v", f)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("after %v", took)
			}
		})
	}
}

// TestWakeUp checks that code left behind ends when it wakes up, and that only the code
// that it returns to checks until then.
func TestWakeUp(t *testing.T) {
	interrupting(t)
	c := make(chan int)
	var late, deferred atomic.Bool
	f := interrupted(t, 1, func() {
		defer deferred.Store(true)
		wakes(c, &late)
	})
	if f == nil || f.Message != "interrupted while it waited (chan receive) at line 3 of cell 7; its goroutine still waits, and ends when it wakes up" {
		t.Errorf("%+v", f)
	}
	for end := time.Now().Add(5 * time.Second); flag8.Up() && time.Now().Before(end); { // flags are settled after the end
		time.Sleep(time.Millisecond)
	}
	if !flag7.Up() || flag8.Up() {
		t.Errorf("flags while it waits: %v, %v", flag7.Up(), flag8.Up())
	}
	if f := run(func() { // another cell's call of the same code
		other := make(chan int, 1)
		other <- 1
		var done atomic.Bool
		if wakes(other, &done); !done.Load() {
			t.Error("another cell's code did not run to its end")
		}
	}); f != nil {
		t.Errorf("another cell: %+v", f)
	}
	c <- 1
	within(t, "its deferred function runs", deferred.Load)
	within(t, "nobody looks any more", func() bool { return !flag7.Up() })
	if late.Load() {
		t.Error("it went on")
	}
}

// TestHearing checks that a cell which receives the interrupt ends in its own way.
func TestHearing(t *testing.T) {
	interrupting(t)
	if f := interrupted(t, 1, func() {
		<-Context().Done()
		time.Sleep(100 * time.Millisecond)
	}); f != nil {
		t.Errorf("%+v", f)
	}
}

// TestAskedTwice checks that a cell with plenty of time to react is left behind at once
// when it is asked again, and that a deferred function in an endless loop then stops.
func TestAskedTwice(t *testing.T) {
	interrupting(t)
	Listeners = func() int { return 2 }
	defer func() { Listeners = func() int { return 1 } }()
	began := time.Now()
	if f := interrupted(t, 2, func() { select {} }); f == nil || f.Kind != "interrupted" || time.Since(began) > listening {
		t.Errorf("%+v after %v", f, time.Since(began))
	}
	var n atomic.Int64
	if f := interrupted(t, 2, func() {
		defer turns(&n)
		turns(&n)
	}); f == nil || f.Kind != "interrupted" {
		t.Errorf("%+v", f)
	}
}

// TestBusy checks that code is not left behind while it waits for goroutines that compute,
// however often it is asked: goroutines that it has started, and those that a package keeps
// for its work.
func TestBusy(t *testing.T) {
	interrupting(t)
	var end atomic.Bool
	defer end.Store(true)
	work, done := make(chan bool), make(chan bool)
	go pool(work, done, &end)
	for _, f := range []func(){
		func() {
			var wait sync.WaitGroup
			wait.Go(func() {
				for !end.Load() {
				}
			})
			wait.Wait()
		},
		func() {
			work <- true
			<-done
		},
	} {
		task := start(f)
		time.Sleep(10 * time.Millisecond)
		task.stop()
		time.Sleep(hearing + patience + 5*lookeach)
		if task.isOver() {
			t.Error("it was left behind while it computed")
		}
		task.stop()
		time.Sleep(5 * lookeach)
		if task.isOver() {
			t.Error("asked twice, it was left behind while it computed")
		}
		end.Store(true)
		if f := <-task.ended; f != nil {
			t.Errorf("%+v", f)
		}
		end.Store(false)
	}
}

// pool computes for others.
func pool(work, done chan bool, end *atomic.Bool) {
	for range work {
		for !end.Load() {
			pbkdf2.Key(sha256.New, "", nil, 10_000, 32)
		}
		done <- true
	}
}
