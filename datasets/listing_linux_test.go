package datasets

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// A FIFO has no writer, so opening it would block; a socket has no content.
func TestFIFOsAndSockets(t *testing.T) {
	dir := cups(t, nil)
	for _, in := range []string{dir, filepath.Join(dir, "mug")} {
		if err := syscall.Mkfifo(filepath.Join(in, "fifo"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(dir, "mug")) // the path of a socket is short
	socket, err := net.Listen("unix", "socket")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	_, err = ReadFolder(t.Context(), dir, FolderConfig{Width: 2})
	for _, says := range []string{"fifo: a FIFO", "socket: a socket"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
	fifo := filepath.Join(dir, "fifo")
	if _, err := ReadIDX(fifo); err == nil || !strings.Contains(err.Error(), "a FIFO") {
		t.Errorf("read as IDX: %v", err)
	}
	if err := Extract(fifo, filepath.Join(t.TempDir(), "set"), ExtractLimits{}); err == nil || !strings.Contains(err.Error(), "not a file") {
		t.Errorf("extracted: %v", err)
	}
}

// asNobody calls f with the file permissions of a user who owns no files: root may read all.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Getuid() != 0 {
		f()
		return
	}
	runtime.LockOSThread() // permissions belong to a thread
	defer runtime.UnlockOSThread()
	if err := syscall.Setfsuid(65534); err != nil {
		t.Fatal(err)
	}
	defer syscall.Setfsuid(0)
	f()
}

// A class folder that cannot be listed is named; its class is kept, as the other domain may
// have images of it.
func TestUnreadableFolders(t *testing.T) {
	dir := cups(t, map[string][]byte{"cup/a.png": nil})
	locked := filepath.Join(dir, "cup")
	if err := os.Chmod(locked, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(locked, 0o700) })
	for path := dir; path != os.TempDir() && path != "/"; path = filepath.Dir(path) {
		os.Chmod(path, 0o755)
	}
	asNobody(t, func() {
		files, classes, err := listFolder(dir)
		if err != nil || !slices.Equal(classes, []string{"cup", "mug", "pen"}) || len(files) != 3 || files[0].name != "cup" || files[0].err == nil {
			t.Errorf("%v of %q, %v", files, classes, err)
		}
	})
	if err := os.Chmod(dir, 0o644); err != nil { // only its names can be read
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o700) })
	asNobody(t, func() {
		if _, _, err := listFolder(dir); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("error %v, want what it is", err)
		}
	})
}
