//go:build unix && !linux

package gonb

import "syscall"

// dieWithParent does nothing: only Linux signals a process when its parent dies.
func dieWithParent(*syscall.SysProcAttr) {}
