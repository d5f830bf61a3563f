package host

import (
	"runtime"
	"slices"
	"unsafe"
)

// runtimePanic is runtime._panic of Go 1.26: a panic, or a call of runtime.Goexit, with
// deferred functions that are running.
type runtimePanic struct {
	arg  any
	link *runtimePanic // the panic that was in progress before

	_    uintptr        // startPC
	_, _ unsafe.Pointer // startSP, sp
	_    uintptr        // lr
	_    unsafe.Pointer // fp
	_    uintptr        // retpc
	_    *uint8         // deferBitsPtr
	_    unsafe.Pointer // slotsPtr

	recovered  bool
	repanicked bool // set by Go if nothing recovers
	goexit     bool
	_          bool // deferreturn

	_ unsafe.Pointer // gopanicFP
}

// panicOffset is the offset in runtime.g of the last panic of a goroutine.
const panicOffset = 32

// goroutineHere returns the runtime.g of the calling goroutine, on amd64 and arm64.
func goroutineHere() unsafe.Pointer

// panicking is one of a goroutine's panics in progress at the same time: a function
// deferred for one of them has panicked too.
type panicking struct {
	value     any
	recovered bool
	again     bool // the next one has the same value
	goexit    bool // a call of runtime.Goexit
}

// panics returns the panics of the calling goroutine, the first one first.
func panics() []panicking {
	if runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
		return nil
	}
	// These are on the goroutine's stack, so no pointer to them may be anywhere else.
	var all []panicking
	for p := *(**runtimePanic)(unsafe.Add(goroutineHere(), panicOffset)); p != nil; p = p.link {
		all = append(all, panicking{p.arg, p.recovered, p.repanicked, p.goexit})
	}
	slices.Reverse(all)
	for i := range max(0, len(all)-1) {
		a, b := all[i].value, all[i+1].value
		if *(*[2]uintptr)(unsafe.Pointer(&a)) == *(*[2]uintptr)(unsafe.Pointer(&b)) {
			all[i].again = true
		}
	}
	return all
}
