package host

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
)

// Failure is why a cell ended early.
type Failure struct {
	Kind    string // "panic", "exit", "load"
	Message string
	Code    int // of an exit
	Trace   []Frame
}

// Frame is one call of a stack trace, innermost first.
type Frame struct {
	Function, File string
	Line           int
}

// running is the goroutine that runs a cell; "" when none does.
var running atomic.Value

// goroutine names the goroutine that calls it.
func goroutine() string {
	line := make([]byte, 64)
	line = line[:runtime.Stack(line, false)]
	name, _, _ := strings.Cut(strings.TrimPrefix(string(line), "goroutine "), " ")
	return name
}

// exit is what Exit throws.
type exit int

// Exit takes os.Exit's place in cells: on the goroutine of the cell it ends the cell, and
// the values live on.
func Exit(code int) {
	if running.Load() == goroutine() {
		panic(exit(code))
	}
	os.Exit(code)
}

// guard calls f and returns how it failed.
func guard(f func()) (failure *Failure) {
	returned := false
	defer func() {
		if returned {
			return
		}
		r := recover()
		switch r := r.(type) {
		case nil: // runtime.Goexit, which goes on: see run
		case exit:
			if failure = nil; r != 0 {
				failure = &Failure{Kind: "exit", Message: fmt.Sprintf("exit status %d", int(r)), Code: int(r), Trace: trace()}
			}
		default:
			failure = &Failure{Kind: "panic", Message: thrown(r), Trace: trace()}
		}
	}()
	f()
	returned = true
	return nil
}

// thrown is a panic's value as Go prints it.
func thrown(r any) string {
	switch r := r.(type) {
	case error:
		return fmt.Sprint(guarded(r.Error))
	case fmt.Stringer:
		return fmt.Sprint(guarded(r.String))
	case string:
		return r
	}
	return fmt.Sprintf("%T(%#v)", r, r)
}

func guarded(text func() string) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = "a value whose text panics too"
		}
	}()
	return text()
}

// trace returns the calls from the panic to the cell.
func trace() []Frame {
	counters := make([]uintptr, 256)
	frames := runtime.CallersFrames(counters[:runtime.Callers(3, counters)])
	var calls []Frame
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, "/live/host.guard") {
			break
		}
		if f.Function != "" && (len(calls) > 0 || !strings.HasPrefix(f.Function, "runtime.")) { // what throws is of no use
			calls = append(calls, Frame{Function: f.Function, File: f.File, Line: f.Line})
		}
		if !more {
			break
		}
	}
	return calls
}

// Fatal takes the place of log.Fatal.
func Fatal(v ...any) { log.Output(2, fmt.Sprint(v...)); Exit(1) }

// Fatalf takes the place of log.Fatalf.
func Fatalf(format string, v ...any) { log.Output(2, fmt.Sprintf(format, v...)); Exit(1) }

// Fatalln takes the place of log.Fatalln.
func Fatalln(v ...any) { log.Output(2, fmt.Sprintln(v...)); Exit(1) }
