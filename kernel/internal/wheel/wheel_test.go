package wheel

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/internal/pypi"
)

const library = "not really a library"

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// made returns a wheel with a library, what is pinned of it, and its bytes.
func made(t *testing.T) (Wheel, Pinned, []byte) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{"p/__init__.py": "", "p/lib.so": library, "p.dist-info/METADATA": "Name: p"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	w := Wheel{Project: "p", Pinned: Pinned{Name: "p-1-py3-none-any.whl", Size: int64(b.Len()), SHA256: sum(b.Bytes())}}
	return w, Pinned{Name: "p/lib.so", Size: int64(len(library)), SHA256: sum([]byte(library))}, b.Bytes()
}

// serving returns an index with project p, whose wheel is at /files/p.
func serving(t *testing.T, file http.HandlerFunc) pypi.Index {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/simple/p/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<a href="/files/p">p-1-py3-none-any.whl</a>`)
	})
	mux.HandleFunc("/files/p", file)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Setenv("PIP_INDEX_URL", strings.Replace(server.URL, "://", "://me:secret@", 1)+"/simple")
	index, err := pypi.FromPip()
	if err != nil {
		t.Fatal(err)
	}
	return index
}

// empty fails if a folder has anything but the named files.
func empty(t *testing.T, why, dir string, but ...string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range all {
		if len(but) == 0 || e.Name() != but[0] {
			t.Errorf("%s: %s is left in %s", why, e.Name(), dir)
		}
	}
}

// The file of the wheel is written, and replaces another one; nothing else is left.
func TestFetch(t *testing.T) {
	temp, dir := t.TempDir(), filepath.Join(t.TempDir(), "new")
	t.Setenv("TMPDIR", temp)
	w, file, data := made(t)
	index := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "me" || password != "secret" {
			t.Errorf("the file is asked for by %q with %q", user, password)
		}
		w.Write(data)
	})
	target := filepath.Join(dir, "lib.so")
	for range 2 {
		if err := w.Fetch(t.Context(), index, file, target); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(target); err != nil || string(got) != library {
			t.Errorf("%q, %v", got, err)
		}
		if err := file.Check(target); err != nil {
			t.Error(err)
		}
		empty(t, "fetched", temp)
		empty(t, "fetched", dir, "lib.so")
		if err := os.WriteFile(target, []byte("another"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A slow network is no reason to give up, as long as bytes come.
func TestFetchSlowly(t *testing.T) {
	w, file, data := made(t)
	w.stall = time.Second
	index := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		for piece := range slices.Chunk(data, len(data)/20) {
			w.Write(piece)
			w.(http.Flusher).Flush()
			time.Sleep(60 * time.Millisecond)
		}
	})
	if err := w.Fetch(t.Context(), index, file, filepath.Join(t.TempDir(), "lib.so")); err != nil {
		t.Error(err)
	}
}

// What the error says when the wheel, or the file in it, does not come whole and as pinned.
// The old file stays, and nothing of the new one is left.
func TestFetchFails(t *testing.T) {
	const changed = "another wheel, of which nothing may be used"
	w, file, data := made(t)
	all := func(w http.ResponseWriter, _ *http.Request) { w.Write(data) }
	half := func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		w.Write(data[:len(data)/2])
		w.(http.Flusher).Flush()
	}
	stop := make(chan struct{})
	defer close(stop)
	ctx, cancel := context.WithCancel(t.Context())
	for _, row := range []struct {
		why    string
		answer http.HandlerFunc
		wheel  func(*Wheel)
		file   func(*Pinned)
		says   []string
	}{
		{"another wheel", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, changed) }, nil, nil, []string{w.SHA256, sum([]byte(changed))}},
		{"another library in the wheel", all, nil, func(p *Pinned) { p.SHA256 = strings.Repeat("0", 64) }, []string{"p/lib.so", strings.Repeat("0", 64), sum([]byte(library))}},
		{"a larger library in the wheel", all, nil, func(p *Pinned) { p.Size-- }, []string{"more than 19 bytes"}},
		{"no library in the wheel", all, nil, func(p *Pinned) { p.Name = "p/none.so" }, []string{"p/none.so", "not exist"}},
		{"no end", func(w http.ResponseWriter, _ *http.Request) { w.Write(append(data, 0)) }, nil, nil, []string{fmt.Sprintf("more than %d bytes", len(data))}},
		{"no file", http.NotFound, nil, nil, []string{"answers 404"}},
		{"a redirect that cannot be read", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://me:secret@[")
			w.WriteHeader(http.StatusFound)
		}, nil, nil, []string{"no answer from 127.0.0.1"}},
		{"no such wheel", all, func(w *Wheel) { w.Name = "p-2-py3-none-any.whl" }, nil, []string{"the index has no file p-2-py3-none-any.whl"}},
		{"interrupted", func(w http.ResponseWriter, _ *http.Request) { half(w); panic(http.ErrAbortHandler) }, nil, nil,
			[]string{fmt.Sprintf("sent %d of %d bytes", len(data)/2, len(data))}},
		{"stalled", func(w http.ResponseWriter, _ *http.Request) { half(w); <-stop }, func(w *Wheel) { w.stall = 50 * time.Millisecond }, nil, []string{"nothing came for 50ms"}},
		{"cancelled", func(w http.ResponseWriter, _ *http.Request) { half(w); cancel(); <-stop }, nil, nil, []string{"context canceled"}},
	} {
		temp, dir := t.TempDir(), t.TempDir()
		t.Setenv("TMPDIR", temp)
		target := filepath.Join(dir, "lib.so")
		if err := os.WriteFile(target, []byte("the old one"), 0o600); err != nil {
			t.Fatal(err)
		}
		w, file := w, file
		if row.wheel != nil {
			row.wheel(&w)
		}
		if row.file != nil {
			row.file(&file)
		}
		err := w.Fetch(ctx, serving(t, row.answer), file, target)
		for _, says := range append(row.says, w.Name) {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: error %v, want one that says %s", row.why, err, says)
			}
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows the password: %v", row.why, err)
		}
		if got, err := os.ReadFile(target); err != nil || string(got) != "the old one" {
			t.Errorf("%s: the old file is now %q, %v", row.why, got, err)
		}
		empty(t, row.why, temp)
		empty(t, row.why, dir, "lib.so")
	}
}

// Without a network the error says where to.
func TestNoNetwork(t *testing.T) {
	t.Setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
	index, err := pypi.FromPip()
	if err != nil {
		t.Fatal(err)
	}
	w, file, _ := made(t)
	dir := t.TempDir()
	var away *pypi.Unreachable
	if err := w.Fetch(t.Context(), index, file, filepath.Join(dir, "lib.so")); !errors.As(err, &away) || away.Host != "127.0.0.1:1" {
		t.Errorf("%v", err)
	}
	empty(t, "no network", dir)
}
