package host

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// again panics with the value that f panics with.
func again(f func()) {
	defer func() { panic(recover()) }()
	f()
}

// instead panics with a value, whether f has panicked or not.
func instead(f func(), value any) {
	defer func() { panic(value) }()
	f()
}

// rather is instead with f's panic recovered first.
func rather(f func(), value any) {
	defer func() {
		recover()
		panic(value)
	}()
	f()
}

// with returns a function that panics with a value.
func with(value any) func() { return func() { panic(value) } }

var panicRows = []struct {
	why string
	f   func()
}{
	{"one", with("first")},
	{"one of two lines", with("first\nof two")},
	{"a deferred function panics", func() { instead(with("first"), "second") }},
	{"three levels", func() { instead(func() { instead(with("first"), "second") }, "third") }},
	{"recovered and another", func() { rather(with("first"), "second") }},
	{"recovered and the same", func() { again(with("first")) }},
	{"recovered and the same error", func() { again(with(errors.New("first"))) }},
	{"the same error twice, which is recovered", func() { again(func() { again(with(errors.New("first"))) }) }},
	{"the same, which is no pointer", func() { again(with(count(7))) }},
	{"the same, then another", func() { instead(func() { again(with("first")) }, "second") }},
	{"another, then the same", func() { again(func() { rather(with("first"), "second") }) }},
	{"the same without being recovered", func() { err := errors.New("first"); instead(with(err), err) }},
	{"an error of the runtime first", func() {
		var m map[string]int
		instead(func() { m["a"] = 1 }, errors.New("second"))
	}},
	{"values with a text, of several lines too", func() {
		instead(func() { instead(with(stringer(1)), errors.New("of\ntwo lines")) }, "third\nof two")
	}},
	{"values of named types", func() { instead(func() { instead(with(count(1)), phrase("a")) }, 1.5) }},
	{"after Goexit", func() { instead(runtime.Goexit, "first") }},
	{"two after Goexit", func() { instead(func() { instead(runtime.Goexit, "first") }, "second") }},
	{"Goexit between two", func() {
		defer func() {
			instead(runtime.Goexit, "second")
		}()
		panic("first")
	}},
	{"recovered before, which is over", func() {
		func() {
			defer func() { recover() }()
			panic("over")
		}()
		instead(with("first"), "second")
	}},
	{"recovered within the deferred function", func() {
		defer func() {
			func() {
				defer func() { recover() }()
				panic("over")
			}()
			panic("second")
		}()
		panic("first")
	}},
}

// TestPanics checks that panics caused by other panics are reported in Go's words, by
// comparison with a child process that dies of each.
func TestPanics(t *testing.T) {
	if n := os.Getenv("HOST_PANICS"); n != "" {
		var row int
		fmt.Sscan(n, &row)
		go panicRows[row].f() // not on a goroutine of package testing, which recovers
		select {}
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range panicRows {
		t.Run(row.why, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestPanics$")
			cmd.Env = append(os.Environ(), fmt.Sprint("HOST_PANICS=", i))
			out, err := cmd.CombinedOutput()
			if err == nil {
				t.Fatal("it does not panic")
			}
			want, _, _ := strings.Cut(string(out), "\n\ngoroutine ")
			want = strings.TrimPrefix(want, "panic: ")
			failure := run(row.f)
			if failure == nil || failure.Kind != "panic" {
				t.Fatalf("%+v", failure)
			}
			got := failure.Message
			if !strings.Contains(want, "panic: ") { // one alone keeps its lines
				got = strings.ReplaceAll(got, "\n", "\n\t")
			}
			if got != want {
				t.Errorf("%q, Go says %q", got, want)
			}
		})
	}
}
