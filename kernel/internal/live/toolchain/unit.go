package toolchain

import "path/filepath"

// Unit is one cell to be compiled and linked.
type Unit struct {
	Dir     string   // where its files are written
	Sources []string // its Go files
	Imports []string // import paths of what it imports
	Stand   string   // a function that it defines, see adapt

	// The meaning of its symbols to other cells: see [emit.Output].
	Defined, Elsewhere []string
	Renamed            map[string]string
}

func (u *Unit) archive() string { return filepath.Join(u.Dir, "cell.a") }

// Plugin returns the path of the file that the worker loads.
func (u *Unit) Plugin() string { return filepath.Join(u.Dir, "cell.so") }
