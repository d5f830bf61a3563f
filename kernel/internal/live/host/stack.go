package host

import (
	"fmt"
	"path"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
)

// stackHere replaces runtime/debug.Stack: it returns the trace of the calling goroutine
// without our calls.
//
//lint:ignore U1000 runtime/debug.Stack is diverted to it
func stackHere() []byte { return []byte(theirs(stack(false))) }

// theirs returns a trace in Go's format, taken in a call of stackHere, without our calls.
func theirs(trace string) string {
	head, calls, _ := strings.Cut(trace, "\n")
	file, line := runtime.FuncForPC(reflect.ValueOf(debug.Stack).Pointer()).FileLine(reflect.ValueOf(debug.Stack).Pointer())
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nruntime/debug.Stack()\n\t%s:%d\n", head, file, line)
	lines := strings.SplitAfter(calls, "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		function, _, _ := strings.Cut(lines[i], "(")
		if at := strings.LastIndex(strings.TrimSuffix(lines[i], "\n"), "("); at > 0 {
			function = lines[i][:at]
		}
		if isOurs(function) {
			break
		}
		m := place.FindStringSubmatch(strings.TrimSuffix(lines[i+1], "\n"))
		if strings.HasSuffix(function, "/live/host.stackHere") || strings.HasSuffix(function, "/live/host.stack") || m != nil && isFrame(function, m[1]) {
			continue
		}
		b.WriteString(lines[i] + lines[i+1])
	}
	return b.String()
}

// isFrame reports whether a call of a trace is in the code that we put around a cell's.
func isFrame(function, file string) bool {
	name := path.Base(file)
	return strings.HasPrefix(function, "main.") && (name == "frame.go" || name == "statements.go")
}
