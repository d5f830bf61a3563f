package host

import (
	"flag"
	"slices"
)

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
		}
	})
}
