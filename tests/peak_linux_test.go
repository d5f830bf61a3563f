package tests

import (
	"os"
	"syscall"
)

// peak returns the most memory that a process has held, in bytes.
func peak(state *os.ProcessState) int64 {
	if state == nil { // it did not start
		return 0
	}
	return state.SysUsage().(*syscall.Rusage).Maxrss << 10
}
