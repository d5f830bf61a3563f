//go:build !linux

package tests

import "testing"

func killedAtEachChange(t *testing.T, _ *user) {
	t.Skipf("%s: only Linux lets the test stop at each system call", t.Name())
}
