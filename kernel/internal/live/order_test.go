package live

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestOrder checks that standard output and standard error arrive in the order in which
// they were written, by all ways in which a cell writes.
func TestOrder(t *testing.T) {
	l := newTester(t)
	const turns = 200 // each waits four times, and a cell may 1000 times in a row
	var want strings.Builder
	for i := range turns {
		fmt.Fprintf(&want, "a %d\nb %d\nc %d\nd %d\ne %d\n", i, i, i, i, i)
	}
	turn := fmt.Sprintf(`for i := range %d {
	fmt.Println("a", i)
	fmt.Fprintln(os.Stderr, "b", i)
	syscall.Write(1, fmt.Appendln(nil, "c", i))
	println("d", i)
	unix.Write(1, fmt.Appendln(nil, "e", i))
}`, turns)
	l.want("import \"golang.org/x/sys/unix\"\nstop := make(chan bool)", "")
	for _, setting := range []string{
		"// as it is",
		"_ = runtime.GOMAXPROCS(1)",
		"_ = runtime.GOMAXPROCS(2)\ngo func() {\n\tfor {\n\t\tselect {\n\t\tcase <-stop:\n\t\t\treturn\n\t\tdefault:\n\t\t}\n\t}\n}()",
		"_ = runtime.GOMAXPROCS(1)",
		"_ = runtime.GOMAXPROCS(8)\n_ = debug.SetGCPercent(1)",
	} {
		l.want(setting, "")
		began := time.Now()
		got, err := l.run(turn)
		t.Logf("%q: %v", setting, time.Since(began))
		if err != nil || got != want.String() {
			t.Errorf("%q: %v; %s", setting, err, firstDifference(got, want.String()))
		}
	}
	l.want("close(stop)", "")
}

// TestOrderOfFloods checks a program that alternates between its streams without end: it is
// about as fast as one that writes to one of them, nothing is lost, each stream is in
// order, and the order of both is exact at first, and again afterwards.
func TestOrderOfFloods(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: compiles what cells import", t.Name())
	}
	const turns, exact = 100_000, 250
	b, err := base()
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	streams := map[string]*strings.Builder{"stdout": {}, "stderr": {}}
	s, err := Open(b, t.TempDir(), os.Environ(), func(stream string, text []byte) {
		shown.Write(text)
		streams[stream].Write(text)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cells := 0
	run := func(code string) time.Duration {
		t.Helper()
		shown.Reset()
		streams["stdout"].Reset()
		streams["stderr"].Reset()
		cells++
		o, err := s.Eval(t.Context(), Cell{Number: cells, Code: code}, nil)
		if err != nil || o.Failure != nil {
			t.Fatalf("%s: %v %v", code, err, o)
		}
		return o.Running
	}
	flood := func(body string) time.Duration {
		t.Helper()
		return run(fmt.Sprintf("for i := range %d {\n%s\n}", turns, body))
	}
	alone := flood("fmt.Println(i)\nfmt.Println(-i)")
	for _, row := range []struct {
		body  string
		texts func(i int) (out, err string)
	}{
		{"fmt.Println(i)\nfmt.Fprintln(os.Stderr, -i)", func(i int) (out, err string) { return fmt.Sprintln(i), fmt.Sprintln(-i) }},
		{"fmt.Print(i, `, `)\nprintln(i)", func(i int) (out, err string) { return fmt.Sprint(i, ", "), fmt.Sprintln(i) }}, // the runtime writes that, in two pieces
		{"fmt.Print(i)\nfmt.Fprint(os.Stderr, `.`)", func(i int) (out, err string) { return fmt.Sprint(i), "." }},
	} {
		took := flood(row.body)
		t.Logf("%s: %v, on one stream %v", row.body, took, alone)
		if took > 25*alone {
			t.Errorf("%s: takes %v, on one stream %v", row.body, took, alone)
		}
		var out, errs, first strings.Builder
		for i := range turns {
			o, e := row.texts(i)
			out.WriteString(o)
			errs.WriteString(e)
			if i < exact {
				first.WriteString(o + e)
			}
		}
		if streams["stdout"].String() != out.String() || streams["stderr"].String() != errs.String() {
			t.Errorf("%s: the streams are not what was written", row.body)
		}
		if !strings.HasPrefix(shown.String(), first.String()) {
			t.Errorf("%s: the first %d turns: %s", row.body, exact, firstDifference(shown.String(), first.String()))
		}
		if run(fmt.Sprintf("for i := range %d {\n%s\n}", exact, row.body)); shown.String() != first.String() {
			t.Errorf("%s: afterwards: %s", row.body, firstDifference(shown.String(), first.String()))
		}
	}
}

// TestOrderElsewhere checks that a write does not wait if nothing reads it: one to a file
// or a closed descriptor. (A wait is half a second, and there are a thousand writes.)
func TestOrderElsewhere(t *testing.T) {
	l := newTester(t)
	began := time.Now()
	l.want(`kept, _ := syscall.Dup(1)
file, err := os.CreateTemp(".", "out")
err = syscall.Dup2(int(file.Fd()), 1)
for range 500 {
	fmt.Println("to the file")
	fmt.Fprintln(os.Stderr, "to the session")
}`, strings.Repeat("to the session\n", 500))
	l.want(`err = syscall.Close(1)
for range 500 {
	fmt.Println("nowhere")
	println("to the session")
}
err = syscall.Dup2(kept, 1)
fmt.Println("back")`, strings.Repeat("to the session\n", 500)+"back\n")
	if took := time.Since(began); took > time.Minute {
		t.Errorf("took %v", took)
	}
}

// firstDifference shows where two texts begin to differ.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d is %q, want %q", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// TestOrderOfLastWords checks that the runtime's output when the process dies comes after
// what the program wrote before.
func TestOrderOfLastWords(t *testing.T) {
	l := newTester(t)
	for _, end := range []string{
		"var m sync.Mutex; m.Unlock()",
		"var f func(int) int; f = func(n int) int { return f(n+1) + 1 }; debug.SetMaxStack(1 << 16); f(1)",
	} {
		shown, err := l.run("for range 3000 { fmt.Println(\"before\") }\n" + end)
		var ended *Ended
		if !errors.As(err, &ended) {
			t.Errorf("%s: %v", end, err)
		}
		before, after, _ := strings.Cut(shown, "fatal error:")
		if strings.Count(before, "before\n") != 3000 || strings.Contains(after, "before\n") {
			t.Errorf("%s: %d lines before the last words, %d behind", end, strings.Count(before, "before\n"), strings.Count(after, "before\n"))
		}
	}
}
