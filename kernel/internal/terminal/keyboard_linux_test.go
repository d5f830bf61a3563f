package terminal

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// TestMain runs a session in the terminal that it is started in, if the environment says
// so: tests start themselves in one.
func TestMain(m *testing.M) {
	if history, ok := os.LookupEnv("SDT_TEST_TERMINAL"); ok {
		s := Session{Evaluator: echo{&scripted{}}, In: os.Stdin, Out: os.Stdout, Err: os.Stderr, History: history}
		if err := s.Run(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// echo is an evaluator that shows its cells.
type echo struct{ *scripted }

func (e echo) Execute(_ context.Context, code string, _ eval.Ask, out eval.Output) eval.Result {
	switch code {
	case "print":
		out.Stream("stdout", "100%")
		return eval.Result{}
	case "later":
		go func() {
			for _, text := range []string{"one\n", "two", "three\nfour\n"} {
				time.Sleep(100 * time.Millisecond)
				out.Stream("stdout", text)
			}
		}()
		return eval.Result{}
	case "fail":
		return eval.Result{Failure: &eval.Failure{Name: "panic", Value: "oh", Traceback: []string{"\x1b[31moh\x1b[0m"}}}
	case "ask":
		answer, err := out.Input(context.Background(), "name? ", false)
		out.Stream("stdout", fmt.Sprintf("answer %q %v, interrupted %d times\n", answer, err, e.asked.Load()))
		return eval.Result{}
	}
	out.Stream("stdout", fmt.Sprintf("ran %q\n", code))
	return eval.Result{}
}

func (e echo) Complete(code string, cursor int) eval.Completion {
	c := eval.Completion{Start: cursor, End: cursor}
	for _, name := range []string{"Printf", "Println"} {
		if strings.HasSuffix(code[:cursor], "fmt.Pr") {
			c.Start = cursor - 2
			c.Matches = append(c.Matches, name)
		}
	}
	return c
}

// screen is a terminal in which a session runs.
type screen struct {
	t      *testing.T
	master *os.File
	mu     sync.Mutex
	shown  bytes.Buffer
	column int
	done   chan error
}

// open starts a session in a terminal.
func open(t *testing.T, history string, env ...string) *screen {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	if err := unix.IoctlSetWinsize(int(slave.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 100}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(env, "SDT_TEST_TERMINAL="+history)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, master: master, done: make(chan error, 1), column: 1}
	go s.show()
	go func() { s.done <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Kill()
		master.Close()
	})
	s.wants("In [1]: ")
	return s
}

// show reads what is shown, and answers queries for the cursor's position.
func (s *screen) show() {
	b := make([]byte, 1<<16)
	for {
		n, err := s.master.Read(b)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.shown.Write(b[:n])
		s.mu.Unlock()
		for i := range n {
			switch rest := b[i:n]; {
			case b[i] == '\n' || b[i] == '\r':
				s.column = 1
			case b[i] == '\b':
				s.column--
			case bytes.HasPrefix(rest, []byte("\x1b[6n")):
				s.types(fmt.Sprintf("\x1b[1;%dR", s.column))
			case b[i] >= ' ':
				s.column++
			}
		}
	}
}

// types sends keys, all at once.
func (s *screen) types(keys string) { s.master.WriteString(keys) }

// wants waits until a text is shown, and forgets everything up to it.
func (s *screen) wants(want string) (before string) {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		s.mu.Lock()
		text := s.shown.String()
		before, after, ok := strings.Cut(text, want)
		if ok {
			s.shown.Reset()
			s.shown.WriteString(after)
		}
		s.mu.Unlock()
		if ok {
			return before
		}
		if time.Now().After(end) {
			s.t.Fatalf("shown is %q, want %q", text, want)
		}
	}
}

// TestColours checks that a failure has colours in a terminal if the user wants them.
// TestScriptStops checks that it has none elsewhere.
func TestColours(t *testing.T) {
	for _, row := range []struct {
		env  []string
		want bool
	}{
		{[]string{"TERM=xterm", "NO_COLOR="}, true},
		{[]string{"TERM=xterm", "NO_COLOR=1"}, false},
		{[]string{"TERM=dumb", "NO_COLOR="}, false},
	} {
		s := open(t, "", row.env...)
		s.types("fail\r")
		if s.wants("oh"); strings.HasPrefix(s.wants("In ["), "\x1b[0m") != row.want {
			t.Errorf("%q: colours, want %v", row.env, row.want)
		}
	}
}

func TestKeyboard(t *testing.T) {
	history := filepath.Join(t.TempDir(), "history")
	s := open(t, history)
	n := 1
	ran := func(cell string) {
		t.Helper()
		s.wants(fmt.Sprintf("ran %q\r\n", cell))
		n++
		s.wants(fmt.Sprintf("In [%d]: ", n))
	}

	s.types("s := \"a\tb\"; len(s)\r") // a paste into a terminal without marks
	ran("s := \"a\tb\"; len(s)")
	s.types("\x1b[200~x := `\ta\tb`\x1b[201~\r")
	ran("x := `\ta\tb`")
	s.types("\x1b[200~func f() {\r\tg()\r\n\n}\n\x1b[201~")
	time.Sleep(50 * time.Millisecond)
	s.types("\r")
	ran("func f() {\n\tg()\n\n}")
	s.types("\"a") // a tab of its own in a string
	time.Sleep(50 * time.Millisecond)
	s.types("\t")
	time.Sleep(50 * time.Millisecond)
	s.types("b\"\r")
	ran("\"a\tb\"")
	s.types("fmt.Pr") // and one that completes
	time.Sleep(50 * time.Millisecond)
	s.types("\t")
	s.wants("int")
	s.types("\x03")
	s.wants("^C")
	s.wants("In [5]: ")

	s.types("for i := 0; i < 3; i++ {\r")
	s.wants("...: ")
	s.wants("    ") // the tab of the continued line
	s.types("f(i)\r")
	s.wants("...: ")
	s.types("}\r") // which loses its tab
	loop := "for i := 0; i < 3; i++ {\n\tf(i)\n}"
	ran(loop)
	s.types("\x1b[A\r") // the whole cell again
	ran(loop)
	s.types("\x1b[A\x1b[D\x1b[D; g()\r") // and to be edited
	loop = strings.Replace(loop, "f(i)", "f(i); g()", 1)
	ran(loop)

	s.types("print\r")
	s.wants("100%\r\n")
	n++
	if between := s.wants(fmt.Sprintf("In [%d]: ", n)); strings.Contains(between, "\n") {
		t.Errorf("between output and prompt is %q", between)
	}
	s.types("if a {\r")
	s.wants("...: ")
	s.types("(\r")
	s.wants("...: ")
	s.types("b[0])()\r")
	s.wants("...: ")
	s.types("} else {\r")
	s.wants("...: ")
	s.types("c(}\x7f)\r")
	s.wants("...: ")
	s.types("}\r")
	ran("if a {\n\t(\n\t\tb[0])()\n} else {\n\tc()\n}")
	s.types("later\r") // output while the prompt waits
	n++
	s.wants(fmt.Sprintf("In [%d]: ", n))
	s.types("1 + ")
	for _, want := range []string{"one", "two", "three\r\nfour"} {
		if before := s.wants(want + "\r\n"); !strings.HasSuffix(before, "\r") && !strings.HasSuffix(before, "\x1b[J") {
			t.Errorf("before %s is %q", want, before)
		}
		s.wants(fmt.Sprintf("In [%d]: ", n))
		s.wants("1 + ")
	}
	s.types("2\r")
	ran("1 + 2")
	s.types("ask\r")
	s.wants("name? ")
	s.types("a\tb\r")
	s.wants(`answer "a\tb" <nil>, interrupted 0 times`)
	n++
	s.wants(fmt.Sprintf("In [%d]: ", n))
	s.types("ask\r")
	s.wants("name? ")
	s.types("\x03")
	s.wants(`answer "" EOF, interrupted 1 times`)
	n++
	s.wants(fmt.Sprintf("In [%d]: ", n))
	s.types("quit()\r")
	s.ends()

	s = open(t, history) // another session has the cells
	s.types(strings.Repeat("\x1b[A", 6) + "\r")
	n = 1
	ran(loop)
	s.types("exit\r")
	s.ends()
}

func (s *screen) ends() {
	s.t.Helper()
	select {
	case err := <-s.done:
		if err != nil {
			s.t.Error(err)
		}
	case <-time.After(20 * time.Second):
		s.t.Fatal("the session does not end")
	}
}

// TestDumbTerminal checks a terminal that cannot report its cursor's position.
func TestDumbTerminal(t *testing.T) {
	s := open(t, "", "TERM=dumb")
	s.types("1 + 1\r")
	s.wants(`ran "1 + 1"`)
	s.wants("In [2]: ")
	s.types("for {\r")
	s.wants("...: ")
	s.types("}\r")
	s.wants(`ran "for {\n}"`)
	s.wants("In [3]: ")
	s.types("ask\r")
	s.wants("name? ")
	s.types("a\r")
	s.wants(`answer "a" <nil>`)
	s.wants("In [4]: ")
	s.types("quit()\r")
	s.ends()
}
