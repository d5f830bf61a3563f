// Package pipes reads the output and the error output of a process separately, in the order
// of writing as far as that can be known.
package pipes

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Pair is a pipe for each of a process's two streams. Stream 0 is its output, 1 its error
// output.
//
// Two pipes have no common order. What can be known is which of the two was written to
// first since both were last read, and that order is kept, however late we read: Linux
// queues readable pipes (epoll, edge triggered) in the order in which they become readable.
// Text written to one stream between two writes to the other can come before or after both
// if all three happen before we read, which takes microseconds on an idle machine.
type Pair struct {
	ours   [2]int // descriptors; an *os.File would change their flags
	theirs [2]*os.File
	ready  int    // epoll
	stop   [2]int // a pipe: a write to it ends Copy

	mu   sync.Mutex // for reading: a piece is delivered before the next is read
	out  func(stream int, text []byte)
	open [2]bool
}

// New makes the pipes. It passes what is read to out, a piece at a time; out must not keep
// text after it returns.
func New(out func(stream int, text []byte)) (*Pair, error) {
	p := &Pair{out: out, ours: [2]int{-1, -1}, stop: [2]int{-1, -1}, open: [2]bool{true, true}}
	var err error
	if p.ready, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err == nil {
		err = unix.Pipe2(p.stop[:], unix.O_CLOEXEC)
	}
	for i, name := range [2]string{"stdout", "stderr"} {
		if err == nil {
			err = p.add(i, name)
		}
	}
	if err != nil {
		p.Close()
		return nil, fmt.Errorf("make pipes: %w", err)
	}
	return p, nil
}

// add makes the pipe of a stream.
func (p *Pair) add(i int, name string) error {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return err
	}
	p.ours[i], p.theirs[i] = ends[0], os.NewFile(uintptr(ends[1]), name)
	if err := unix.SetNonblock(ends[0], true); err != nil {
		return err
	}
	return unix.EpollCtl(p.ready, unix.EPOLL_CTL_ADD, ends[0], watched(i))
}

// Theirs returns the ends for the process.
func (p *Pair) Theirs() (stdout, stderr *os.File) { return p.theirs[0], p.theirs[1] }

// Started closes the ends of the process in this one: by then, the process has its own.
func (p *Pair) Started() {
	for i, f := range p.theirs {
		if f != nil {
			f.Close()
			p.theirs[i] = nil
		}
	}
}

// Copy delivers what the process writes until all holders of the pipes have closed them, or
// Stop is called.
func (p *Pair) Copy() {
	for {
		fds := []unix.PollFd{{Fd: int32(p.ready), Events: unix.POLLIN}, {Fd: int32(p.stop[0]), Events: unix.POLLIN}}
		if _, err := unix.Poll(fds, -1); err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
		if !p.Flush() || fds[1].Revents != 0 {
			return
		}
	}
}

// atOnce is how many bytes are read from a pipe before it is the other's turn: no pipe
// holds more (/proc/sys/fs/pipe-max-size).
const atOnce = 1 << 20

// Flush delivers what has been written so far. It reports whether more can come.
func (p *Pair) Flush() (more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	events := make([]unix.EpollEvent, 2)
	for full := false; !full; {
		n, err := unix.EpollWait(p.ready, events, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return false
		}
		for _, e := range events[:max(n, 0)] {
			full = p.drain(int(e.Fd)) || full
		}
		if n <= 0 || !p.open[0] && !p.open[1] {
			break
		}
	}
	return p.open[0] || p.open[1]
}

// drain reads what a pipe holds, and reports whether that was more than its capacity: a
// process that writes all the time would keep us forever. The caller holds the lock.
func (p *Pair) drain(i int) (full bool) {
	buffer := make([]byte, 64<<10)
	for read := 0; p.open[i]; {
		n, err := unix.Read(p.ours[i], buffer)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EAGAIN):
			return false
		case err != nil || n == 0:
			p.open[i] = false
		default:
			p.out(i, buffer[:n])
		}
		if read += max(n, 0); read > atOnce { // epoll must report the rest again
			return unix.EpollCtl(p.ready, unix.EPOLL_CTL_MOD, p.ours[i], watched(i)) == nil
		}
	}
	return false
}

// watched is the events to wait for on a pipe.
func watched(i int) *unix.EpollEvent {
	return &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: int32(i)}
}

// Stop ends Copy after what has been written so far.
func (p *Pair) Stop() { unix.Write(p.stop[1], []byte{0}) }

// Close closes all ends. Copy must not be running; Flush does nothing from now on.
func (p *Pair) Close() {
	p.Started()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, fd := range []*int{&p.ours[0], &p.ours[1], &p.stop[0], &p.stop[1], &p.ready} {
		if *fd >= 0 {
			unix.Close(*fd)
			*fd = -1
		}
	}
}

// CopyUntil copies until both streams end or, after ended is closed, for at most a moment
// more: processes left behind can hold the pipes forever.
func (p *Pair) CopyUntil(ended <-chan struct{}, moment time.Duration) {
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		p.Copy()
	}()
	select {
	case <-copied:
		return
	case <-ended:
	}
	select {
	case <-copied:
	case <-time.After(moment):
		p.Stop()
		<-copied
	}
}
