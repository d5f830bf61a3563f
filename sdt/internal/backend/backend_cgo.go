//go:build cgo && linux && amd64

package backend

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
