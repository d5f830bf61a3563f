//go:build ignore

// Program xlacpu fetches XLA's CPU plugin with go-xla's own installer and prints
// the folder that it is in.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gomlx/go-xla/installer"
)

func main() {
	lib, err := installer.DefaultHomeLibPath()
	if err == nil {
		lib = filepath.Join(lib, "go-xla")
		err = installer.CPUAutoInstall(lib, true, installer.Normal)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(lib)
}
