package toolchain

import "path/filepath"

// Unit is one cell on its way to the worker.
type Unit struct {
	Dir     string   // where its files go
	Sources []string // its Go files
	Imports []string // import paths of what it imports
	Stand   string   // a function that it defines

	// What its symbols are to other cells: see [cell.Output].
	Defined, Elsewhere []string
	Renamed            map[string]string
}

func (u *Unit) archive() string { return filepath.Join(u.Dir, "cell.a") }

// Plugin is the file that the worker loads.
func (u *Unit) Plugin() string { return filepath.Join(u.Dir, "cell.so") }
