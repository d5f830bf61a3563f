package tests

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A run is killed with SIGKILL just before it makes its first change of the file system, in
// another directory before its second, and so on to the last, and started again. So every
// state that a killed process can leave is tried: between any two stages, and within each.
func killedAtEachChange(t *testing.T, u *user) {
	want := alone(t)
	each := 1
	if testing.Short() {
		each = 7
	}
	var moments []string
	for n := 1; ; n += each {
		u.run = filepath.Join(u.dir, fmt.Sprint(n))
		what, err := killBefore(u.run, n, u.program, u.args()...)
		if errors.Is(err, fs.ErrPermission) {
			t.Skipf("%s: no process may be traced here: %v", t.Name(), err)
		}
		if err != nil {
			t.Fatal(err)
		}
		if what == "" {
			break
		}
		moments = append(moments, what)
		u.goes(t)
		same(t, results(t, u.run), want)
		if left := append(temporary(t, u.run), temporary(t, filepath.Dir(u.run))...); len(left) > 0 {
			t.Errorf("killed before %s, it has left %q", what, left)
		}
		if t.Failed() {
			t.Fatalf("the run killed before %s is not well", what)
		}
	}
	t.Logf("killed before %d changes: %s", len(moments), strings.Join(moments, ", "))
	if len(moments) < 49/each {
		t.Errorf("%d changes, want 49 or more", len(moments))
	}
}

// killBefore starts a program and kills it as it enters its nth system call that changes the
// file system. It returns that call, "" if the program ended before.
func killBefore(dir string, n int, program string, args ...string) (what string, err error) {
	runtime.LockOSThread() // the tracer is a thread
	defer runtime.UnlockOSThread()
	c := exec.Command(program, args...)
	c.Env = append(os.Environ(), "GOMAXPROCS=1") // fewer stops
	c.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := c.Start(); err != nil {
		return "", err
	}
	pid := c.Process.Pid
	defer func() {
		if err != nil {
			c.Process.Kill()
		}
		c.Process.Release()
	}()
	var status unix.WaitStatus
	if _, err := unix.Wait4(pid, &status, 0, nil); err != nil {
		return "", err
	}
	const options = unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACESYSGOOD | 0x100000 // PTRACE_O_EXITKILL
	if err := unix.PtraceSetOptions(pid, options); err != nil {
		return "", err
	}
	thread, signal, last := pid, 0, false
	for {
		if err := unix.PtraceSyscall(thread, signal); err != nil && err != unix.ESRCH {
			return "", err
		}
		thread, err = unix.Wait4(-1, &status, unix.WALL|unix.WNOTHREAD, nil)
		if err != nil {
			return "", err
		}
		signal = 0
		switch {
		case status.Exited() || status.Signaled():
			if thread == pid {
				return what, nil
			}
		case status.Stopped() && status.StopSignal() == unix.SIGTRAP|0x80 && !last:
			if what = change(thread, dir); what == "" {
				break
			}
			if n--; n == 0 {
				last = true
				if err := unix.Kill(pid, unix.SIGKILL); err != nil {
					return "", err
				}
				break
			}
			what = ""
		case status.Stopped() && status.StopSignal() != unix.SIGTRAP && status.StopSignal() != unix.SIGSTOP:
			signal = int(status.StopSignal())
		}
	}
}

// syscallInfo is what PTRACE_GET_SYSCALL_INFO gives at the entry of a system call.
type syscallInfo struct {
	op       uint8 // 1: entry
	_        [3]uint8
	arch     uint32
	pointers [2]uint64
	number   uint64
	args     [6]uint64
}

// change names the system call that a thread enters, if it changes the file system.
func change(thread int, dir string) string {
	var info syscallInfo
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(thread), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
	if errno != 0 || info.op != 1 {
		return ""
	}
	path := func(i int) string {
		if info.args[i] == 0 {
			return ""
		}
		text := make([]byte, 4096)
		n, _ := unix.PtracePeekData(thread, uintptr(info.args[i]), text[:512])
		name, _, _ := strings.Cut(string(text[:n]), "\x00")
		return filepath.Base(name)
	}
	file := func() string {
		name, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", thread, info.args[0]))
		if err != nil || !strings.HasPrefix(name, dir) {
			return ""
		}
		return filepath.Base(name)
	}
	switch info.number {
	case unix.SYS_MKDIRAT:
		return "mkdir " + path(1)
	case unix.SYS_OPENAT:
		if info.args[2]&unix.O_CREAT != 0 {
			return "create " + path(1)
		}
	case unix.SYS_RENAMEAT:
		return "rename " + path(3)
	case unix.SYS_UNLINKAT:
		return "unlink " + path(1)
	case unix.SYS_WRITE:
		if name := file(); name != "" {
			return "write " + name
		}
	case unix.SYS_FSYNC:
		if name := file(); name != "" {
			return "sync " + name
		}
	}
	return ""
}
