package host

import (
	"runtime"
	"slices"
	"strings"
)

// guard calls f and returns how it failed. If f calls runtime.Goexit, guard does not return
// but calls left with the calls that led there, and with the failure if a deferred function
// then panics.
func guard(f func(), left func([]Frame, *Failure)) (failure *Failure) {
	returned := false
	defer func() {
		if returned {
			return
		}
		all := panics()
		r := recover()
		if r == nil {
			left(trace(), nil)
		} else if err, ok := r.(error); ok && err == errTests {
			failure = failedTests()
		} else {
			words := told(all, r)
			failure = &Failure{Kind: "panic", Message: words + toldApart(words), Trace: trace()}
		}
		if r != nil && slices.ContainsFunc(all, func(p panicking) bool { return p.goexit }) {
			left(failure.Trace, failure)
		}
	}()
	f()
	returned = true
	return nil
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
		if f.Function != "" && !isFrame(f.Function, f.File) && (len(calls) > 0 || !strings.HasPrefix(f.Function, "runtime.")) { // the runtime's panic functions say nothing to the user
			calls = append(calls, Frame{Function: f.Function, File: f.File, Line: f.Line})
		}
		if !more {
			break
		}
	}
	return calls
}

// isOurs reports whether a function of a trace is one that calls the user's code.
func isOurs(function string) bool {
	return strings.HasSuffix(function, "/live/host.guard") || strings.HasSuffix(function, "/live/host.load.func1")
}
