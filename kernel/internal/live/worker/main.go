//go:build sdtlab_worker

// Command worker is the process that holds a session's values. It is linked against the
// shared library of packages with -checklinkname=0, since it uses names that Go's linker
// reserves, so an ordinary build excludes it.
package main

import (
	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
	"github.com/sdtlab/sdtlab/kernel/internal/live/loader"
)

func main() {
	go loader.Ready()
	host.Main(host.Loader{Open: loader.Open, Grow: loader.Grow})
}
