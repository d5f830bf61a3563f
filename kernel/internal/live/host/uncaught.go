package host

import (
	"runtime"
	"strings"
)

// Uncaught ends a goroutine with a panic that is not recovered, after its deferred
// functions: it writes the panic's message and the trace, and does not return. Package
// module calls it with the panic's value instead of ending the process.
func Uncaught(value any) {
	text := stack(false)
	said, _ := value.(string) // an error's message is a string by now
	note := toldApart(said)
	say(strings.TrimPrefix(note+"\n", "\n") + "\n" + tail(text))
	if !serving.Load() || strings.HasPrefix(text, "goroutine 1 ") {
		leave(2) // the worker's own
	}
	if t := tested(); t != nil {
		t.end(&Failure{Kind: "panic", Message: told(panics(), value) + note})
	}
	if strings.Contains(text, "\ncreated by runtime.") {
		select {} // the runtime needs this goroutine, for finalizers: it must not end
	}
	runtime.Goexit()
}

// stack returns the trace of the calling goroutine, or of all, in Go's format.
func stack(all bool) string {
	for n := 16 << 10; ; n *= 4 {
		b := make([]byte, n)
		if n := runtime.Stack(b, all); n < len(b) || len(b) >= stackLimit {
			return string(b[:n])
		}
	}
}

// stackLimit limits how much of a trace is read, in bytes.
const stackLimit = 64 << 20

// tail returns a trace without the calls that belong to the panic being reported.
func tail(trace string) string {
	head, calls, _ := strings.Cut(trace, "\n")
	if _, rest, ok := strings.Cut(calls, "\npanic("); ok {
		for range 2 { // the arguments, and the place
			_, rest, _ = strings.Cut(rest, "\n")
		}
		for strings.HasPrefix(rest, "runtime.") { // the runtime's panic functions say nothing to the user
			for range 2 {
				_, rest, _ = strings.Cut(rest, "\n")
			}
		}
		calls = rest
	}
	return head + "\n" + calls
}
