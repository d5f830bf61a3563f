package live

import (
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestInterruptedHow checks the report of an interrupt for code that leaves its goroutine
// in other ways than a loop.
func TestInterruptedHow(t *testing.T) {
	l := newTester(t)
	for _, c := range []struct{ code, failure string }{
		{"pprof.Do(context.Background(), pprof.Labels(\"a\", \"b\"), func(context.Context) {\n\tfor {\n\t}\n})", "interrupted at line 3"},
		{"next, stop := iter.Pull(func(yield func(int) bool) {\n\tfor {\n\t}\n})\ndefer stop()\nnext()", "interrupted"},
		{"next, stop := iter.Pull(func(yield func(int) bool) {\n\tfor yield(1) {\n\t}\n})\ndefer stop()\nfor {\n\tnext()\n}", "interrupted"},
		{"time.Sleep(time.Hour)", "interrupted while it waited (sleep) at line 2 of cell 4; its goroutine still waits, and ends when it wakes up"},
	} {
		_, err := l.interrupted("fmt.Println(\"runs\")\n" + c.code)
		if err == nil || !strings.Contains(err.Error(), c.failure) || strings.Contains(err.Error(), "Goexit") {
			t.Errorf("%s: %v", c.code, err)
		}
	}
	if _, err := l.run("x := 1\nruntime.Goexit()\n_ = x"); err == nil || !strings.Contains(err.Error(), "runtime.Goexit ended the cell at line 2 of cell") {
		t.Error(err)
	}
}

// TestListenersOfBefore checks that signal listeners left by earlier cells do not slow down
// the interrupt of a later cell.
func TestListenersOfBefore(t *testing.T) {
	l := newTester(t)
	l.want("signals := make(chan os.Signal, 1)\nsignal.Notify(signals, os.Interrupt)", "")
	began := time.Now()
	if _, err := l.interrupted("fmt.Println(\"runs\")\nfor {\n}"); err == nil || time.Since(began) > 1500*time.Millisecond {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

// TestInterruptedInput checks that a cell which waits for input ends when it is
// interrupted, and that the next one gets its own input.
func TestInterruptedInput(t *testing.T) {
	l := newTester(t)
	asked := make(chan bool, 1)
	time.AfterFunc(20*time.Second, func() { close(asked) })
	go func() {
		if <-asked {
			l.Interrupt()
		}
	}()
	o, err := l.Eval(t.Context(), Cell{Number: 7, Code: "var s string\n_, err := fmt.Scanln(&s)\nfmt.Println(\"went on\", err)"}, func(context.Context) (string, error) {
		asked <- true
		time.Sleep(20 * time.Millisecond)
		return "", io.EOF
	})
	if err != nil || o.Failure == nil || o.Failure.Kind != "interrupted" || !strings.Contains(o.Failure.Message, "line 2 of cell 7") || strings.Contains(l.written(), "went on") {
		t.Errorf("%+v, %v", o.Failure, err)
	}
	answers := []string{"one"}
	o, err = l.Eval(t.Context(), Cell{Number: 8, Code: "sc := bufio.NewScanner(os.Stdin)\nfor sc.Scan() {\n\tfmt.Println(sc.Text())\n}"}, func(context.Context) (string, error) {
		if len(answers) == 0 {
			return "", io.EOF
		}
		defer func() { answers = answers[1:] }()
		return answers[0], nil
	})
	if got := l.written(); err != nil || o.Failure != nil || got != "one\n" {
		t.Errorf("%q, %+v, %v", got, o.Failure, err)
	}
}

// TestTestsFail checks the report of a cell with tests.
func TestTestsFail(t *testing.T) {
	l := newTester(t)
	for _, c := range []struct{ code, shown, failure string }{
		{"func TestA(t *testing.T) { t.Error(\"no\") }", "--- FAIL: TestA", "tests failed"},
		{"func TestB(t *testing.T) {}\nfunc TestMain(m *testing.M) { fmt.Println(\"before\"); m.Run(); fmt.Println(\"after\") }", "before\n", ""},
		{"func TestC(t *testing.T) { t.Error(\"no\") }\nfunc TestMain(m *testing.M) { fmt.Println(\"before\"); os.Exit(m.Run()) }", "before\n", "tests failed"},
		{"func FuzzD(f *testing.F) { f.Add(7); f.Fuzz(func(t *testing.T, n int) { if n == 7 { t.Error(\"seven\") } }) }", "seven", "tests failed"},
		{"func FuzzE(f *testing.F) { f.Add(7); f.Fuzz(func(t *testing.T, n int) { }) }", "--- PASS: FuzzE", ""},
		{"func ExampleF() {\n\tfmt.Println(1)\n\t// Output: 1\n}\nfunc TestG(t *testing.T) {}", "examples do not run in cells: ExampleF\n", ""},
	} {
		o, err := l.Eval(t.Context(), Cell{Number: 1, Code: c.code, Tests: true}, nil)
		if out := l.written(); err != nil || !strings.Contains(out, c.shown) {
			t.Errorf("%s: %v\n%s", c.code, err, out)
		}
		if f := o.Failure; (f != nil) != (c.failure != "") || f != nil && (f.Kind != c.failure || f.Message != c.failure || len(f.Trace) > 0) {
			t.Errorf("%s: %+v", c.code, f)
		}
	}
	if _, err := l.run("os.Exit(1)"); err == nil || !strings.Contains(err.Error(), "exit status 1") {
		t.Errorf("an exit after tests: %v", err)
	}
}

// TestWhatIsATest checks which functions of a cell are run as tests: those that go test runs.
func TestWhatIsATest(t *testing.T) {
	l := newTester(t)
	const real = "\nfunc TestReal(t *testing.T) {}"
	for _, c := range []struct{ code, runs, warns, problem string }{
		{code: "func Tester(t *testing.T) { t.Error(\"helper\") }" + real, runs: "TestReal", warns: "Tester does not run: first letter after 'Test' must not be lowercase"},
		{code: "func Testüb(t *testing.T) { t.Error(\"no\") }" + real, runs: "TestReal", warns: "Testüb does not run: first letter after 'Test' must not be lowercase"},
		{code: "func Tester() int { return 1 }\nfunc Benchmarks(n int) {}\nfunc Testing[T any](T) {}" + real, runs: "TestReal"},
		{code: "func Benchmarks(b *testing.B) { b.Error() }\nfunc Fuzzy(f *testing.F) { f.Error() }\nfunc Examples() {}" + real, runs: "TestReal", warns: "Benchmarks does not run: first letter after 'Benchmark' must not be lowercase; Fuzzy does not run: first letter after 'Fuzz' must not be lowercase"},
		{code: "func Test(t *testing.T) {}\nfunc TestÄ(t *testing.T) {}\nfunc Test_x(_ *testing.T) {}\nfunc Test1(t *testing.T) {}", runs: "Test TestÄ Test_x Test1"},
		{code: "type suite int\nfunc (suite) TestX(int) {}\nvar TestY = 3" + real, runs: "TestReal"},
		{code: "type T = testing.T\nfunc TestX(a *T) {}\nfunc TestMain(t *T) {}", runs: "TestX TestMain"},
		{code: "func FuzzA(f *testing.F) { f.Skip() }", runs: "FuzzA"},
		{code: "func FuzzA(f *testing.F) { f.Skip() }", runs: "FuzzA"}, // again
		{code: "func TestX(n int) {}" + real, problem: "line 1:1: wrong signature for TestX, must be: func TestX(t *testing.T)"},
		{code: "var a = 1\n\nfunc Test() {}", problem: "line 3:1: wrong signature for Test, must be: func Test(t *testing.T)"},
		{code: "func TestX(t *testing.T) error { return nil }", problem: "line 1:1: wrong signature for TestX, must be: func TestX(t *testing.T)"},
		{code: "func TestX(t ...*testing.T) {}", problem: "line 1:1: wrong signature for TestX, must be: func TestX(t *testing.T)"},
		{code: "type arg = *testing.T\nfunc TestX(t arg) {}", problem: "line 2:1: wrong signature for TestX, must be: func TestX(t *testing.T)"},
		{code: "func TestX(t testing.T) {}", problem: "line 1:1: wrong signature for TestX, must be: func TestX(t *testing.T)"},
		{code: "func TestX[P any](t *testing.T) {}", problem: "line 1:1: wrong signature for TestX, test functions cannot have type parameters"},
		{code: "func BenchmarkX(t *testing.T) {}", problem: "line 1:1: wrong signature for BenchmarkX, must be: func BenchmarkX(b *testing.B)"},
		{code: "func FuzzX(t *testing.T) {}", problem: "line 1:1: wrong signature for FuzzX, must be: func FuzzX(f *testing.F)"},
		{code: "func TestMain() {}", problem: "line 1:1: wrong signature for TestMain, must be: func TestMain(m *testing.M)"},
	} {
		o, err := l.Eval(t.Context(), Cell{Number: 1, Code: c.code, Tests: true}, nil)
		out := l.written()
		if c.problem != "" {
			if err == nil || err.Error() != "cell 1, "+c.problem {
				t.Errorf("%s: %v, want %s", c.code, err, c.problem)
			}
			continue
		}
		if err != nil || o.Failure != nil {
			t.Errorf("%s: %v, %+v", c.code, err, o)
			continue
		}
		var ran []string
		for _, m := range regexp.MustCompile(`(?m)^=== RUN +(\S+)$`).FindAllStringSubmatch(out, -1) {
			ran = append(ran, m[1])
		}
		if got := strings.Join(ran, " "); got != c.runs || strings.Join(o.Warnings, "; ") != c.warns {
			t.Errorf("%s: runs %q, want %q; warns %q\n%s", c.code, got, c.runs, o.Warnings, out)
		}
	}
	l.want("func TestX(n int) int { return n }\nTestX(3)", "Out: 3") // no tests are asked for
}

// TestClosedOutput checks that a cell which closes its output does not silence the later
// ones.
func TestClosedOutput(t *testing.T) {
	l := newTester(t)
	for _, code := range []string{"os.Stdout.Close()\nos.Stderr.Close()", "r, w, _ := os.Pipe()\nos.Stdout = w\nw.Close()\nr.Close()", "syscall.Close(1)", "os.Stdout.Close()\ng, _ := os.Open(\"/dev/null\")"} {
		if _, err := l.run(code); err != nil {
			t.Fatal(err)
		}
		o, err := l.Eval(t.Context(), Cell{Number: 1, Code: "fmt.Println(\"here\")\nfmt.Fprintln(os.Stderr, \"too\")"}, nil)
		out := l.written() // in order, except where another file has the number of the standard output
		if err != nil || out != "here\ntoo\n" && !(strings.Contains(code, "/dev/null") && out == "too\nhere\n") {
			t.Errorf("%s: %q, %v", code, out, err)
		}
		if said := strings.Join(o.Warnings, "\n"); !strings.Contains(said, "os.Stdout was closed; it has been reopened") {
			t.Errorf("%s: %q", code, said)
		}
	}
}

// TestOwnFlags checks that only cells' flags exist, and that they keep their values when
// another is defined again.
func TestOwnFlags(t *testing.T) {
	l := newTester(t)
	l.want("n := flag.Int(\"n\", 3, \"how many\")\n*n = 7", "")
	l.want("m := flag.Int(\"m\", 1, \"more\")", "")
	l.want("flag.CommandLine.SetOutput(os.Stdout)\nflag.PrintDefaults()", "  -m int\n    \tmore (default 1)\n  -n int\n    \thow many (default 3)\n")
	l.want("m := flag.Int(\"m\", 2, \"more\")\nflag.Lookup(\"n\").DefValue", "Out: \"3\"")
}

// TestTracesAreTheirs checks that our own calls are not in a trace.
func TestTracesAreTheirs(t *testing.T) {
	l := newTester(t)
	for _, code := range []string{"func init() { panic(\"x\") }", "defer func() { panic(\"d\") }()", "func f() { panic(1) }\nf()", "func main() { panic(1) }"} {
		o, err := l.Eval(t.Context(), Cell{Number: 1, Code: code}, nil)
		if err != nil || o.Failure == nil || len(o.Failure.Trace) == 0 {
			t.Fatalf("%s: %+v, %v", code, o.Failure, err)
		}
		for _, f := range o.Failure.Trace {
			if strings.HasPrefix(f.Function, "main.") && !strings.Contains(f.File, "cell[1]") {
				t.Errorf("%s: %+v", code, f)
			}
		}
	}
	out, err := l.run("func g() string { return string(debug.Stack()) }\nfmt.Print(g())")
	if err != nil || !strings.HasPrefix(out, "goroutine ") || !strings.Contains(out, "runtime/debug.Stack()\n\t") || !strings.Contains(out, "main.g") || strings.Contains(out, "sdtlab") || strings.Contains(out, "frame.go") {
		t.Errorf("%v\n%s", err, out)
	}
}
