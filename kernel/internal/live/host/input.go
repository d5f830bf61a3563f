package host

import (
	"syscall"
	"time"
	"unsafe"
)

// read is syscall.read, which is diverted to it. An interrupt ends the standard input, so that
// what waits for it wakes up; a cell that was interrupted ends there, and does not take it for
// the end of its input. The slice p may be on the stack of the caller and must not escape.
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

// hears is how long the process may take to hear of an interrupt whose end of the input it
// has seen.
const hears = 50 * time.Millisecond

// ended is called at the end of the standard input. It does not return if it ends because of
// an interrupt, of which the goroutine is to stop.
func ended() {
	const often = 5 * time.Millisecond
	for waits := time.Duration(0); waits < hears || asked(); waits += often {
		Stopped()
		time.Sleep(often)
	}
}

// asked tells whether something that the session waits for was asked to stop.
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
