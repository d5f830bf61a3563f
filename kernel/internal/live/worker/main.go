//go:build sdtlab_worker

// Command worker is the process that holds a session's values. It is linked against the
// shared library of packages, without the linker's check of names that Go keeps for itself
// (-checklinkname=0), so an ordinary build leaves it out.
package main

import (
	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
	"github.com/sdtlab/sdtlab/kernel/internal/live/loader"
)

func main() {
	go loader.Ready()
	host.Main(host.Loader{Open: loader.Open, Grow: loader.Grow})
}
