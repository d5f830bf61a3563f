//go:build linux

// Package module is linked into the shared library of a live session only. It names symbols
// that Go's linker lets no program name.
package module

import (
	"os"
	"sync"
	"unsafe"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// addModule is runtime.addmoduledata under a name that a cell's own object can call: when
// the linker builds a plugin with the runtime in a shared library, it mistakes
// runtime.addmoduledata for a function of the plugin.
//
//lint:ignore U1000 the shim in each cell calls it
func addModule()

// Fatalpanic takes the place of runtime.fatalpanic, which ends the process when a panic is
// not recovered, in the shared library (see divert in package toolchain). The runtime calls
// it on the goroutine that panics, after its deferred functions have run and after the
// panic's value, if an error or a Stringer, has become a string. Fatalpanic ends only that
// goroutine.
//
// p is a *runtime._panic, whose first two words are the panic's value in Go 1.26.
func Fatalpanic(p unsafe.Pointer) {
	printpanics(p)
	host.Uncaught(*(*any)(p))
}

//go:linkname printpanics runtime.printpanics
func printpanics(p unsafe.Pointer)

// handlers is the beginning of the variable in which package os/signal of Go 1.26 records
// who receives signals.
//
//go:linkname handlers os/signal.handlers
var handlers struct {
	sync.Mutex
	m map[chan<- os.Signal]unsafe.Pointer
}

func init() {
	host.Listeners = func() int {
		handlers.Lock()
		defer handlers.Unlock()
		return len(handlers.m)
	}
}
