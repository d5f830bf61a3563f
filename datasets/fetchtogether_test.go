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

// Of several that fetch one file into one directory at once, as the shards of an experiment do,
// one asks the server, and all have the file.
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

// Programs do so too, and one that is killed meanwhile leaves the lock to the others, with what
// it has fetched. (The programs are this test.)
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
	time.Sleep(300 * time.Millisecond) // while they come to the lock
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

// Who waits for another program stops when ctx is done, and a lock that nobody holds, which a
// program left that was killed, keeps nobody.
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

// A lock counts while it is of the file that others find: who came to it just before its
// file was removed holds one that keeps nobody out.
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
