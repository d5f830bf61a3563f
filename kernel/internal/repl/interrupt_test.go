package repl

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

func TestInterrupt(t *testing.T) {
	l := newTester(t, options(t))
	l.want("kept := 5", "")
	l.Interrupt() // nothing runs

	done := l.begin(t.Context(), "ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)\nfmt.Println(\"waits\")\n<-ctx.Done()\nstop()\nctx.Err() != nil")
	l.Interrupt()
	if r := l.result(done, 5*time.Second); r.Failure != nil || form(r.Data) != "true" {
		t.Errorf("a cell that hears an interrupt: %+v", r)
	}
	l.screen.all()
	l.want("kept", "Out: 5")

	for name, c := range map[string]struct{ code, failure string }{
		"a shell command":                   {"!echo runs; sleep 60", "command failed"},
		"one that does not hear":            {"!trap '' INT; echo runs; sleep 60; sleep 60", "command failed"},
		"a program with a whole cell":       {"%%bash\necho runs\nsleep 60", "command failed"},
		"a shell command that wants a line": {"!echo runs; read line", "command failed"},
	} {
		l.screen.reply = untilDone
		done := l.begin(t.Context(), c.code)
		l.Interrupt()
		if r := l.result(done, 10*time.Second); r.Failure == nil || r.Failure.Name != c.failure || !strings.Contains(r.Failure.Value, "interrupted") {
			t.Errorf("%s: %+v", name, r.Failure)
		}
		l.screen.all()
	}

	done = l.begin(t.Context(), "fmt.Println(\"name?\")\nvar line string\n_, err := fmt.Scanln(&line)\nerr != nil")
	l.await("the cell asks", func() bool {
		l.screen.mu.Lock()
		defer l.screen.mu.Unlock()
		return strings.Contains(l.screen.shown.String(), "[")
	})
	l.Interrupt()
	if r := l.result(done, 5*time.Second); r.Failure == nil || r.Failure.Name != "interrupted" {
		t.Errorf("a cell that waits for a line: %+v", r)
	}
	l.screen.all()
	l.want("kept", "Out: 5")

	ended := make(chan eval.Result, 1)
	go func() {
		ended <- l.ask(t.Context(), "l := 1"+strings.Repeat("\nl = l*3 + len(fmt.Sprint(l))", 3000), nil)
	}()
	time.Sleep(300 * time.Millisecond)
	l.Interrupt()
	if r := l.result(ended, 5*time.Second); r.Failure == nil || r.Failure.Name != "interrupted" {
		t.Errorf("while it is compiled: %+v", r.Failure)
	}
	l.screen.all()
	l.want("kept", "Out: 5")
}

func untilDone(ctx context.Context, _ string, _ bool) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

// TestInterruptMuchOutput checks that a cell that prints without end can be stopped at
// once.
func TestInterruptMuchOutput(t *testing.T) {
	l := newTester(t, options(t))
	done := l.begin(t.Context(), "for i := 0; ; i++ {\n\tfmt.Println(i)\n}")
	l.Interrupt()
	begun := time.Now()
	l.Interrupt()
	if r := l.result(done, 20*time.Second); r.Failure == nil {
		t.Errorf("%+v", r)
	}
	if d := time.Since(begun); d > 4*time.Second {
		t.Errorf("took %v", d)
	}
}

// TestInterruptTwice checks that a loop in a compiled package, which nothing else stops,
// ends with its process at a second interrupt.
func TestInterruptTwice(t *testing.T) {
	l := newTester(t, options(t))
	l.want("kept := 5", "")
	done := l.begin(t.Context(), "fmt.Println(\"runs\")\nfor {}")
	l.Interrupt()
	if r := l.result(done, 5*time.Second); r.Failure == nil || r.Failure.Name != "interrupted" || !strings.Contains(said(r.Failure), "Cell [2] Line 2") {
		t.Errorf("a loop: %+v", r.Failure)
	}
	l.screen.all()
	l.want("kept", "Out: 5")

	done = l.begin(t.Context(), "%test\nfunc TestLoop(t *testing.T) {\n\tfmt.Println(\"runs\")\n\tfor {}\n}")
	l.Interrupt()
	if r := l.result(done, 5*time.Second); r.Failure == nil || r.Failure.Name != "interrupted" || !strings.Contains(said(r.Failure), "Cell [4] Line 4") {
		t.Errorf("a test: %+v", r.Failure)
	}
	if shown := l.screen.all(); strings.Contains(shown, "panic") {
		t.Errorf("a test that is interrupted shows %q", shown)
	}

	done = l.begin(t.Context(), "fmt.Println(\"runs\")\npbkdf2.Key(sha256.New, \"\", nil, 1<<40, 32)")
	l.Interrupt()
	l.await("it is said how to force it", func() bool {
		l.screen.mu.Lock()
		defer l.screen.mu.Unlock()
		return strings.Contains(l.screen.shown.String(), "A second interrupt ends the process: all values are lost.")
	})
	l.Interrupt()
	r := l.result(done, 5*time.Second)
	if r.Failure == nil || r.Failure.Name != "process ended" || !strings.Contains(said(r.Failure), "the process that held the values was ended by your second interrupt; lost: kept") {
		t.Errorf("%+v", r.Failure)
	}
	l.screen.all()
	l.want("1", "Out: 1")
}

// TestKernelEnds checks that Execute returns soon when the kernel ends, whatever runs.
func TestKernelEnds(t *testing.T) {
	l := newTester(t, options(t))
	for _, code := range []string{"fmt.Println(\"runs\")\nfor {}", "!echo runs; sleep 60", "fmt.Println(\"runs\")\nfmt.Scanln()"} {
		l.run("1") // finds the process gone, as the kernel before has ended
		l.screen.reply = untilDone
		ctx, end := context.WithCancel(t.Context())
		done := l.begin(ctx, code)
		end()
		if r := l.result(done, 2*time.Second); r.Failure == nil {
			t.Errorf("%s: %+v", code, r)
		}
		l.screen.all()
	}
}

func TestAfterTheCell(t *testing.T) {
	l := newTester(t, options(t))
	l.want("go func() {\n\ttime.Sleep(300 * time.Millisecond)\n\tfmt.Println(\"late\")\n\tgonbui.DisplayHTML(\"later\")\n}()", "")
	l.await("output of a goroutine", func() bool {
		l.screen.mu.Lock()
		defer l.screen.mu.Unlock()
		return l.screen.shown.String() == "late\n<later>"
	})
	l.screen.all()
	l.want("os.Stdout.Write([]byte(\"\\xf0\\x9f\"))\ntime.Sleep(100 * time.Millisecond)\nos.Stdout.Write([]byte(\"\\x98\\x80\"));", "😀")
	l.want("os.Stdout.Write([]byte(\"\\xf0\\x9f\"));", "")
	l.want("fmt.Print(\"a\")", "\xf0\x9fa")
}

// TestChangedPackages checks that the user is told once that the session has older
// packages.
func TestChangedPackages(t *testing.T) {
	opt := options(t)
	watched := t.TempDir()
	opt.Watch = []string{watched}
	l := newTester(t, opt)
	l.want("1", "Out: 1")
	for _, name := range []string{"a_test.go", "a.txt", "a.go"} {
		if err := os.WriteFile(watched+"/"+name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		shown, _ := l.run("2")
		if told := strings.Contains(shown, "a.go has changed since this session began"); told != (name == "a.go") {
			t.Errorf("%s: %q", name, shown)
		}
	}
	l.want("3", "Out: 3")
	l.matches("%restart", "fresh session")
	l.want("4", "Out: 4")
}

func TestClose(t *testing.T) {
	opt := options(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	e, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	l := &tester{Evaluator: e, screen: &screen{}, t: t}
	if err := e.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.want("cmd := exec.Command(\"sleep\", \"98761\")\ncmd.Start() == nil", "Out: true")
	shown, _ := l.run("fmt.Print(os.Getpid(), \" \", cmd.Process.Pid)")
	l.want("gonbui.DisplayHTML(\"x\")", "<x>")
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	for _, pid := range strings.Fields(shown) {
		l.await("process "+pid+" ends", func() bool {
			state, err := os.ReadFile("/proc/" + pid + "/stat")
			return err != nil || strings.Contains(string(state), ") Z ")
		})
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if e, err = New(opt); err == nil { // at once, while it opens
		err = e.Close()
	}
	if left, _ := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("closed while it opens: %v, left %v", err, left)
	}
}
