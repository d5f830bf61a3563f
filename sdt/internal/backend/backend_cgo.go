//go:build cgo && linux && amd64

package backend

/*
#include <malloc.h>

// keepMemory makes malloc keep what is freed for the next request. By default glibc returns
// large blocks to the system, which fills each page with zeros when it is used again: for XLA
// on a CPU, whose every step asks for the same large blocks, up to a third of the time. It
// runs when the program is loaded, since a thread keeps the arena that it first used.
__attribute__((constructor)) static void keepMemory(void) {
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 1 << 30);
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	mallopt(M_TOP_PAD, 64 << 20);
	mallopt(M_ARENA_MAX, 1); // else threads that free do not give to those that ask
#endif
}
*/
import "C"

import (
	"errors"
	"os"
	"path/filepath"

	_ "github.com/gomlx/compute-onnx" // ONNX Runtime
	"github.com/gomlx/compute-onnx/support/onnxruntime"
	"github.com/gomlx/go-xla/compute/xla" // PJRT plugins
)

// The XLA back end must not download a plugin as a side effect of being chosen.
func init() { xla.EnableAutoInstall(false) }

// checkONNX returns an error if ONNX Runtime's library is not installed: its back end would
// then download it.
func checkONNX() error {
	if os.Getenv("ONNXRUNTIME_SHARED_LIBRARY_PATH") != "" {
		return nil
	}
	dir, err := onnxruntime.GetInstallPath()
	if err != nil {
		return err
	}
	name, err := onnxruntime.GetLibFilename()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
		return errors.New("no ONNX Runtime library: set ONNXRUNTIME_SHARED_LIBRARY_PATH, or install it with `go run ./kernel install --backend onnx`")
	}
	return nil
}
