package repl

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/dialect"
)

func TestCommands(t *testing.T) {
	l := newTester(t, options(t))
	l.want("%who", "no variables, functions or types yet\n")
	l.want("type pair struct{ a, b int }\nfunc (p pair) sum() int { return p.a + p.b }\nconst limit = 3\nfunc add(a, b int) int { return a + b }\np := pair{1, 2}\nwords := []string{\"a\", \"bc\"}", "")
	l.matches("%who", `^p +main\.pair +16 B +{a:1 b:2}\nwords +\[\]string +59 B +\["a" "bc"\]\nfunc add\(a int, b int\) int\nconst limit untyped int\ntype pair struct{a int; b int}\n$`)
	l.matches("%ls", "words")
	l.matches("%list", "words")
	l.matches("%time\np.sum()", `^built in [0-9.]+(m|µ)?s, ran for [0-9.]+(µ|m)?s\nOut: 3$`)
	l.matches("%time p.sum() + 1", `^built in .*\nOut: 4$`)
	l.matches("%time for i := range 2 {\n\tfmt.Println(i)\n}", `^0\n1\nbuilt in .*\n$`)
	l.matches("%time timed := 5\ntimed", `^built in .*\nOut: 5$`)
	for _, name := range alone {
		l.fails("%"+name+" now", "command failed", "line 1: %"+name+" takes no arguments")
	}
	l.matches("%memory", `^[0-9.]+ .iB in use by values, [0-9.]+ MiB of memory in all, \d+ goroutines\n$`)
	l.matches("%help", `^<A cell is Go.*%who`)
	l.fails("%echarts now", "command failed", "%echarts takes no arguments")
	l.want("%widgets\n%with_inputs\n1", "Out: 1")
	l.fails("%nothing", "command failed", "line 1: no command %nothing: %help lists the commands")
	l.fails("x := 1\n\n%nothing", "command failed", "line 3:")
	l.fails("x := 1\n%%bash\necho hi", "command failed", "line 2: %%bash must be on the first line")
	l.fails("%timeit 1+1", "command failed", "%time")
	l.matches("strings.ToUpper?", `^<.*func ToUpper\(s string\) string.*returns`)
	l.matches("?strings.ToUpper", "func ToUpper")
	l.matches("??strings.ToUpper", "func ToUpper.*isASCII")
	l.matches("?strings", "package strings")
	l.matches("?encoding/json", "package json")
	l.matches("limit?", "const limit")
	l.matches("words?\nlen(words)", "var words \\[\\]string.*Out: 2$")
	l.matches("here := 5\nhere?", "var here int")
	l.matches("?%who", "variables, their types")
	l.matches("?", "A cell is Go")
	l.fails("?nowhere", "command failed", "line 1: nowhere is unknown")
	l.fails("?%timeit", "command failed", "%time")
	l.fails("%exec", "command failed", "%exec FUNCTION")
	l.fails("%cd a b", "command failed", "%cd [FOLDER]")
	l.fails("%env SDT_NONE", "command failed", "SDT_NONE is not set: %env NAME VALUE sets it")
	l.fails("%env A b c", "command failed", "%env NAME VALUE")
	l.fails("%%writefile", "command failed", "%%writefile [-a] FILE")
	l.fails("%%script", "command failed", "%%script COMMAND")
	l.fails("%%bash x", "command failed", "%%bash takes no arguments")
	l.want("%reset", "A fresh session has begun.\n")
	l.want("%who", "no variables, functions or types yet\n")
	l.fails("p", "compile error", "undefined: p")
	for name := range kernelCommands {
		if !strings.Contains(help, "%"+name) && !slices.Contains([]string{"help", "ls", "list", "widgets", "with_inputs"}, name) {
			t.Errorf("%%help does not tell of %%%s", name)
		}
	}
}

// TestArguments checks how cells get arguments: GoNB's notebooks use package flag.
func TestArguments(t *testing.T) {
	l := newTester(t, options(t))
	l.want("%args -n 3 \"a b\"\nfmt.Println(len(os.Args), os.Args[3])", "4 a b\n")
	l.want("n := flag.Int(\"n\", 1, \"a number\")\n%% -n=7 rest\nfmt.Println(*n, flag.Args())", "7 [rest]\n")
	l.want("%main\n*n", "") // it is not shown
	if shown := l.fails("%% -wrong\nfmt.Println()", "exit", "exit status 2", "Cell [4] Line 1"); !strings.HasPrefix(shown, "flag provided but not defined: -wrong\nUsage of ") {
		t.Errorf("a wrong flag shows %q", shown)
	}
	l.want("%%\nfmt.Print(len(os.Args))", "1") // none takes the wrong ones away, as GoNB has it
	l.want("func hi() { fmt.Println(\"hi\", os.Args[1:]) }\n%exec hi a b", "hi [a b]\n")
	l.fails("%exec nobody", "compile error", "undefined: nobody")
	l.matches("%test\nfunc TestSum(t *testing.T) { if 1+1 != 2 { t.Error() } }", "--- PASS: TestSum.*PASS")
	if shown := l.fails("%test\nfunc TestSum(t *testing.T) { t.Error(\"no sum\") }", "tests failed", "tests failed"); !strings.Contains(shown, "no sum") {
		t.Errorf("a test that fails shows %q", shown)
	}
	two := "\nfunc TestOne(t *testing.T) {}\nfunc TestTwo(t *testing.T) {}"
	for _, run := range []string{"-run Two", "-run=Two", "--test.run=Two", "-short -run Two x"} {
		if shown, _ := l.run("%test " + run + two); !strings.Contains(shown, "--- PASS: TestTwo") || strings.Contains(shown, "TestOne") {
			t.Errorf("%%test %s shows %q", run, shown)
		}
	}
	l.matches("%test"+two, "PASS: TestOne.*PASS: TestTwo") // which is over by then
	l.fails("%test -nosuch"+two, "panic", "%test has no flag -nosuch")
	l.fails("%test -run"+two, "panic", "%test -run needs a value")
	l.matches("size := flag.Int(\"size\", 1, \"\")\n%test -size 3 -run Size\nfunc TestSize(t *testing.T) {\n\tif !slices.Equal(os.Args[1:], []string{\"-size\", \"3\", \"-run\", \"Size\"}) {\n\t\tt.Error(os.Args)\n\t}\n}", "PASS: TestSize")
	l.fails("%test\nfunc TestExit(t *testing.T) { log.Fatal(\"no way\") }", "exit", "exit status 1")
	l.fails("%test\nfunc TestPanic(t *testing.T) { panic(\"no way\") }", "panic", "no way")
}

// TestPastedFile checks that a pasted program runs, and that another file's declarations
// can be used.
func TestPastedFile(t *testing.T) {
	l := newTester(t, options(t))
	l.want("package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"hi\", half(4))\n}\n\nfunc half(n int) int { return n / 2 }\n", "hi 2\n")
	l.want("\ufeff// Package p is one.\npackage p\n\nconst Size = 3", "")
	l.want("half(Size * 2)", "Out: 3")
	l.fails("package main\n\nfunc f() { nope() }", "compile error", "Line 3", "undefined: nope")
}

func TestFoldersAndEnvironment(t *testing.T) {
	opt := options(t)
	l := newTester(t, opt)
	sub := filepath.Join(opt.Dir, "sub")
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	l.want("%cd", "Current directory: \""+opt.Dir+"\"\n")
	l.want("%env SDT_WHERE sub", "Set: SDT_WHERE=\"sub\"\n")
	l.want("%env SDT_WHERE", "SDT_WHERE=sub\n")
	l.matches("%env", "(?m)^SDT_WHERE=sub\n")
	l.want("%env SDT_TEXT=\"a b\"", "Set: SDT_TEXT=\"a b\"\n")
	l.want("%cd $SDT_WHERE", "Changed directory to \""+sub+"\"\n")
	l.fails("%cd nowhere", "command failed", "no such file")
	here := "here, _ := os.Getwd()\nfmt.Println(here == " + "\"" + sub + "\", os.Getenv(\"SDT_TEXT\"))"
	l.want(here, "true a b\n")
	l.want("!pwd; echo $SDT_TEXT", sub+"\na b\n")
	l.want("!*test -f go.mod && echo module", "module\n")
	for _, again := range []string{"%reset", "%restart"} {
		l.matches(again, "A fresh session has begun.\n$")
		l.want(here, "true a b\n")
		l.want("!pwd; echo $SDT_TEXT", sub+"\na b\n")
	}
	l.fails("os.Exit(0)\nselect {}; panic(1)\nx :=", "compile error")
	l.fails("syscall.Kill(os.Getpid(), syscall.SIGKILL)\nselect {}", "process ended", "signal: killed")
	l.want(here, "true a b\n")
	l.want("%cd ~", "Changed directory to \""+must(os.UserHomeDir())+"\"\n")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestShell(t *testing.T) {
	opt := options(t)
	l := newTester(t, opt)
	l.want("!echo out; echo err >&2", "out\nerr\n")
	l.want("!echo a \\\n b\n!echo c\n1", "a b\nc\nOut: 1")
	l.fails("!exit 3\nfmt.Println(\"not run\")", "command failed", "line 1: exit 3: exit status 3")
	l.want("!sleep 30 &\n!echo goes on", "goes on\n") // what is left in the background has our pipe
	l.want("%%bash\nfor i in 1 2; do\n  echo $i\ndone\n", "1\n2\n")
	l.want("%%sh\necho $0 \"$(cat)\"", "sh \n")
	l.want("%%script tr a-c A-C\nabcd\n!x", "ABCd\n!x")
	l.fails("%%script no-such-program\nx", "command failed", "no-such-program")
	l.fails("%%bash\nexit 4", "command failed", "exit status 4")
	l.matches("%%writefile a.txt\n%who\nline", "written to \"a.txt\"")
	l.matches("%%writefile -a a.txt\nmore\n", "appended to \"a.txt\"")
	if got := string(must(os.ReadFile(filepath.Join(opt.Dir, "a.txt")))); got != "%who\nline\nmore\n" {
		t.Errorf("the file has %q", got)
	}
	l.matches("%%writefile a.txt\nnew", "written")
	l.want("!cat a.txt", "new\n")
	l.want("!printf '\\303'; sleep 0.1; printf '\\251\\n'", "é\n")
}

// TestCompleteBehindCommands checks that names of Go are offered where they can stand.
func TestCompleteBehindCommands(t *testing.T) {
	l := newTester(t, options(t))
	l.want("before := 1", "")
	for _, c := range []struct {
		code  string // to the cursor
		match string // "": none
	}{
		{"befo", "before"},
		{"?befo", "before"},
		{"??strings.ToUpp", "ToUpper"},
		{"x := 1\n?befo", "before"},
		{"%time befo", "before"},
		{"%tim", "%time"},
		{"%cd befo", ""},
		{"%cd\tbefo", ""},
		{"!befo", ""},
		{"!*go get befo", ""},
		{"%%writefile a.go\nbefo", ""},
		{"%who\nbefo", "before"},
	} {
		got := l.Complete(c.code, len(c.code))
		if c.match == "" && len(got.Matches) > 0 || c.match != "" && !slices.Contains(got.Matches, c.match) {
			t.Errorf("%q: %q, want %q", c.code, got.Matches, c.match)
		}
		if at := len(c.code) - 4; c.match == "before" && (got.Start != at || got.End != len(c.code)) {
			t.Errorf("%q: from %d to %d", c.code, got.Start, got.End)
		}
	}
}

// TestQuestionsWhileACellRuns checks that questions are answered, from the state before the
// cell.
func TestQuestionsWhileACellRuns(t *testing.T) {
	l := newTester(t, options(t))
	l.want("before := 5", "")
	done := l.begin(t.Context(), "during := make(chan int)\nfmt.Println(\"begun\")\ntime.Sleep(time.Hour)")
	begun := time.Now()
	for range 20 {
		if c := l.Complete("befo", 4); !slices.Equal(c.Matches, []string{"before"}) {
			t.Fatalf("%q", c.Matches)
		}
		if data := l.Inspect("before", 3, 0); !strings.Contains(form(data), "var before int") {
			t.Fatalf("%v", data)
		}
	}
	if d := time.Since(begun); d > 10*time.Second {
		t.Errorf("40 questions took %v", d)
	}
	l.Interrupt()
	l.Interrupt()
	l.result(done, 20*time.Second)
}

// TestMissingPackage checks the handling of an import that the session does not have.
func TestMissingPackage(t *testing.T) {
	l := newTester(t, options(t))
	l.want("%noautoget", "")
	l.fails("import \"github.com/sdtlab/no-such-module\"\nx := 1", "compile error", "Cell[2]: Line 1", "github.com/sdtlab/no-such-module", "go list")
	l.fails("import \"github.com/sdtlab/sdtlab/no-such-package\"", "compile error", "no-such-package")
	// A package that the module has, but that the session was not built with: the session
	// begins again, as it holds nothing.
	l.matches("import \"github.com/google/go-cmp/cmp\"\ncmp.Equal(1, 1)", "A fresh session has begun.\nOut: true$")
	l.want("kept := 5", "")
	l.fails("import \"github.com/ergochat/readline\"\nreadline.CharEnter", "compile error", "%restart begins a session with it")
	l.want("kept", "Out: 5")
	l.matches("%restart\nimport \"github.com/ergochat/readline\"\nreadline.CharEnter", "fresh session has begun.\nOut: 13$")
}

// TestProgram checks that a command cannot be imported, be it the module's own, one of a
// required module, or one of Go's, and that the session stays as it is.
func TestProgram(t *testing.T) {
	l := newTester(t, options(t))
	requirements := must(os.ReadFile(l.module.file))
	for _, path := range []string{"github.com/sdtlab/sdtlab/kernel", "golang.org/x/tools/cmd/goimports", "cmd/go"} {
		l.fails("import \""+path+"\"\n1", "compile error", "line 1:8: import \""+path+"\" is a program, not an importable package")
	}
	l.want("1 + 1", "Out: 2")
	l.want("%restart\n1 + 2", "A fresh session has begun.\nOut: 3")
	if !bytes.Equal(must(os.ReadFile(l.module.file)), requirements) || slices.Contains(l.module.packages, "cmd/go") {
		t.Error("the module for cells has changed")
	}
}

// TestNotInStd checks that a path which only the standard library could have is not
// searched for elsewhere.
func TestNotInStd(t *testing.T) {
	l := newTester(t, options(t))
	for i, path := range []string{"encoding/jsn", "nosuch/pkg"} {
		_, f := l.run("import \"" + path + "\"\n1")
		if want := fmt.Sprintf("cell %d, line 1:8: package %s is not in std", i+1, path); f == nil || f.Value != want || strings.Contains(said(f), "go get") || strings.Contains(said(f), "%restart") {
			t.Errorf("%s: %+v", path, f)
		}
	}
	l.want("1 + 1", "Out: 2")
}

func TestWordsAreKnown(t *testing.T) {
	names := commandNames()
	for _, code := range []string{"%%writefile x", "%%bash", "%%sh", "%%script x"} {
		c := dialect.Parse(code)
		if c.Whole == nil || !slices.Contains(names, dialect.Words(code)[0]) {
			t.Errorf("%s is not among the commands", code)
		}
	}
}
