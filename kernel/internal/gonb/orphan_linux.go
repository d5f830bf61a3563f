package gonb

import "syscall"

// dieWithParent makes the kernel end when this process does, for whatever reason: it gets a
// SIGTERM, on which it stops its cell and exits. Linux sends the signal when the thread
// that started it ends, so that thread must be kept.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGTERM }
