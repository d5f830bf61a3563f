//go:build ignore

// Program onnx fetches ONNX Runtime with compute-onnx's own installer and prints
// where the library is. Its argument is the version.
package main

import (
	"fmt"
	"os"

	"github.com/gomlx/compute-onnx/support/onnxruntime"
)

func main() {
	path, err := onnxruntime.Install(os.Args[1], false, false)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(path)
}
