package repl

import (
	"strings"
	"testing"
	"time"
)

func TestFailures(t *testing.T) {
	l := newTester(t, options(t))
	l.want("kept := 5", "")
	l.fails("%time\n\nx := 1\ny := \"a\" + x\n", "compile error", "Cell[2]: Line 4", "    2 | \n    3 | x := 1\n>   4 | y := \"a\" + x", "mismatched types")
	l.fails("%cd .\nfunc f( {", "compile error", "Cell[3]: Line 2", ">   2 | func f( {")
	l.fails("a := 1\nb := nope\nc := neither", "compile error", "Cell[4]: Line 2", "undefined: nope", "Cell[4]: Line 3", "undefined: neither")
	l.want("%widgets\n\nfunc div(a, b int) int {\n\treturn a / b\n}\nfunc half(f func()) { f() }", "")
	// The innermost place is that of the function's cell, 5; the call is in cell 6.
	_, f := l.run("%time\nz := 0\ndiv(1, z)")
	if f == nil {
		t.Fatal("no panic")
	}
	if text := said(f); f.Name != "panic" || f.Value != "runtime error: integer divide by zero" ||
		!strings.Contains(text, "[[ Cell [5] Line 4 ]] div\n    2 | \n    3 | func div(a, b int) int {\n>   4 |     return a / b\n") ||
		!strings.Contains(text, "[[ Cell [6] Line 3 ]]") || strings.Contains(text, "𐕰") || strings.Contains(text, "host.") {
		t.Errorf("a panic of another cell's function:\n%s", text)
	}
	l.fails("type shape struct{}\nfunc (s *shape) grow() { panic(fmt.Errorf(\"too %s\", \"big\")) }\nnew(shape).grow()", "panic", "panic: too big", "Cell [7] Line 2 ]] (*shape).grow", "Cell [7] Line 3")
	l.fails("func() {\n\tvar m map[string]int\n\tm[\"a\"] = 1\n}()", "panic", "assignment to entry in nil map", "Cell [8] Line 3")
	l.fails("os.Exit(3)", "exit", "exit status 3", "Cell [9] Line 1")
	l.want("fmt.Println(\"before\")\nos.Exit(0)\nfmt.Println(\"after\")", "before\n")
	if shown := l.fails("log.SetFlags(0)\nlog.Fatalf(\"no %s\", \"way\")", "exit", "exit status 1", "Cell [11] Line 2"); shown != "no way\n" {
		t.Errorf("log.Fatalf shows %q", shown)
	}
	l.fails("runtime.Goexit()", "panic", "Goexit")
	// If a program reports an error in one sentence, so does its cell, as in the notebooks.
	shown := l.fails("func must[T any](v T, err error) T {\n\tif err != nil {\n\t\tfmt.Fprintln(os.Stderr, \"error:\", err)\n\t\tos.Exit(1)\n\t}\n\treturn v\n}\n"+
		"must(datasets.ReadFolder(context.Background(), \"/nowhere\", datasets.FolderConfig{}))", "exit", "exit status 1", "Cell [13] Line 8")
	if shown != "error: image folder /nowhere: no such file or directory\n" {
		t.Errorf("a cell with a fault shows %q", shown)
	}
	_, f = l.run("v := 1\nfunc init() { panic(v) }")
	if text := said(f); strings.Count(text, "[[ Cell [14] Line") != 1 || !strings.Contains(text, "[[ Cell [14] Line 2 ]]") {
		t.Errorf("a panic in init is at one place:\n%s", text)
	}
	l.want("kept", "Out: 5")
	l.want("for i := range 10 { fmt.Sprint(i) }\nstrings.Repeat(\"a\", 3)", `Out: "aaa"`)
}

// TestOpenCells checks that the message for an incomplete cell does not mention what we put
// behind it.
func TestOpenCells(t *testing.T) {
	l := newTester(t, options(t))
	for _, open := range []string{"y := 1 +", "f(1,", "if true {", "func() {\n\tx := 1", "x := []int{1,"} {
		if _, f := l.run(open); f == nil || strings.Contains(said(f), "'}'") && !strings.Contains(said(f), "expected '}'") || !strings.Contains(f.Value, "EOF") {
			t.Errorf("%q: %+v", open, f)
		}
	}
}

// TestProcessEnds checks the report of a process that ends, by what Go itself calls fatal
// or by a signal. A goroutine's panic or exit does not end it.
func TestProcessEnds(t *testing.T) {
	l := newTester(t, options(t))
	l.want("kept := 5", "")
	l.matches("go func() {\n\tpanic(\"from a goroutine\")\n}()\ntime.Sleep(200 * time.Millisecond)", `^panic: from a goroutine\n\ngoroutine \d+ \[running\]:\n(.*\n)*\tcell\[2\]:2 `)
	l.want("go os.Exit(7)\ntime.Sleep(200 * time.Millisecond)\nkept", "a goroutine has ended: exit status 7\nOut: 5")
	l.want("kept := 1\nfunc asked() {}\ntype box int", "")
	l.fails("syscall.Kill(os.Getpid(), syscall.SIGKILL)\nselect {}", "process ended", "signal: killed", "lost: kept, asked, box")
	l.want("1", "Out: 1")
	l.want("go func() { time.Sleep(100 * time.Millisecond); syscall.Kill(os.Getpid(), syscall.SIGKILL) }()", "")
	time.Sleep(500 * time.Millisecond)
	l.fails("1", "process ended", "signal: killed") // between cells: it fails the next one, and that is all
	l.want("var deep func(int) int\ndeep = func(n int) int { return deep(n+1) + 1 }", "")
	shown, f := l.run("deep(0)")
	if f == nil || f.Name != "process ended" || !strings.HasPrefix(f.Value, "fatal error: stack overflow: the process") || !strings.Contains(said(f), "Cell [9] Line 2") {
		t.Errorf("a stack without end: %+v", f)
	}
	if !strings.Contains(shown, "goroutine stack exceeds") || strings.Count(shown, "\n") > 5 {
		t.Errorf("a stack without end shows %q", shown)
	}
	l.fails("s := make([]byte, 1<<46)\nlen(s)", "process ended", "out of memory")
	l.want("1", "Out: 1")
	l.want("m := map[int]int{}", "")
	l.fails("for i := range 8 {\n\tgo func() {\n\t\tfor { m[i]++ }\n\t}()\n}\nselect {}", "process ended", "fatal error: concurrent map")
	l.want("1", "Out: 1")
}

func TestExpressions(t *testing.T) {
	l := newTester(t, options(t))
	r := l.ask(t.Context(), "x := 2", map[string]string{"double": "2 * x", "none": "fmt.Print()", "wrong": "y", "thrown": "panic(x)"})
	if r.Failure != nil {
		t.Fatal(said(r.Failure))
	}
	entry := func(name string) map[string]any { m, _ := r.Expressions[name].(map[string]any); return m }
	if d, _ := entry("double")["data"].(map[string]any); d["text/plain"] != "4" || entry("double")["status"] != "ok" {
		t.Errorf("double: %v", entry("double"))
	}
	for name, kind := range map[string]string{"none": "no value", "wrong": "compile error", "thrown": "panic"} {
		if e := entry(name); e["status"] != "error" || e["ename"] != kind || e["traceback"] == nil {
			t.Errorf("%s: %v", name, e)
		}
	}
	r = l.ask(t.Context(), "x :=", map[string]string{"x": "x"})
	if r.Failure == nil || r.Expressions != nil {
		t.Errorf("after a failure: %+v", r)
	}
	l.want("x", "Out: 2")
}
