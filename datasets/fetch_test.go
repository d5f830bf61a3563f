package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// content is the file on the servers of these tests: large enough to be cut off.
var content = bytes.Repeat([]byte("0123456789abcdef"), 1<<14)

func contentFile(urls ...string) File {
	return File{Name: "set.bin", Size: int64(len(content)), SHA256: digest(content), URLs: urls}
}

// serve starts a server on loopback.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL + "/set.bin"
}

// whole serves the content, including ranges.
func whole(w http.ResponseWriter, r *http.Request) {
	http.ServeContent(w, r, "set.bin", time.Time{}, bytes.NewReader(content))
}

func checkFetched(t *testing.T, path string, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%s: %d bytes that are not the content, %v", path, len(got), err)
	}
	if _, err := os.Stat(path + ".part"); err == nil {
		t.Error("the part is still there")
	}
}

func TestFetch(t *testing.T) {
	var asked atomic.Int32
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		whole(w, r)
	})
	dir := filepath.Join(t.TempDir(), "new", "folder")
	var bar bytes.Buffer
	path, err := Fetch(t.Context(), contentFile(url), dir, FetchOptions{Progress: &bar})
	checkFetched(t, path, err)
	if !strings.Contains(bar.String(), "set.bin") || !strings.Contains(bar.String(), "100%") {
		t.Errorf("progress %q", bar.String())
	}
	path, err = Fetch(t.Context(), contentFile(url), dir, FetchOptions{})
	checkFetched(t, path, err)
	if asked.Load() != 1 {
		t.Errorf("%d requests, want 1: the file was there", asked.Load())
	}
}

func TestFetchGoesOnAfterACut(t *testing.T) {
	var ranges []string
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		ranges = append(ranges, r.Header.Get("Range"))
		if len(ranges) == 1 {
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			w.Write(content[:100_000])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
		whole(w, r)
	})
	path, err := Fetch(t.Context(), contentFile(url), t.TempDir(), FetchOptions{})
	checkFetched(t, path, err)
	if len(ranges) != 2 || !strings.HasPrefix(ranges[1], "bytes=") || ranges[1] == "bytes=0-" {
		t.Errorf("ranges requested: %q, want the second to resume", ranges)
	}
}

func TestFetchGoesOnInAnotherRun(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"ranges": whole,
		"none": func(w http.ResponseWriter, r *http.Request) {
			w.Write(content) // 200 and the complete file, whatever the request
		},
	} {
		for _, have := range []int{1, 1000, len(content)} {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "set.bin.part"), content[:have], 0o666); err != nil {
				t.Fatal(err)
			}
			path, err := Fetch(t.Context(), contentFile(serve(t, handler)), dir, FetchOptions{})
			if err != nil {
				t.Fatalf("%s, %d bytes there: %v", name, have, err)
			}
			checkFetched(t, path, err)
		}
	}
}

func TestFetchRefusesAnotherDigest(t *testing.T) {
	wrong := bytes.Clone(content)
	wrong[7]++
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { w.Write(wrong) })
	dir := t.TempDir()
	_, err := Fetch(t.Context(), contentFile(url), dir, FetchOptions{})
	if err == nil || !strings.Contains(err.Error(), "set.bin") || !strings.Contains(err.Error(), digest(wrong)) || !strings.Contains(err.Error(), digest(content)) {
		t.Errorf("error %v, want one that names the file and both digests", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	path, err := Fetch(t.Context(), contentFile(url, serve(t, whole)), dir, FetchOptions{})
	checkFetched(t, path, err)

	if err := os.WriteFile(path, wrong, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Fetch(t.Context(), contentFile(url), dir, FetchOptions{}); err == nil || !strings.Contains(err.Error(), ": move it") {
		t.Errorf("error %v: a file of another content was used or overwritten", err)
	}
}

func TestFetchTakesTheNextMirror(t *testing.T) {
	absent := serve(t, http.NotFound)
	long := serve(t, func(w http.ResponseWriter, r *http.Request) { w.Write(append(bytes.Clone(content), 'x')) })
	path, err := Fetch(t.Context(), contentFile(absent, long, "http://127.0.0.1:1/set.bin", serve(t, whole)), t.TempDir(), FetchOptions{})
	checkFetched(t, path, err)
}

func TestFetchStall(t *testing.T) {
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	silent := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(content[:5])
		w.(http.Flusher).Flush()
		select {
		case <-done:
		case <-r.Context().Done():
		}
	})
	path, err := Fetch(t.Context(), contentFile(silent, serve(t, whole)), t.TempDir(), FetchOptions{Stall: 50 * time.Millisecond})
	checkFetched(t, path, err)
}

func TestFetchWithoutANetwork(t *testing.T) {
	dir := t.TempDir()
	_, err := Fetch(t.Context(), contentFile("http://127.0.0.1:1/set.bin"), dir, FetchOptions{Pause: time.Millisecond})
	for _, want := range []string{"fetch set.bin", "127.0.0.1:1", "check the network", filepath.Join(dir, "set.bin"), digest(content)} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

// A full disk is not a network error, and the next mirror is not asked.
func TestFetchOnAFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skipf("%s: %v", t.Name(), err)
	}
	dir := t.TempDir()
	part := filepath.Join(dir, "set.bin.part")
	if err := os.Symlink("/dev/full", part); err != nil {
		t.Fatal(err)
	}
	asked := 0
	mirror := func(w http.ResponseWriter, r *http.Request) { asked++; whole(w, r) }
	_, err := Fetch(t.Context(), contentFile(serve(t, mirror), serve(t, mirror)), dir, FetchOptions{})
	if err == nil || strings.Contains(err.Error(), "network") || asked != 1 {
		t.Errorf("asked %d times, want once; error %v", asked, err)
	}
	for _, want := range []string{"fetch set.bin", part, "no space left on device", "free disk space"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

// A folder in the place of the part is no fault of the disk or of a mirror.
func TestFetchWherePartIsAFolder(t *testing.T) {
	dir := t.TempDir()
	part := filepath.Join(dir, "set.bin.part")
	if err := os.MkdirAll(filepath.Join(part, "x"), 0o777); err != nil {
		t.Fatal(err)
	}
	asked := 0
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { asked++; whole(w, r) })
	from := t.TempDir()
	if err := os.WriteFile(filepath.Join(from, "set.bin"), content, 0o666); err != nil {
		t.Fatal(err)
	}
	want := "fetch set.bin: " + part + " is a folder, but the file is written there until it is complete: remove it"
	for _, o := range []FetchOptions{soon, {From: from}} {
		if _, err := Fetch(t.Context(), contentFile(url), dir, o); err == nil || err.Error() != want || asked > 0 {
			t.Errorf("from %q: error %v, want %s; asked %d times", o.From, err, want, asked)
		}
	}
	if err := os.RemoveAll(part); err != nil {
		t.Fatal(err)
	}
	path, err := Fetch(t.Context(), contentFile(url), dir, soon)
	checkFetched(t, path, err)
}

func TestFetchStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(content[:5])
		w.(http.Flusher).Flush()
		stop()
		<-r.Context().Done()
	})
	dir := t.TempDir()
	if _, err := Fetch(ctx, contentFile(url), dir, FetchOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	path, err := Fetch(t.Context(), contentFile(serve(t, whole)), dir, FetchOptions{})
	checkFetched(t, path, err)
}

func TestFetchFromADirectory(t *testing.T) {
	from := t.TempDir()
	if err := os.WriteFile(filepath.Join(from, "set.bin"), content, 0o666); err != nil {
		t.Fatal(err)
	}
	path, err := Fetch(t.Context(), contentFile("http://127.0.0.1:1/"), t.TempDir(), FetchOptions{From: from})
	checkFetched(t, path, err)
	if err := os.WriteFile(filepath.Join(from, "set.bin"), []byte("else"), 0o666); err != nil {
		t.Fatal(err)
	}
	if path, err := Fetch(t.Context(), contentFile(), t.TempDir(), FetchOptions{From: from}); err == nil || path != "" || !strings.Contains(err.Error(), from) {
		t.Errorf("%q, error %v: another content was taken", path, err)
	}
}

func TestFetchRefuses(t *testing.T) {
	for _, file := range []File{{}, {Name: "../x", SHA256: digest(content)}, {Name: "a/b", SHA256: digest(content)}, {Name: "..", SHA256: digest(content)}, {Name: "unverified"}} {
		if _, err := Fetch(t.Context(), file, t.TempDir(), FetchOptions{}); err == nil {
			t.Errorf("%+v was accepted", file)
		}
	}
}
