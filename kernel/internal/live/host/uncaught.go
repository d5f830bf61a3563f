package host

import (
	"runtime"
	"strings"
)

// Uncaught ends a goroutine whose panic nobody has recovered, after its deferred functions:
// it writes the trace, under the panic's own words, and does not return. Package module
// calls it in the place of the end of the process, with what was thrown.
func Uncaught(value any) {
	text := stack(false)
	said, _ := value.(string) // what an error says is one by now
	note := toldApart(said)
	say(strings.TrimPrefix(note+"\n", "\n") + "\n" + tail(text))
	if !serving.Load() || strings.HasPrefix(text, "goroutine 1 ") {
		leave(2) // the worker's own
	}
	if t := tested(); t != nil {
		t.end(&Failure{Kind: "panic", Message: told(panics(), value) + note})
	}
	if strings.Contains(text, "\ncreated by runtime.") {
		select {} // one that the runtime needs, for finalizers: it may not be gone
	}
	runtime.Goexit()
}

// stack returns the trace of the goroutine that calls it, or of all, as Go writes it.
func stack(all bool) string {
	for n := 16 << 10; ; n *= 4 {
		b := make([]byte, n)
		if n := runtime.Stack(b, all); n < len(b) || len(b) >= stackLimit {
			return string(b[:n])
		}
	}
}

// stackLimit bounds what is read of traces, in bytes.
const stackLimit = 64 << 20

// tail returns a trace without the calls that belong to the panic that is being reported.
func tail(trace string) string {
	head, calls, _ := strings.Cut(trace, "\n")
	if _, rest, ok := strings.Cut(calls, "\npanic("); ok {
		for range 2 { // the arguments, and the place
			_, rest, _ = strings.Cut(rest, "\n")
		}
		for strings.HasPrefix(rest, "runtime.") { // what throws is of no use
			for range 2 {
				_, rest, _ = strings.Cut(rest, "\n")
			}
		}
		calls = rest
	}
	return head + "\n" + calls
}
