package host

import (
	"fmt"
	"sync/atomic"
	"syscall"
)

// Exit replaces os.Exit and syscall.Exit in the shared library, whoever calls them: see
// divert in package toolchain. On a cell's goroutine it ends the cell, on another goroutine
// only that goroutine, and the values survive. As in a program, no deferred function runs
// and nothing recovers: the goroutine blocks for ever. So what it has locked stays locked.
func Exit(code int) {
	if !serving.Load() {
		leave(code)
	}
	t := here()
	if t == nil {
		t = tested()
	}
	if t != nil && !t.isOver() {
		var f *Failure
		if code != 0 {
			f = &Failure{Kind: "exit", Message: fmt.Sprintf("exit status %d", code), Code: code, Trace: trace()}
			if t.tests.Load() && testsFailed(code) {
				f = failedTests()
			}
		}
		t.end(f)
	} else {
		say(fmt.Sprintf("a goroutine has ended%s: exit status %d\n", at(trace()), code))
	}
	select {}
}

// serving reports that there are values to keep.
var serving atomic.Bool

// tested returns the task that the calling goroutine belongs to, if an exit on that
// goroutine must end the task: the task runs tests, each on a goroutine of its own, or its
// own goroutine has left it.
func tested() *task {
	token := labelsHere()
	for _, t := range waited() {
		if (t.tests.Load() || t.alone.Load()) && t.token == token {
			return t
		}
	}
	return nil
}

// leave ends the process.
func leave(code int) {
	for {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, uintptr(code), 0, 0)
	}
}

// say writes to the process's error output, whatever os.Stderr is.
func say(text string) {
	for b := []byte(text); len(b) > 0; {
		n, err := syscall.Write(2, b)
		if err != nil && err != syscall.EINTR {
			return
		}
		b = b[max(n, 0):]
	}
}
