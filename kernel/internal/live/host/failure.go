package host

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// guard calls f and returns how it failed. If f calls runtime.Goexit it does not return, but
// calls left with the calls that led there, and how it failed if a deferred function panics then.
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

// thrown is a panic's value as Go prints it (runtime.printpanicval), but for the address that
// Go prints of what is composed: its value says more.
func thrown(r any) string {
	switch r := r.(type) {
	case error:
		return guarded(r.Error)
	case fmt.Stringer:
		return guarded(r.String)
	case string:
		return r
	}
	v := reflect.ValueOf(r)
	text, kind := "", v.Type().String()
	switch {
	case v.Kind() == reflect.Bool:
		text = strconv.FormatBool(v.Bool())
	case v.CanInt():
		text = strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		text = strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		text = strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
	case v.CanComplex():
		text = strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
	case v.Kind() == reflect.String:
		text = `"` + v.String() + `"`
	default:
		return guarded(func() string { return fmt.Sprintf("(%s) %+v", kind, r) })
	}
	if v.Type().PkgPath() == "" {
		return text
	}
	return kind + "(" + strings.Trim(text, "()") + ")" // a complex number has them
}

// orPanic is a text, or what fmt says in its place where what makes it panics.
func orPanic(what string, text func() string) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprintf("%%!v(PANIC=%s: %s)", what, guarded(func() string { return fmt.Sprint(r) }))
		}
	}()
	return text()
}

// guarded is the text of what code has panicked with.
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
