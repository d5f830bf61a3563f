package host

import (
	"strconv"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// displays is the stream of gonbui's displays: the index of its pipe in [order].
const displays = 2

// displaysPath is the path of the pipe that gonbui opens. The file is replaced once it has
// been opened.
var displaysPath string

// seen is what is known about the pipe that was written to last.
var seen struct {
	sync.Mutex
	dev, inode uint64
	displays   bool
}

// isDisplays reports whether a descriptor is gonbui's pipe. The first time that it is, the
// pipe's output begins to be ordered.
func isDisplays(fd int) bool {
	var s syscall.Stat_t
	if displaysPath == "" || syscall.Fstat(fd, &s) != nil || s.Mode&syscall.S_IFMT != syscall.S_IFIFO {
		return false
	}
	seen.Lock()
	defer seen.Unlock()
	if s.Dev == seen.dev && s.Ino == seen.inode {
		return seen.displays
	}
	seen.dev, seen.inode = s.Dev, s.Ino
	seen.displays = isOpen(fd, displaysPath) && follow(fd)
	return seen.displays
}

// isOpen reports whether a descriptor refers to a file that had a path when it was opened.
func isOpen(fd int, path string) bool {
	buffer := make([]byte, unix.PathMax)
	n, err := unix.Readlink("/proc/self/fd/"+strconv.Itoa(fd), buffer)
	return err == nil && strings.TrimSuffix(string(buffer[:max(n, 0)]), " (deleted)") == path
}

// follow begins to order the output of gonbui's pipe, and reports whether it can.
func follow(fd int) bool {
	if order[displays].pipe != 0 {
		return true
	}
	pipe, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 5)
	if err != nil {
		return false
	}
	order[displays].pipe = pipe
	return true
}
