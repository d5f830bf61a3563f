//go:build ignore

// Program xlacuda fetches XLA's CUDA plugin and NVIDIA's libraries with go-xla's
// own installer and prints the folder that they are in.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gomlx/go-xla/installer"
)

func main() {
	lib, err := installer.DefaultHomeLibPath()
	if err == nil && !installer.HasNvidiaGPU() {
		err = errors.New("no NVIDIA GPU: nvidia-smi does not find one")
	}
	if err == nil {
		lib = filepath.Join(lib, "go-xla")
		err = installer.CudaAutoInstall(lib, true, installer.Normal)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(lib)
}
