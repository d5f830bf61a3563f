package host

import (
	"flag"
	"os"
	"slices"
)

// emptyFlags removes all flags from the command line: those so far belong to packages in
// the library that no program of the user's imports.
func emptyFlags() {
	flag.CommandLine = flag.NewFlagSet(os.Args[0], flag.ExitOnError)
	flag.CommandLine.Usage = func() { flag.Usage() }
}

// undefine removes flags from the command line, so that a cell that runs again can define
// its own again.
func undefine(names []string) {
	if len(names) == 0 {
		return
	}
	old := flag.CommandLine
	flag.CommandLine = flag.NewFlagSet(old.Name(), flag.ExitOnError)
	flag.CommandLine.Usage = func() { flag.Usage() }
	old.VisitAll(func(f *flag.Flag) {
		if !slices.Contains(names, f.Name) {
			flag.CommandLine.Var(f.Value, f.Name, f.Usage)
			flag.CommandLine.Lookup(f.Name).DefValue = f.DefValue // Var would use the present value as default
		}
	})
}
