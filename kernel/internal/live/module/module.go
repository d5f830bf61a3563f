//go:build linux

// Package module is linked into the shared library of a live session and nowhere else.
package module

// addModule is runtime.addmoduledata under a name that a cell's own object can call: the
// linker, asked for a plugin whose runtime is in a shared library, takes
// runtime.addmoduledata for a function of the plugin.
//
//lint:ignore U1000 the shim in each cell calls it
func addModule()
