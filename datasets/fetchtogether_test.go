package datasets

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// If several fetches of one file into one directory run at once, as in the shards of an
// experiment, one asks the server, and all return the file.
func TestFetchTogether(t *testing.T) {
	for _, from := range []string{"", filepath.Dir(write(t, "set.bin", content))} {
		var asked atomic.Int32
		file := contentFile(serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			time.Sleep(50 * time.Millisecond)
			whole(w, r)
		}))
		dir := filepath.Join(t.TempDir(), "new")
		failed := make(chan error, 8)
		for range cap(failed) {
			go func() {
				_, err := Fetch(t.Context(), file, dir, FetchOptions{From: from})
				failed <- err
			}()
		}
		for range cap(failed) {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || from == "" && asked.Load() != 1 {
			t.Errorf("asked %d times, %v is left, %v", asked.Load(), left, err)
		}
	}
}

// The same holds for programs; one that is killed leaves the lock, and the part it has fetched,
// to the others. (The programs are this test.)
func TestFetchByPrograms(t *testing.T) {
	if url := os.Getenv("FETCH_FROM"); url != "" {
		var said bytes.Buffer
		if _, err := Fetch(t.Context(), contentFile(url), os.Getenv("FETCH_TO"), FetchOptions{Progress: &said, Pause: time.Millisecond}); err != nil {
			t.Error(err)
		}
		if !strings.Contains(said.String(), "waiting for another program") {
			t.Errorf("it did not wait: %q", said.String())
		}
		return
	}
	began, stop := make(chan bool, 1), make(chan bool)
	var asked atomic.Int32
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) > 1 {
			if r.Header.Get("Range") != "bytes=100000-" {
				t.Errorf("Range is %q: what the killed one had is lost", r.Header.Get("Range"))
			}
			whole(w, r)
			return
		}
		w.Header().Set("Content-Length", "262144")
		w.Write(content[:100_000])
		w.(http.Flusher).Flush()
		began <- true
		<-stop
	})
	defer close(stop)
	dir := t.TempDir()
	program := func() *exec.Cmd {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFetchByPrograms$")
		c.Env = append(os.Environ(), "FETCH_FROM="+url, "FETCH_TO="+dir)
		c.Stdout = new(bytes.Buffer)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := program()
	<-began
	for part, err := os.Stat(filepath.Join(dir, "set.bin.part")); err != nil || part.Size() < 100_000; part, err = os.Stat(filepath.Join(dir, "set.bin.part")) {
		time.Sleep(time.Millisecond)
	}
	others := []*exec.Cmd{program(), program()}
	time.Sleep(300 * time.Millisecond) // until they reach the lock
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	first.Wait()
	for _, c := range others {
		if err := c.Wait(); err != nil {
			t.Errorf("%v: %s", err, c.Stdout)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || asked.Load() != 2 {
		t.Errorf("asked %d times, %v is left, %v", asked.Load(), left, err)
	}
}

// A fetch that waits for another program stops when ctx is done. A lock file that a killed
// program left is not held, and blocks nobody.
func TestFetchWaitsForAnotherProgram(t *testing.T) {
	dir := t.TempDir()
	unlock, err := lockFetch(t.Context(), filepath.Join(dir, "set.bin"), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, err := Fetch(ctx, contentFile(serve(t, whole)), dir, soon); err == nil || !strings.Contains(err.Error(), "stopped while waiting for another program to fetch it") {
		t.Errorf("error %v", err)
	}
	unlock()
	if err := os.WriteFile(filepath.Join(dir, ".set.bin.lock"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	path, err := Fetch(t.Context(), contentFile(serve(t, whole)), dir, soon)
	checkFetched(t, path, err)
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%v is left", left)
	}
}

// A lock counts only if it is on the file at the lock's path: a program that opened the file just
// before it was removed holds a lock that excludes nobody.
func TestLockOfARemovedFile(t *testing.T) {
	lock := flock.New(filepath.Join(t.TempDir(), "lock"))
	if held, err := lock.TryLock(); err != nil || !held || !sameAs(lock) {
		t.Fatalf("%v, %v", held, err)
	}
	defer lock.Unlock()
	if err := os.Remove(lock.Path()); err != nil {
		t.Fatal(err)
	}
	if sameAs(lock) {
		t.Error("its file is gone")
	}
	if err := os.WriteFile(lock.Path(), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if sameAs(lock) {
		t.Error("there is another file")
	}
}
