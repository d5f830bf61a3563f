package live

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Ask asks the user for a line of input. io.EOF ends the input of the running cell; any
// other error does too, and the cell's error output says it.
type Ask func() (string, error)

// stdin is the worker's standard input: a named pipe, which can end for a cell and go on
// for the next.
type stdin struct {
	path string
	w    *os.File // nil after the input has ended
}

// newStdin makes the pipe in a folder and returns the end for the worker.
func newStdin(dir string) (*stdin, *os.File, error) {
	s := &stdin{path: filepath.Join(dir, "stdin")}
	os.Remove(s.path)
	if err := unix.Mkfifo(s.path, 0o600); err != nil {
		return nil, nil, fmt.Errorf("make the cells' input: %w", err)
	}
	fd, err := unix.Open(s.path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0) // does not wait for a writer
	if err == nil {
		err = unix.SetNonblock(fd, false)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("make the cells' input: %w", err)
	}
	r := os.NewFile(uintptr(fd), s.path)
	if err := s.open(); err != nil {
		r.Close()
		return nil, nil, err
	}
	return s, r, nil
}

// open opens the input again if it has ended.
func (s *stdin) open() error {
	if s.w != nil {
		return nil
	}
	w, err := os.OpenFile(s.path, os.O_WRONLY|unix.O_NONBLOCK, 0) // does not wait for a reader
	if err != nil {
		return fmt.Errorf("open the cells' input: %w", err)
	}
	s.w = w
	return nil
}

func (s *stdin) end() {
	if s.w != nil {
		s.w.Close()
		s.w = nil
	}
}

// answer asks for a line and writes it. It returns what went wrong, nil for an end that
// the user wanted.
func (s *stdin) answer(ask Ask) error {
	if s.w == nil {
		return nil
	}
	line, err := ask()
	if err == nil {
		_, err = io.WriteString(s.w, line+"\n")
	}
	if err == nil {
		return nil
	}
	s.end()
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// wanted tells whether a thread of a process waits for its standard input.
func (s *stdin) wanted(pid int) bool {
	if s.w == nil {
		return false
	}
	if waiting, err := unix.IoctlGetInt(int(s.w.Fd()), unix.TIOCINQ); err != nil || waiting > 0 {
		return false // it has not yet read what is there
	}
	reads := fmt.Sprintf("%d 0x0 ", unix.SYS_READ)
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/syscall", pid))
	for _, task := range tasks {
		if now, err := os.ReadFile(task); err == nil && strings.HasPrefix(string(now), reads) {
			return true
		}
	}
	return false
}

// inputInterval is how often a running cell is looked at whether it waits for input.
const inputInterval = 50 * time.Millisecond
