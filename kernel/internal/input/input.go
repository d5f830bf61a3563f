// Package input is the standard input of processes that a kernel runs: it asks for a line
// when, and only when, one of them waits for it.
package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Ask asks the user for a line, until ctx is done. io.EOF, or any other error, ends the
// input.
type Ask func(ctx context.Context) (string, error)

// Input is the standard input of some processes: a named pipe, which can end and be opened
// again.
type Input struct {
	path string
	w    *os.File // nil after the input has ended
}

// New makes the pipe in a folder and returns the end for the processes.
func New(dir string) (*Input, *os.File, error) {
	s := &Input{path: filepath.Join(dir, "stdin")}
	os.Remove(s.path)
	if err := unix.Mkfifo(s.path, 0o600); err != nil {
		return nil, nil, fmt.Errorf("make a standard input: %w", err)
	}
	fd, err := unix.Open(s.path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0) // does not wait for a writer
	if err == nil {
		err = unix.SetNonblock(fd, false)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("make a standard input: %w", err)
	}
	r := os.NewFile(uintptr(fd), s.path)
	if err := s.Open(); err != nil {
		r.Close()
		return nil, nil, err
	}
	return s, r, nil
}

// Open opens the input again if it has ended.
func (s *Input) Open() error {
	if s.w != nil {
		return nil
	}
	w, err := os.OpenFile(s.path, os.O_WRONLY|unix.O_NONBLOCK, 0) // does not wait for a reader
	if err != nil {
		return fmt.Errorf("open a standard input: %w", err)
	}
	s.w = w
	return nil
}

// End ends the input: readers get an end of file.
func (s *Input) End() {
	if s.w != nil {
		s.w.Close()
		s.w = nil
	}
}

// answer asks for a line and writes it. It returns what failed, nil if the user ended the
// input.
func (s *Input) answer(ctx context.Context, ask Ask) error {
	if s.w == nil {
		return nil
	}
	line, err := ask(ctx)
	if err == nil {
		_, err = io.WriteString(s.w, line+"\n")
	}
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return nil // no process waits any longer
	}
	s.End()
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// wanted reports whether one of the processes of a group waits for this input: a process of
// a pipeline may read another one. It is always false on a system that does not tell.
func (s *Input) wanted(group int) bool {
	if s.w == nil {
		return false
	}
	if waiting, err := unix.IoctlGetInt(int(s.w.Fd()), unix.TIOCINQ); err != nil || waiting > 0 {
		return false // it has not yet read what was written
	}
	ours, err := s.w.Stat()
	if err != nil {
		return false
	}
	for _, process := range members(group) {
		tasks, _ := filepath.Glob(process + "/task/*/syscall")
		for _, task := range tasks {
			now, err := os.ReadFile(task)
			if err != nil {
				continue
			}
			var call, fd int64
			if n, _ := fmt.Sscanf(string(now), "%d %v", &call, &fd); n < 2 || call != unix.SYS_READ {
				continue
			}
			if theirs, err := os.Stat(fmt.Sprintf("%s/fd/%d", process, fd)); err == nil && os.SameFile(ours, theirs) {
				return true
			}
		}
	}
	return false
}

// members returns the /proc folders of the processes of a group.
func members(group int) []string {
	var all []string
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range processes {
		if pid, err := strconv.Atoi(filepath.Base(dir)); err == nil {
			if g, err := unix.Getpgid(pid); err == nil && g == group {
				all = append(all, dir)
			}
		}
	}
	return all
}

// Watch asks for a line whenever a process of a group waits for the input, until ctx is
// done. It calls before first, each time. Failures go to failed.
func (s *Input) Watch(ctx context.Context, group int, before func(), ask Ask, failed func(error)) {
	const often, seldom = 50 * time.Millisecond, 250 * time.Millisecond
	wait := often
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if wait = min(wait*5/4, seldom); s.wanted(group) {
			before()
			if err := s.answer(ctx, ask); err != nil {
				failed(err)
			}
			wait = often
		}
	}
}
