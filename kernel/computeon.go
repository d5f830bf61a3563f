package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sdtlab/sdtlab/internal/cachedir"
	"github.com/sdtlab/sdtlab/kernel/internal/backend"
)

// computeOn is the flag that sets the back end in this process's environment, which the programs
// that it starts have too.
type computeOn string

// Set sets a back end by its name if it is installed, or as a setting of $GOMLX_BACKEND.
func (on *computeOn) Set(name string) error {
	*on = computeOn(name)
	cache, err := cachedir.Path()
	if err != nil {
		return err
	}
	for _, b := range backend.Find(backend.Where{Cache: cache}, os.Getenv) {
		if b.Name == name {
			for _, kv := range b.Setting {
				if err := os.Setenv(kv[0], kv[1]); err != nil {
					return err
				}
			}
			return nil
		}
	}
	if slices.Contains(backend.Names, name) {
		return fmt.Errorf("%s is not installed: go run ./kernel install --backend %s", name, name)
	}
	return os.Setenv("GOMLX_BACKEND", strings.TrimSpace(name))
}

func (on *computeOn) String() string { return string(*on) }

func (*computeOn) Type() string { return "NAME" }

// backendFlag returns the flag as it was typed, with a space before it; "" if it was not.
func backendFlag(c *cobra.Command) string {
	if f := c.Flag("backend"); f.Changed {
		return " --backend " + shellQuote(f.Value.String())
	}
	return ""
}
