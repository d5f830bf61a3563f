package live

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// interrupted runs a cell that writes "runs" and interrupts it then.
func (l *tester) interrupted(code string) (string, error) {
	l.t.Helper()
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
			l.mu.Lock()
			runs := strings.Contains(l.output.String(), "runs\n")
			l.mu.Unlock()
			if runs {
				l.Interrupt()
				return
			}
		}
	}()
	began := time.Now()
	out, err := l.run(code)
	if took := time.Since(began); took > 6*time.Second {
		l.t.Errorf("%s\ntook %v", code, took)
	}
	return out, err
}

// TestStops checks that an interrupt stops whatever runs and keeps the values.
func TestStops(t *testing.T) {
	l := newTester(t)
	l.want("keep := 5\nvar mu sync.Mutex\nvar n int\nch := make(chan int)\nln, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")", "")
	l.want("func fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}\nfunc turn() {\n\tfor {\n\t\tn++\n\t}\n}\nfunc even(n uint64) bool { return odd(n + 1) }\nfunc odd(n uint64) bool {\n\tif n%1000 == 0 {\n\t\treturn false\n\t}\n\treturn even(n + 1)\n}", "")
	for _, c := range []struct{ code, shown, failure string }{
		{"for {\n}", "", "interrupted at line 2 of cell"},
		{"turn()", "", "interrupted at line 8 of cell 2"},
		{"defer fmt.Println(\"deferred\")\ndefer func() { fmt.Println(recover()) }()\nfor {\n}", "<nil>\ndeferred\n", "interrupted at line 4"},
		{"mu.Lock()\ndefer mu.Unlock()\nfib(90)", "", "interrupted at line 5 of cell 2"},
		{"l := 0\nagain:\nl++\ngoto again", "", "interrupted at line 5"},
		{"for i := range func(yield func(int) bool) { for yield(1) { } } {\n\tn += i\n}", "", "interrupted at line"},
		{"mu.Lock()\ndefer mu.Unlock()\n<-ch", "", "interrupted while it waited (chan receive) at line 4"},
		{"time.Sleep(time.Hour)", "", "interrupted while it waited (sleep) at line 2"},
		{"http.Get(\"http://\" + ln.Addr().String())", "", "interrupted while it waited (select) at line 2"},
		{"select {}", "", "interrupted while it waited (select (no cases)) at line 2"},
		{"var wg sync.WaitGroup\nwg.Go(turn)\nwg.Wait()", "", "interrupted at line 4"}, // its goroutine stops
		{"quick.Check(func(int) bool { return true }, &quick.Config{MaxCount: 1 << 40})", "", "interrupted at line 2"},
		{"signal.Ignore(os.Interrupt)\ntime.Sleep(time.Hour)", "", "interrupted while it waited (sleep)"},
		{"signal.Reset()\nfor {\n}", "", "interrupted at line 3"},
		{"exec.Command(\"sleep\", \"20\").Run()", "Out: signal: interrupt", ""},
		{"ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)\ndefer stop()\nfor ctx.Err() == nil {\n}\ntime.Sleep(500 * time.Millisecond)\nfmt.Println(\"heard\")", "heard\n", ""},
		{"type slow struct{}\nfunc (slow) String() string {\n\tfor {\n\t}\n}\nslow{}", "Out: the value cannot be shown: interrupted at line 4", ""},
	} {
		out, err := l.interrupted("fmt.Println(\"runs\")\n" + c.code)
		out = strings.TrimPrefix(out, "runs\n")
		if failure := fmt.Sprint(err); (err != nil || c.failure != "") && !strings.Contains(failure, c.failure) || c.failure == "" && err != nil ||
			out != c.shown && (c.shown == "" || !strings.HasPrefix(out, c.shown)) {
			t.Errorf("%s\nshows %q, %v\nwant %q, %s", c.code, out, err, c.shown, c.failure)
		}
		l.want("keep", "Out: 5")
	}
	if out, err := l.run("mu.TryLock()"); err != nil || out != "Out: false" {
		t.Errorf("the lock of what was left behind: %q, %v", out, err)
	}
	l.want("ch <- 1\ntime.Sleep(100 * time.Millisecond)\nmu.TryLock()", "Out: true") // it has woken up and ended
}

// TestGoesOnBehind checks that code left behind changes nothing when it wakes up.
func TestGoesOnBehind(t *testing.T) {
	l := newTester(t)
	l.want("ch := make(chan int)\nx := 1\nfunc wait() int {\n\treturn <-ch\n}\nfunc work() {\n\twait()\n\tx++\n}", "")
	for _, code := range []string{"<-ch\nx++", "wait()\nx++", "work()\nfmt.Println(\"late\")", "if <-ch == 7 {\n\tx++\n}", "select {\ncase <-ch:\n\tx++\n}", "func() {\n\tdefer wait()\n}()\nx++"} {
		if _, err := l.interrupted("fmt.Println(\"runs\")\n" + code); err == nil {
			t.Errorf("%s: no failure", code)
		}
		l.want("ch <- 7\ntime.Sleep(50 * time.Millisecond)\nx", "Out: 1")
	}
	l.want("go func() { ch <- 1 }()\nwork()\nx", "Out: 2")
}

// TestRandomInterrupts checks that 200 interrupts, whatever they hit, lose nothing.
func TestRandomInterrupts(t *testing.T) {
	l := newTester(t)
	l.want("sum, ch := 0, make(chan int)\nvar mu sync.Mutex\nvar list []int\nfunc work(n int) {\n\tfor range n {\n\t\tsum = sum*31 + 1\n\t}\n}", "")
	codes := []string{
		"work(30_000_000)",
		"for range 20 {\n\tmu.Lock()\n\ttime.Sleep(5 * time.Millisecond)\n\tmu.Unlock()\n}",
		"func() {\n\tmu.Lock()\n\tdefer mu.Unlock()\n\tfor i := range 5_000_000 {\n\t\tlist = append(list[:i%100:i%100], i)\n\t}\n}()",
		"go func() { ch <- 1 }()\n<-ch",
		"sort.Slice(make([]int, 1_000_000), func(i, j int) bool { return i < j })",
		"exec.Command(\"sleep\", \"0.1\").Run()",
		"for range 100 {\n\tgo func() { defer func() { recover() }(); panic(1) }()\n}",
		"new(int)",
	}
	random := rand.New(rand.NewPCG(1, 2))
	began := time.Now()
	for i := range 200 {
		stop := time.AfterFunc(time.Duration(random.IntN(200))*time.Millisecond, l.Interrupt)
		l.run(codes[random.IntN(len(codes))])
		stop.Stop()
		if i%20 == 0 {
			if _, err := l.run(fmt.Sprintf("kept%d := %d", i, i)); err != nil {
				t.Error(err)
			}
		}
	}
	t.Logf("%v", time.Since(began))
	for i := 0; i < 200; i += 20 {
		l.want(fmt.Sprintf("kept%d", i), fmt.Sprintf("Out: %d", i))
	}
}

// TestLocksStayFree checks that after an interrupt no lock is held by code that nothing
// will wake up again.
func TestLocksStayFree(t *testing.T) {
	l := newTester(t)
	l.want("var mu sync.Mutex\nvar rw sync.RWMutex\nfunc work() {\n\tmu.Lock()\n\tdefer mu.Unlock()\n\ttime.Sleep(2 * time.Second)\n}\nvar x int", "")
	for _, c := range []struct{ before, code, after string }{
		{"mu.Lock()", "mu.Lock()\ndefer mu.Unlock()\nx++", "mu.Unlock()"},
		{"mu.Lock()", "mu.Lock()\nmu.Unlock()\nx++", "mu.Unlock()"},
		{"rw.Lock()", "rw.RLock()\ndefer rw.RUnlock()\nx++", "rw.Unlock()"},
		{"", "for {\n\tmu.Lock()\n\ttime.Sleep(time.Millisecond)\n\tmu.Unlock()\n}", ""},
		{"", "for {\n\trw.RLock()\n\tif <-time.After(time.Millisecond); x == 0 {\n\t\ttime.Sleep(time.Millisecond)\n\t}\n\trw.RUnlock()\n}", ""},
		{"", "work()\nx++", "time.Sleep(2 * time.Second)"},
	} {
		l.want(c.before, "")
		if _, err := l.interrupted("fmt.Println(\"runs\")\n" + c.code); err == nil {
			t.Errorf("%s: no failure", c.code)
		}
		l.want(c.after, "")
		l.want("time.Sleep(100 * time.Millisecond)\nfmt.Println(mu.TryLock(), rw.TryLock(), x)\nmu.Unlock()\nrw.Unlock()", "true true 0\n")
	}
}

// TestStopsCallbacks checks that a cell's code stops a loop of a compiled package that
// calls it, whichever cell passed it on.
func TestStopsCallbacks(t *testing.T) {
	l := newTester(t)
	l.want("type zeros struct{}\nfunc (zeros) Read(p []byte) (int, error) { return len(p), nil }\ntype rev []int\nfunc (r rev) Len() int { return len(r) }\nfunc (r rev) Less(i, j int) bool { return r[i] > r[j] }\nfunc (r rev) Swap(i, j int) { r[i], r[j] = r[j], r[i] }\n"+
		"type pair struct{ a, b int }\nfunc order(x, y pair) int { return x.a - y.a }\nfunc cmpInts(a, b int) int { return a - b }\nlater := func(x, y pair) bool { return x.a > y.a }\npairs := make([]pair, 20_000_000)\nfor i := range pairs {\n\tpairs[i].a = (i * 7919) % 1_000_003\n}\nints := make([]int, 20_000_000)\nfor i := range ints {\n\tints[i] = (i * 7919) % 1_000_003\n}", "")
	for _, code := range []string{
		"io.Copy(io.Discard, zeros{})",
		"sort.Sort(rev(slices.Clone(ints)))",
		"slices.SortFunc(pairs, order)",
		"slices.SortFunc(ints, cmpInts)",
		"sort.Slice(pairs, func(i, j int) bool { return later(pairs[i], pairs[j]) })",
		"one := func(r rune) rune { return r }\ns := strings.Repeat(\"x\", 1<<20)\nfor range make([]int, 1<<30) {\n\tstrings.Map(one, s)\n}",
		"http.HandlerFunc(func(http.ResponseWriter, *http.Request) { for { } }).ServeHTTP(nil, nil)",
	} {
		if _, err := l.interrupted("fmt.Println(\"runs\")\n" + code); err == nil || !strings.Contains(err.Error(), "interrupted at line") {
			t.Errorf("%s: %v", code, err)
		}
	}
}
