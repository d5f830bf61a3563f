//go:build linux

// Package module is linked into the shared library of a live session and nowhere else: it
// names what Go's linker lets no program name.
package module

import (
	"os"
	"sync"
	"unsafe"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// addModule is runtime.addmoduledata under a name that a cell's own object can call: the
// linker, asked for a plugin whose runtime is in a shared library, takes
// runtime.addmoduledata for a function of the plugin.
//
//lint:ignore U1000 the shim in each cell calls it
func addModule()

// Fatalpanic takes the place of runtime.fatalpanic in the shared library (see divert in
// package live), which ends the process when nobody has recovered a panic. The runtime calls
// it on the goroutine that panics, when its deferred functions have run and the panic's value
// has become a string if it is an error or a Stringer. It ends the goroutine alone.
//
// p is runtime._panic, whose first word pair is the value in Go 1.26.
func Fatalpanic(p unsafe.Pointer) {
	printpanics(p)
	host.Uncaught(*(*any)(p))
}

//go:linkname printpanics runtime.printpanics
func printpanics(p unsafe.Pointer)

// handlers is the beginning of the variable in which package os/signal of Go 1.26 keeps who
// gets signals.
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
