//go:build !(cgo && linux && amd64)

package backend

// checkONNX reports that this build has no ONNX Runtime back end.
func checkONNX() error { return errNotBuilt }
