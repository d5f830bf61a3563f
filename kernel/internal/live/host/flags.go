package host

import (
	"flag"
	"os"
	"slices"
)

// emptyFlags gives the command line no flags: those so far are of packages in the library, which
// no program of the user's imports.
func emptyFlags() {
	flag.CommandLine = flag.NewFlagSet(os.Args[0], flag.ExitOnError)
	flag.CommandLine.Usage = func() { flag.Usage() }
}

// undefine takes flags away from the command line, so that a cell that runs again can
// define its own again.
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
			flag.CommandLine.Lookup(f.Name).DefValue = f.DefValue // Var takes the value that it has now
		}
	})
}
