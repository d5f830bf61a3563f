package host

import (
	"syscall"
	"time"
	"unsafe"
)

// read replaces syscall.read. An interrupt ends the standard input, so that a goroutine
// that waits for it wakes up; an interrupted cell ends there, and does not take it for the
// end of its input. The slice p may be on the stack of the caller and must not escape.
//
//lint:ignore U1000 syscall.read is diverted to it
func read(fd int, p []byte) (int, error) {
	n, _, errno := syscall.Syscall(syscall.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
	if errno != 0 {
		return -1, errno
	}
	if n == 0 && fd == 0 && len(p) > 0 && serving.Load() {
		ended()
	}
	return int(n), nil
}

// hears is how long after the end of the input the process may take to receive the
// interrupt that caused it.
const hears = 50 * time.Millisecond

// ended is called at the end of the standard input. It does not return if an interrupt
// caused the end and the goroutine must stop because of it.
func ended() {
	const often = 5 * time.Millisecond
	for waits := time.Duration(0); waits < hears || asked(); waits += often {
		Stopped()
		time.Sleep(often)
	}
}

// asked reports whether something that the session waits for was asked to stop.
func asked() bool {
	for _, t := range waited() {
		t.mu.Lock()
		is := t.asked > 0
		t.mu.Unlock()
		if is {
			return true
		}
	}
	return false
}
