//go:build !(cgo && linux && amd64)

package backend

import "errors"

// checkONNX reports that this build has no ONNX Runtime back end.
func checkONNX() error {
	return errors.New("built without it: it needs linux/amd64 and a C compiler")
}
