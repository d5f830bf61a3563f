package live

import (
	"fmt"
	"strings"
	"testing"
)

// TestExits checks that no way to exit loses the values.
func TestExits(t *testing.T) {
	l := newTester(t)
	l.want("keep := 5\nfunc safe(f func()) {\n\tdefer fmt.Println(\"deferred\")\n\tdefer func() { recover() }()\n\tf()\n}", "")
	for _, c := range []struct{ code, shown, failure string }{
		{"safe(func() { os.Exit(3) })\nfmt.Println(\"after\")", "", "exit: exit status 3"},
		{"safe(func() { os.Exit(0) })\nfmt.Println(\"after\")", "", ""},
		{"f := os.Exit\nf(4)", "", "exit: exit status 4"},
		{"defer os.Exit(4)\nfmt.Println(\"first\")", "first\n", "exit: exit status 4"},
		{"defer os.Exit(4)\npanic(1)", "", "exit: exit status 4"},
		{"func init() { os.Exit(6) }\nfmt.Println(\"after\")", "", "exit: exit status 6"},
		{"syscall.Exit(5)", "", "exit: exit status 5"},
		{"log.SetFlags(0)\nlog.Fatal(\"fatal\")", "fatal\n", "exit: exit status 1"},
		{"log.New(os.Stderr, \"my \", 0).Fatalf(\"own\")", "my own\n", "exit: exit status 1"},
		{"fs := flag.NewFlagSet(\"x\", flag.ExitOnError)\nfs.SetOutput(io.Discard)\nfs.Parse([]string{\"-no\"})", "", "exit: exit status 2"},
		{"go func() { defer fmt.Println(\"deferred\"); os.Exit(7) }()\ntime.Sleep(100 * time.Millisecond)\nfmt.Println(\"on\")", "a goroutine has ended at line 1 of cell CELL: exit status 7\non\n", ""},
		{"time.AfterFunc(1, func() { log.Fatalln(\"late\") })\ntime.Sleep(100 * time.Millisecond)\nfmt.Println(\"on\")", "late\na goroutine has ended at line 1 of cell CELL: exit status 1\non\n", ""},
		{"keep", "Out: 5", ""},
	} {
		out, err := l.run(c.code)
		c.shown = strings.ReplaceAll(c.shown, "CELL", fmt.Sprint(l.cells))
		if failure := fmt.Sprint(err); out != c.shown || failure != c.failure && !(err == nil && c.failure == "") {
			t.Errorf("%s\nshows %q, %v\nwant %q, %s", c.code, out, err, c.shown, c.failure)
		}
	}
	l.want("type leaver struct{}\nfunc (leaver) String() string { os.Exit(8); return \"\" }", "")
	l.want("leaver{}", "Out: the value cannot be shown: exit status 8")
	l.want("keep", "Out: 5")
}

// TestGoroutinePanics checks that an unrecovered panic ends only its goroutine, whoever
// started it, in Go's words and with the lines of the cell.
func TestGoroutinePanics(t *testing.T) {
	l := newTester(t)
	l.want("keep := 5\ntype thing struct{ n int }\nfunc (x *thing) run(a ...int) { fmt.Println(\"n\", x.n+a[1]) }", "")
	const pause = "\ntime.Sleep(150 * time.Millisecond)\nfmt.Println(\"on\")"
	for _, c := range []struct{ code, words string }{
		{"go func() {\n\tpanic(\"boom\")\n}()", "panic: boom\n\ngoroutine "},
		{"go func() {\n\tdefer fmt.Println(\"deferred\")\n\tvar m map[string]int\n\tm[\"a\"] = 1\n}()", "deferred\npanic: assignment to entry in nil map"},
		{"go (*thing)(nil).run(1, 2)", "panic: runtime error: invalid memory address or nil pointer dereference"},
		{"go new(thing).run()", "panic: runtime error: index out of range [1] with length 0"},
		{"go panic(fmt.Errorf(\"an %s\", \"error\"))", "panic: an error"},
		{"go func() {\n\tdefer func() { panic(\"second\") }()\n\tpanic(\"first\")\n}()", "panic: first\n\tpanic: second\n"},
		{"go func() {\n\tdefer func() { panic(recover()) }()\n\tpanic(\"again\")\n}()", "panic: again [recovered, repanicked]\n"},
		{"go func() {\n\tdefer panic(\"while it ends\")\n\truntime.Goexit()\n}()", "panic: while it ends"},
		{"time.AfterFunc(1, func() { panic(\"in a timer\") })", "panic: in a timer"},
		{"new(sync.WaitGroup).Go(func() { panic(\"in a group\") })", "panic: in a group"},
		{"runtime.SetFinalizer(new([64]int), func(*[64]int) { panic(\"in a finalizer\") })\nruntime.GC()", "panic: in a finalizer"},
		{"go func() {\n\tdefer func() { fmt.Println(\"recovered\", recover()) }()\n\tpanic(\"caught\")\n}()", "recovered caught\non\n"},
	} {
		out, err := l.run(c.code + pause)
		if err != nil || !strings.Contains(out, c.words) || !strings.HasSuffix(out, "on\n") || strings.Contains(out, "live/host") {
			t.Errorf("%s\nshows %q, %v", c.code, out, err)
		}
		if strings.Contains(c.words, "goroutine") && !strings.Contains(out, fmt.Sprintf("cell[%d]:2", l.cells)) {
			t.Errorf("%s\nshows no line of the cell: %q", c.code, out)
		}
		l.want("keep", "Out: 5")
	}
	if out, err := l.run("var mu sync.Mutex\ngo func() {\n\tmu.Lock()\n\tdefer mu.Unlock()\n\tpanic(\"x\")\n}()" + pause + "\nmu.TryLock()"); err != nil || !strings.HasSuffix(out, "on\nOut: true") {
		t.Errorf("a lock that a deferred function gives back: %q, %v", out, err)
	}
}

// TestMemorySurvives checks that goroutines that panicked are gone.
func TestMemorySurvives(t *testing.T) {
	l := newTester(t)
	l.want("before := runtime.NumGoroutine()", "")
	l.run("for range 1000 {\n\tgo func() {\n\t\tdefer func() { panic(2) }()\n\t\tpanic(1)\n\t}()\n}\ntime.Sleep(2 * time.Second)")
	l.want("runtime.NumGoroutine() < before + 10", "Out: true")
}
