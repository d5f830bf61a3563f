//go:build ignore

package main

import _ "github.com/gomlx/compute-onnx"
