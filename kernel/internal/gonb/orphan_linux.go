package gonb

import "syscall"

// dieWithParent has the kernel end when we do, however that comes: a SIGTERM, which
// it takes as the order to stop its cell and go. It counts from the death of the
// thread that started it, so that thread must be kept.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGTERM }
