//go:build unix && !linux

package gonb

import "syscall"

// dieWithParent does nothing: only Linux tells a process that its parent is gone.
func dieWithParent(*syscall.SysProcAttr) {}
