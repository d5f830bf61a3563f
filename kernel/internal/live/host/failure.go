package host

import (
	"fmt"
	"runtime"
	"strings"
)

// guard calls f and returns how it failed. If f calls runtime.Goexit it does not return, but
// calls left with the calls that led there.
func guard(f func(), left func([]Frame)) (failure *Failure) {
	returned := false
	defer func() {
		if returned {
			return
		}
		r := recover()
		if r == nil {
			left(trace())
		} else if err, ok := r.(error); ok && err == errTests {
			failure = failedTests()
		} else {
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
		if isOurs(f.Function) {
			break
		}
		if f.Function != "" && !isFrame(f.Function, f.File) && (len(calls) > 0 || !strings.HasPrefix(f.Function, "runtime.")) { // what throws is of no use
			calls = append(calls, Frame{Function: f.Function, File: f.File, Line: f.Line})
		}
		if !more {
			break
		}
	}
	return calls
}

// isOurs tells whether a function of a trace is one that calls the user's code.
func isOurs(function string) bool {
	return strings.HasSuffix(function, "/live/host.guard") || strings.HasSuffix(function, "/live/host.load.func1")
}
