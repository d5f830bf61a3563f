//go:build ignore

package main

import _ "github.com/gomlx/go-xla/compute/xla"
