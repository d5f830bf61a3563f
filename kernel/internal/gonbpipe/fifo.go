package gonbpipe

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// renew replaces the pipes that a program has opened by fresh ones: the next program has
// its own.
func (p *Pipe) renew() error {
	for _, path := range []string{p.back(), p.there()} {
		fresh := path + ".new"
		os.Remove(fresh) // left by an earlier kernel
		if err := syscall.Mkfifo(fresh, 0o600); err != nil {
			return fmt.Errorf("make the pipe to programs %s: %w", fresh, err)
		}
		if err := os.Rename(fresh, path); err != nil {
			return fmt.Errorf("make the pipe to programs: %w", err)
		}
	}
	return nil
}

// accept waits for programs and serves each.
func (p *Pipe) accept() {
	defer close(p.accepted)
	for {
		in, err := os.OpenFile(p.there(), os.O_RDONLY, 0) // waits until a program opens it
		if err == nil {
			p.connect(in)
			if err = p.renew(); err == nil && !p.isClosed() {
				continue
			}
		}
		if !p.isClosed() {
			p.complain(fmt.Errorf("programs can no longer display: %w", err))
		}
		return
	}
}

func (p *Pipe) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// wake ends accept's waiting, if it waits.
func (p *Pipe) wake() {
	if fd, err := syscall.Open(p.there(), syscall.O_WRONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0); err == nil {
		syscall.Close(fd)
	}
}

// connect waits for the program at the other end of in to open the way back too.
func (p *Pipe) connect(in *os.File) {
	for wait := time.Millisecond / 4; !hungUp(in); wait = min(2*wait, 10*time.Millisecond) {
		if p.tryConnect(in) {
			return
		}
		time.Sleep(wait)
	}
	in.Close()
}

// tryConnect makes a connection if the way back is open, or gives up if the pipe is closed.
// A program that continues because of it finds the connection made.
func (p *Pipe) tryConnect(in *os.File) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		in.Close()
		return true
	}
	fd, err := syscall.Open(p.back(), syscall.O_WRONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if errors.Is(err, syscall.ENXIO) || errors.Is(err, syscall.EINTR) {
		return false // the program does not read there yet
	}
	if err != nil {
		in.Close()
		go p.complain(fmt.Errorf("the way back to a program: %w", err))
		return true
	}
	c := newConn(p, in, os.NewFile(uintptr(fd), p.back()))
	p.conns[c] = true
	go c.serve()
	go c.write()
	return true
}

// hungUp reports whether no process has a pipe open for writing.
func hungUp(f *os.File) bool { return polled(f, unix.POLLHUP) }

// polled reports whether one of some events has happened on a file, or the file is closed.
func polled(f *os.File, events int16) bool {
	raw, err := f.SyscallConn()
	if err != nil {
		return true
	}
	come := false
	err = raw.Control(func(fd uintptr) {
		ask := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		_, err := unix.Poll(ask, 0)
		come = err == nil && ask[0].Revents&events != 0
	})
	return come || err != nil
}

// complain reports an error to the user.
func (p *Pipe) complain(err error) { p.out.Stream("stderr", "gonbui: "+err.Error()+"\n") }
