package host

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// giveBack reopens the standard output and the standard error if a cell has closed them, or
// has left a closed file in os.Stdout or os.Stderr: otherwise no output of the session
// would ever appear again. It returns a message for each.
func giveBack() (told []string) {
	for i, f := range []**os.File{&os.Stdout, &os.Stderr} {
		fd, name := i+1, [2]string{"os.Stdout", "os.Stderr"}[i]
		_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		gone := errors.Is(err, syscall.EBADF)
		if order[i].pipe == 0 {
			continue
		}
		if gone {
			if err := unix.Dup3(order[i].pipe, fd, 0); err != nil {
				continue
			}
		}
		if _, err := (*f).Stat(); err != nil {
			if !gone && !isSame(fd, order[i].pipe) { // another file has its number
				if fd, err = unix.FcntlInt(uintptr(order[i].pipe), unix.F_DUPFD_CLOEXEC, 5); err != nil {
					continue
				}
			}
			*f, gone = os.NewFile(uintptr(fd), "/dev/"+[2]string{"stdout", "stderr"}[i]), true
		}
		if gone {
			told = append(told, name+" was closed; it has been reopened")
		}
	}
	return told
}

// isSame reports whether two descriptors refer to one file.
func isSame(a, b int) bool {
	var x, y unix.Stat_t
	return unix.Fstat(a, &x) == nil && unix.Fstat(b, &y) == nil && x.Dev == y.Dev && x.Ino == y.Ino
}
