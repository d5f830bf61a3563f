package host

import (
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Memory is the memory that the process uses, in bytes.
type Memory struct {
	Heap       uint64 // of values in use
	Resident   uint64 // of physical memory; 0 if the system does not report it
	Goroutines int
}

func footprint() Memory {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	m := Memory{Heap: s.HeapAlloc, Goroutines: runtime.NumGoroutine()}
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		if f := strings.Fields(string(text)); len(f) > 1 {
			pages, _ := strconv.ParseUint(f[1], 10, 64)
			m.Resident = pages * uint64(os.Getpagesize())
		}
	}
	return m
}
