package host

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Standard output and standard error are two pipes, and a reader of two pipes cannot tell
// which was written to first. So a write to one of them first waits until the other has
// been read. This happens below everything that a program can assign, copy or wrap: [write]
// replaces syscall.write, and [writeRaw] is the function with which the runtime's print and
// println write. The output of child processes passes through neither.
//
// A wait costs much more than a write. So waits are limited ([mayWait]): a program that
// alternates without end does not wait each time, but once per orderStep. Its output in
// between is a step: each stream keeps its own order, and all of a step is read before what
// comes after it.
//
// gonbui's displays are a third pipe. Its reader first asks for all text written before,
// and leaves a display in the pipe until it has been forwarded, so text waits for that pipe
// too.

// order is what the process has written to its standard output, its standard error and
// gonbui's pipe, and how much of it is known to have been read.
var order [3]struct {
	pipe    int           // our own descriptor: a cell may close or replace 1 and 2
	written atomic.Uint64 // bytes, by completed writes
	read    atomic.Uint64 // bytes; possibly more have been read
}

// How long a write waits for its turn. The reader needs some microseconds if it can run at
// once. A program that waits for ever would be worse than lines in the wrong order, so a
// wait ends after half a second, for instance when a child fills the other pipe faster than
// it is read.
const (
	orderSpins  = 50  // system calls
	orderNaps   = 50  // of orderNap, by the thread
	orderSleeps = 500 // of a millisecond, by the goroutine
	orderNap    = 10 * time.Microsecond
)

// How often writes may wait: orderBurst times in a row, then once per orderStep. A Jupyter
// server accepts about as many messages (see paceWindow in package server), so more would
// be useless there.
const (
	orderStep  = 2500 * time.Microsecond
	orderBurst = 1000
)

// orderDue is the time at which all waits so far would have been due if there had been one
// per orderStep. Time spent waiting does not count.
var orderDue atomic.Int64

// keepOrder begins to order standard output and standard error.
func keepOrder() error {
	for i := range displays {
		pipe, err := unix.FcntlInt(uintptr(i+1), unix.F_DUPFD_CLOEXEC, 5)
		if err != nil {
			return fmt.Errorf("keep the order of the output: %w", err)
		}
		order[i].pipe = pipe
	}
	displaysPath = os.Getenv("GONB_PIPE")
	overrideWrite = writeRaw
	return nil
}

// write replaces syscall.write and keeps the order. The slice p may be on the stack of the
// caller and must not escape.
//
//lint:ignore U1000 syscall.write is diverted to it
func write(fd int, p []byte) (int, error) {
	stream := fd - 1
	switch {
	case fd == 1 || fd == 2:
		if other := 2 - fd; !passed(other, order[other].written.Load()) && mayWait() {
			began := clock()
			await(other)
			await(fd - 1) // of the same step
			orderDue.Add(clock() - began)
		}
		await(displays)
	case fd > 2 && isDisplays(fd):
		stream = displays
	default:
		stream = -1
	}
	n, _, errno := syscall.Syscall(syscall.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
	if errno != 0 {
		return -1, errno
	}
	if stream >= 0 {
		order[stream].written.Add(uint64(n))
	}
	return int(n), nil
}

// mayWait reports whether a write may wait for the other stream, and counts it.
//
//go:nosplit
func mayWait() bool {
	now := clock()
	due := max(orderDue.Load(), now)
	if due-now >= orderBurst*int64(orderStep) {
		return false
	}
	orderDue.Store(due + int64(orderStep)) // two simultaneous ones may count as one
	return true
}

// clock returns the system's time in nanoseconds. It can be called in any state of the
// runtime.
//
//go:nosplit
func clock() int64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, unix.CLOCK_MONOTONIC, uintptr(unsafe.Pointer(&t)), 0)
	return t.Sec*int64(time.Second) + t.Nsec
}

// await waits until everything written to a stream has been read.
func await(stream int) {
	target := order[stream].written.Load()
	for n := 0; n < orderSpins+orderNaps+orderSleeps && !passed(stream, target); n++ {
		if n >= orderSpins+orderNaps {
			time.Sleep(time.Millisecond)
		} else if n >= orderSpins {
			nap()
		}
	}
}

// overrideWrite is the runtime's hook for its own output: print, println, the text of a
// fatal error.
//
//go:linkname overrideWrite runtime.overrideWrite
var overrideWrite func(fd uintptr, p unsafe.Pointer, n int32) int32

// writeRaw is the runtime's write, with the order kept. It is called in any state of the
// runtime, where no stack grows and no goroutine sleeps.
//
//go:nosplit
func writeRaw(fd uintptr, p unsafe.Pointer, size int32) int32 {
	standard := fd == 1 || fd == 2
	if standard {
		all := [3]uint64{order[0].written.Load(), order[1].written.Load(), order[displays].written.Load()}
		if passed(int(2-fd), all[2-fd]) || !mayWait() {
			all[0], all[1] = 0, 0
		}
		began := clock()
		for n := 0; n < orderSpins+orderRawNaps && !(passed(0, all[0]) && passed(1, all[1]) && passed(displays, all[displays])); n++ {
			if n >= orderSpins {
				nap()
			}
		}
		if all[2-fd] > 0 {
			orderDue.Add(clock() - began)
		}
	}
	n, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(p), uintptr(size))
	if errno != 0 {
		return -int32(errno)
	}
	if standard {
		order[fd-1].written.Add(uint64(n))
	}
	return int32(n)
}

// orderRawNaps naps make half a second: the system adds some 50 µs to each nap.
const orderRawNaps = 8000

// passed reports whether the first target bytes of a stream have been read.
//
//go:nosplit
func passed(stream int, target uint64) bool {
	o := &order[stream]
	if o.pipe == 0 || o.read.Load() >= target {
		return true
	}
	written, waiting := o.written.Load(), int32(0) // in this order, so that bytes written in between count as waiting
	if _, _, errno := syscall.RawSyscall(syscall.SYS_IOCTL, uintptr(o.pipe), unix.TIOCINQ, uintptr(unsafe.Pointer(&waiting))); errno != 0 || waiting == 0 {
		o.read.Store(written)
		return true
	}
	read := written - min(written, uint64(waiting))
	o.read.Store(read)
	return read >= target
}

// nap sleeps for some microseconds, whatever the state of the scheduler.
//
//go:nosplit
func nap() {
	t := syscall.Timespec{Nsec: int64(orderNap)}
	syscall.RawSyscall(syscall.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&t)), 0, 0)
}
