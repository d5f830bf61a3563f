package datasets

import (
	"io/fs"
	"syscall"
)

// changed returns when the file was last written or given another date, in nanoseconds, as
// recorded by the system. Users cannot set this time.
func changed(info fs.FileInfo) int64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return syscall.TimespecToNsec(s.Ctim)
	}
	return 0
}
