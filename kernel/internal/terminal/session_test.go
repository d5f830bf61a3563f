package terminal

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/iscomplete"
)

// scripted is an evaluator that records its cells and does what a test says for each.
type scripted struct {
	cells []string
	names []string // completions, besides those of fmt
	do    map[string]func(out eval.Output) eval.Result
	asked atomic.Int32 // to stop
}

func (s *scripted) Execute(_ context.Context, code string, ask eval.Ask, out eval.Output) eval.Result {
	s.cells = append(s.cells, code)
	if do := s.do[code]; do != nil {
		return do(out)
	}
	return eval.Result{}
}

func (s *scripted) Complete(code string, cursor int) eval.Completion {
	return eval.Completion{Matches: append([]string{"Println", "Printf", "Other"}, s.names...), Start: cursor - 2, End: cursor}
}

func (s *scripted) IsComplete(code string) eval.Completeness {
	status, indent := iscomplete.Check(code)
	return eval.Completeness{Status: status, Indent: indent}
}

func (s *scripted) Inspect(string, int, int) map[string]any  { return nil }
func (s *scripted) Interrupt()                               { s.asked.Add(1) }
func (s *scripted) CommMessage(m eval.Comm, out eval.Output) {}
func (s *scripted) Close() error                             { return nil }

// script runs a session that reads text from a pipe.
func script(t *testing.T, e *scripted, text string) (out, errs, files string, err error) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		io.WriteString(w, text)
		w.Close()
	}()
	var stdout, stderr strings.Builder
	files = filepath.Join(t.TempDir(), "shown")
	err = Session{Evaluator: e, In: r, Out: &stdout, Err: &stderr, Files: files}.Run(t.Context())
	return stdout.String(), stderr.String(), files, err
}

func value(text string) func(eval.Output) eval.Result {
	return func(eval.Output) eval.Result {
		return eval.Result{Data: map[string]any{"text/plain": text}}
	}
}

// TestCells checks that lines are read until they are a complete cell.
func TestCells(t *testing.T) {
	for _, c := range []struct {
		why, text string
		cells     []string
	}{
		{"a line is a cell", "a := 1\nb := 2\n", []string{"a := 1", "b := 2"}},
		{"an open bracket goes on", "f := func() {\n\tg()\n}\nf()\n", []string{"f := func() {\n\tg()\n}", "f()"}},
		{"without a newline at the end", "a := 1", []string{"a := 1"}},
		{"what is open at the end runs, to be complained of", "f(\n1", []string{"f(\n1"}},
		{"empty lines are no cells", "\n \n\na\n", []string{"a"}},
		{"carriage returns", "a\r\nb\r\n", []string{"a", "b"}},
		{"a cell for a program ends with an empty line", "%%bash\necho\nls\n\nx\n", []string{"%%bash\necho\nls\n", "x"}},
		{"what no line could fix", ")\n", []string{")"}},
		{"nothing", "", nil},
	} {
		e := &scripted{}
		if _, _, _, err := script(t, e, c.text); err != nil || strings.Join(e.cells, "|") != strings.Join(c.cells, "|") {
			t.Errorf("%s: %q, %v; want %q", c.why, e.cells, err, c.cells)
		}
	}
}

// TestExit checks that exit and quit end a session that has not declared them.
func TestExit(t *testing.T) {
	for _, c := range []struct {
		text     string
		declared bool
		cells    string
	}{
		{"a\nexit\nb\n", false, "a"}, {"quit\nb\n", false, ""}, {"exit()\nb\n", false, ""}, {" quit() \nb\n", false, ""},
		{"exit(1)\nquits\n", false, "exit(1)|quits"},
		{"exit()\nquit\nb\n", true, "exit()|quit|b"},
	} {
		e := &scripted{}
		if c.declared {
			e.names = []string{"exit", "quit"}
		}
		if _, _, _, err := script(t, e, c.text); err != nil || strings.Join(e.cells, "|") != c.cells {
			t.Errorf("%q: %q, %v; want %q", c.text, e.cells, err, c.cells)
		}
	}
}

// TestLines checks that a value, and a failure, begin a line.
func TestLines(t *testing.T) {
	e := &scripted{do: map[string]func(eval.Output) eval.Result{
		"print": func(out eval.Output) eval.Result {
			out.Stream("stdout", "100%")
			return eval.Result{Data: map[string]any{"text/plain": "5"}}
		},
		"go on": func(out eval.Output) eval.Result {
			out.Stream("stdout", "a")
			return eval.Result{}
		},
		"show": func(out eval.Output) eval.Result {
			out.Stream("stdout", "b")
			out.Display(map[string]any{"text/plain": "text"}, nil, "")
			return eval.Result{}
		},
	}}
	if out, _, _, err := script(t, e, "print\ngo on\nshow\n"); out != "100%\nOut[1]: 5\nab\ntext\n" || err != nil {
		t.Errorf("%q, %v", out, err)
	}
}

func TestScriptStops(t *testing.T) {
	e := &scripted{do: map[string]func(eval.Output) eval.Result{
		"one": value("1"),
		"two": func(out eval.Output) eval.Result {
			out.Stream("stdout", "out\n")
			out.Stream("stderr", "err\n")
			return eval.Result{Failure: &eval.Failure{Name: "panic", Value: "oh", Traceback: []string{"\x1b[31moh\x1b[0m", "line 1"}}}
		},
	}}
	out, errs, _, err := script(t, e, "one\ntwo\nthree\n")
	if out != "Out[1]: 1\nout\n" || errs != "err\noh\nline 1\n" || err == nil || err.Error() != "cell 2: panic: oh" || len(e.cells) != 2 {
		t.Errorf("%q, %q, %v, cells %q", out, errs, err, e.cells)
	}
}

// TestInput checks that a cell of a script reads the lines that follow it.
func TestInput(t *testing.T) {
	e := &scripted{do: map[string]func(eval.Output) eval.Result{
		"ask": func(out eval.Output) eval.Result {
			line, err := out.Input(context.Background(), "? ", false)
			return value(line + errorText(err))(out)
		},
	}}
	out, _, _, err := script(t, e, "ask\nanswer\nask\n")
	if out != "Out[1]: answer\nOut[2]: EOF\n" || err != nil || len(e.cells) != 2 {
		t.Errorf("%q, %v, cells %q", out, err, e.cells)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestFiles checks the handling of output that is not text.
func TestFiles(t *testing.T) {
	html := func(s string) map[string]any { return map[string]any{"text/html": s} }
	e := &scripted{do: map[string]func(eval.Output) eval.Result{
		"show": func(out eval.Output) eval.Result {
			out.Display(html("<b>first</b>"), nil, "")
			out.Display(html("0%"), nil, "bar")
			out.Update(html("50%"), nil, "bar")
			out.Display(map[string]any{"image/png": "iVBO\nRw=="}, nil, "")
			out.Display(map[string]any{"text/plain": "a text", "text/html": "<i>"}, nil, "")
			out.Display(map[string]any{"text/plain": "1 of 2"}, nil, "count")
			out.Update(map[string]any{"text/plain": "2 of 2"}, nil, "count")
			out.Display(map[string]any{"image/png": "no base64!"}, nil, "")
			return eval.Result{Data: map[string]any{"image/svg+xml": "<svg/>"}}
		},
		"later": func(out eval.Output) eval.Result {
			out.Update(html("100%"), nil, "bar")
			return eval.Result{}
		},
	}}
	out, errs, files, err := script(t, e, "show\nlater\n")
	if err != nil || !strings.Contains(errs, "illegal base64") {
		t.Errorf("%v, %q", err, errs)
	}
	for name, want := range map[string]string{"out-1.html": "<b>first</b>", "out-2.html": "100%", "out-3.png": "\x89PNG", "out-5.svg": "<svg/>"} {
		got, err := os.ReadFile(filepath.Join(files, name))
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for says, times := range map[string]int{"out-1.html]": 1, "out-2.html]": 1, "[png: ": 1, "a text\n": 1, "1 of 2": 1, "2 of 2": 0, "[svg: ": 1} {
		if n := strings.Count(out, says); n != times {
			t.Errorf("%q is said %d times, want %d:\n%s", says, n, times, out)
		}
	}
}

// TestEnd checks that a session that waits for a line ends when its context is done.
func TestEnd(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- Session{Evaluator: &scripted{}, In: r, Out: io.Discard, Err: io.Discard, Files: t.TempDir()}.Run(ctx)
	}()
	time.AfterFunc(50*time.Millisecond, end)
	select {
	case err := <-done:
		if errors.Is(err, io.EOF) {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("it waits on")
	}
}

func TestCompleter(t *testing.T) {
	c := &completer{evaluator: &scripted{}, before: "x := 1\n"}
	ends, typed := c.Do([]rune("é.Pr rest"), 4)
	if typed != 2 || len(ends) != 2 || string(ends[0]) != "intln" || string(ends[1]) != "intf" {
		t.Errorf("%q, %d", ends, typed)
	}
	for _, line := range []string{"", "  ", "x\n\t"} { // where a line begins, a tab is one
		if ends, typed := c.Do([]rune(line), len(line)); typed != 0 || len(ends) != 1 || string(ends[0]) != "\t" {
			t.Errorf("%q: %q, %d", line, ends, typed)
		}
	}
}

// TestKeys checks what the line editor reads, and the line after pasted texts have replaced
// their runes.
func TestKeys(t *testing.T) {
	for _, c := range []struct {
		why    string
		chunks []string
		line   string
	}{
		{"keys", []string{"a", "\t", "\t\t", "\x1b[A", "\x1b", "[A\r"}, "a\t\t\t\x1b[A\x1b[A\r"},
		{"a tab among what came at once", []string{"a\tb\r"}, "a<\t>b\r"},
		{"tabs in front", []string{"\t\tb"}, "<\t><\t>b"},
		{"a tab, and the terminal's answer", []string{"fmt.Pr\t\x1b[1;2R"}, "fmt.Pr\t\x1b[1;2R"},
		{"marks", []string{"x\x1b[200~a\tb\r\nc\rd\n\x1b[201~y"}, "x<a\tb\nc\nd>y"},
		{"marks in pieces", []string{"x\x1b[2", "00~a\x1b[20", "1~\r"}, "x<a>\r"},
		{"what only begins as a mark", []string{"\x1b[2", "~x"}, "\x1b[2~x"},
		{"two pastes", []string{"\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~"}, "<a><b>"},
		{"what would move the cursor", []string{"\x1b[200~a\x1b[2J\x07b\x1b[201~"}, "<a[2Jb>"},
	} {
		k := &keys{from: &chunked{c.chunks}}
		read, err := io.ReadAll(k)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range k.texts {
			k.texts[i] = "<" + text + ">"
		}
		if got := k.unmark(string(read)); got != c.line || len(k.texts) > 0 {
			t.Errorf("%s: %q, want %q", c.why, got, c.line)
		}
	}
}

// chunked is a reader that returns one chunk per read.
type chunked struct{ chunks []string }

func (c *chunked) Read(p []byte) (int, error) {
	if len(c.chunks) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.chunks[0])
	c.chunks = c.chunks[1:]
	return n, nil
}

// TestHistory checks that cells come back unchanged, including those of a file of plain
// lines.
func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	if err := os.WriteFile(path, []byte("x := 1\n\"no string\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cells := []string{"x := 1", "\"no string", "func f() {\n\ta := `\\`\n}", "\"text\"", "a\tb", "é"}
	h, err := openHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range cells[2:] {
		for range 2 {
			if err := h.add(cell); err != nil {
				t.Fatal(err)
			}
		}
	}
	if h, err = openHistory(path); err != nil || !slices.Equal(h.cells, cells) {
		t.Errorf("%q, %v; want %q", h.cells, err, cells)
	}
	if h, err = openHistory(t.TempDir()); err == nil || h.add("x") != nil || len(h.cells) != 1 {
		t.Errorf("a file that cannot be read: %v, %q", err, h.cells)
	}
}
