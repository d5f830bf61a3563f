package gonbpipe

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// peek removes what was read last from the program's pipe, then reads what follows and
// leaves it there, by reading from a copy in a pipe of our own. EAGAIN means that the pipe
// is empty, 0 that the program has ended.
func (c *conn) peek(fd int, b []byte) (int, error) {
	for c.kept > 0 {
		n, err := syscall.Read(fd, b[:min(len(b), c.kept)])
		if err != nil {
			return 0, err
		}
		c.kept -= n
	}
	if c.copies == [2]int{} {
		return syscall.Read(fd, b)
	}
	n, err := unix.Tee(fd, c.copies[1], len(b), unix.SPLICE_F_NONBLOCK)
	switch {
	case errors.Is(err, syscall.EAGAIN), n == 0 && err == nil:
		if polled(c.in, unix.POLLHUP) && !polled(c.in, unix.POLLIN) {
			return 0, nil
		}
		return 0, syscall.EAGAIN
	case err != nil:
		return syscall.Read(fd, b) // a system that cannot copy
	}
	c.kept = int(n)
	return syscall.Read(c.copies[0], b[:n])
}
