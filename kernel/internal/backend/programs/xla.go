//go:build ignore

// Program xla fetches a plugin of XLA with go-xla's own installer and prints its folder.
// Its argument is cpu, or cuda, which fetches NVIDIA's libraries too and needs a GPU,
// unless no-gpu follows.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gomlx/go-xla/installer"
)

func main() {
	lib, err := fetch(os.Args[1], len(os.Args) > 2 && os.Args[2] == "no-gpu")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(lib)
}

func fetch(device string, noGPU bool) (lib string, err error) {
	if lib, err = installer.DefaultHomeLibPath(); err != nil {
		return "", err
	}
	lib = filepath.Join(lib, "go-xla")
	if device == "cpu" {
		return lib, installer.CPUAutoInstall(lib, true, installer.Normal)
	}
	if noGPU { // the installer's other call looks for one itself, and then does this
		return lib, installer.CudaInstall("cuda13", "latest", lib, true, installer.Normal)
	}
	if !installer.HasNvidiaGPU() {
		return "", errors.New("no NVIDIA GPU: nvidia-smi does not find one")
	}
	return lib, installer.CudaAutoInstall(lib, true, installer.Normal)
}
