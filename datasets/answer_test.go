package datasets

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A server that refuses a range, with whatever status, is asked once for the complete file.
func TestFetchWhereARangeIsRefused(t *testing.T) {
	for _, row := range []struct {
		code  int
		asked int
	}{
		{http.StatusBadRequest, 2},
		{http.StatusUnauthorized, 2},
		{http.StatusForbidden, 2}, // a signed address
		{http.StatusNotFound, 2},
		{http.StatusMethodNotAllowed, 2},
		{http.StatusPreconditionFailed, 2},
		{http.StatusExpectationFailed, 2},
		{http.StatusNotImplemented, 2},
		{http.StatusHTTPVersionNotSupported, 2},
		{http.StatusNoContent, 2},
		{http.StatusInternalServerError, 4}, // it may be temporary, so the part may still be useful: three times first
		{http.StatusBadGateway, 4},
	} {
		dir := t.TempDir()
		part := filepath.Join(dir, "set.bin.part")
		if err := os.WriteFile(part, content[:1000], 0o666); err != nil {
			t.Fatal(err)
		}
		asked := 0
		path, err := Fetch(t.Context(), contentFile(serve(t, func(w http.ResponseWriter, r *http.Request) {
			if asked++; r.Header.Get("Range") != "" {
				w.WriteHeader(row.code)
				return
			}
			whole(w, r)
		})), dir, soon)
		if err != nil || asked != row.asked {
			t.Errorf("%d: asked %d times, want %d; error %v", row.code, asked, row.asked, err)
			continue
		}
		checkFetched(t, path, err)
		// If it refuses the complete file too, the part is kept.
		if err := os.Rename(path, part); err != nil || os.Truncate(part, 1000) != nil {
			t.Fatal(err)
		}
		_, err = Fetch(t.Context(), contentFile(serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(row.code) })), dir, soon)
		if left, _ := os.ReadFile(part); err == nil || !bytes.Equal(left, content[:1000]) {
			t.Errorf("%d: %d bytes of the part are left, error %v", row.code, len(left), err)
		}
	}
}

// The error says what was downloaded in place of the file, and from where.
func TestFetchSaysWhatCame(t *testing.T) {
	utf16 := func(text string) []byte {
		out := []byte{0xff, 0xfe}
		for _, b := range []byte(text) {
			out = append(out, b, 0)
		}
		return out
	}
	for _, row := range []struct {
		why  string
		body []byte
		says string
	}{
		{"nothing", nil, "the download is empty"},
		{"JSON", []byte(`{"error": "quota exceeded"}`), `the download is JSON that begins with "{\"error\": \"quota exceeded\"}"`},
		{"JSON, a list", []byte("\n[]"), `the download is JSON that begins with "[]"`},
		{"JSON with a mark of byte order", []byte("\ufeff{}"), `the download is JSON`},
		{"text", []byte("Too many users have viewed this file"), `the download is text that begins with "Too many users`},
		{"Git LFS", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:"), "a Git LFS pointer, not the file itself"},
		{"a page", []byte("<!DOCTYPE html>"), "a web page"},
		{"a page with a mark of byte order", []byte("\ufeff<html>"), "a web page"},
		{"a page in UTF-16", utf16("<html>"), "a web page"},
		{"other data", []byte("\x00\x01\x02"), "want " + digest(content) + ")"},
	} {
		url := serve(t, func(w http.ResponseWriter, r *http.Request) { w.Write(row.body) })
		file := contentFile(url)
		file.Size = 0
		_, err := Fetch(t.Context(), file, t.TempDir(), soon)
		if err == nil || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), url) {
			t.Errorf("%s: error %v, want one that names the mirror and says %q", row.why, err, row.says)
		}
		from := filepath.Dir(write(t, "set.bin", row.body))
		_, err = Fetch(t.Context(), file, t.TempDir(), FetchOptions{From: from})
		if err == nil || !strings.Contains(err.Error(), from) || !strings.Contains(err.Error(), strings.TrimSuffix(row.says, ")")) {
			t.Errorf("%s, from a directory: error %v, want one that says %q", row.why, err, row.says)
		}
	}
}

// The error says that a server compresses although it was asked not to, wherever this shows.
func TestFetchOfWhatIsCompressed(t *testing.T) {
	for _, row := range []struct {
		why  string
		body []byte
		size int64
		says bool // its length, beforehand
	}{
		{"shorter, as its length says", gzipped(t, content), int64(len(content)), true},
		{"shorter, as its end shows", gzipped(t, content), int64(len(content)), false},
		{"longer, as its end shows", append(gzipped(t, content), content...), int64(len(content)), false},
		{"of no known length", gzipped(t, content), 0, false},
		{"as long", append(gzipped(t, content), content...)[:len(content)], int64(len(content)), false},
	} {
		file := contentFile(serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			if !row.says {
				w.(http.Flusher).Flush()
			}
			w.Write(row.body)
		}))
		file.Size = row.size
		_, err := Fetch(t.Context(), file, t.TempDir(), soon)
		if err == nil || !strings.Contains(err.Error(), `Content-Encoding is "gzip"`) {
			t.Errorf("%s: error %v", row.why, err)
		}
	}
}

// Whatever exists at the file's path is checked before the server is asked.
func TestFetchWhereSomethingElseLies(t *testing.T) {
	asked := 0
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { asked++; whole(w, r) })
	for why, lies := range map[string]func(path string) error{
		"set.bin is a folder: move it":    func(path string) error { return os.Mkdir(path, 0o777) },
		"set.bin is a device, not a file": func(path string) error { return os.Symlink(os.DevNull, path) },
		"set.bin: too many":               func(path string) error { return os.Symlink(path, path) },
		"but its SHA-256 is":              func(path string) error { return os.WriteFile(path, nil, 0o666) },
	} {
		dir := t.TempDir()
		if err := lies(filepath.Join(dir, "set.bin")); err != nil {
			t.Fatal(err)
		}
		if _, err := Fetch(t.Context(), contentFile(url), dir, soon); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("error %v, want one that says %q", err, why)
		}
	}
	if asked > 0 {
		t.Errorf("the server was asked %d times", asked)
	}
	dir := t.TempDir() // a broken link is not a file yet
	if err := os.Symlink("nowhere", filepath.Join(dir, "set.bin")); err != nil {
		t.Fatal(err)
	}
	path, err := Fetch(t.Context(), contentFile(url), dir, soon)
	checkFetched(t, path, err)
}

// Invalid addresses, and servers that redirect to them or in a circle, are not tried again; the
// error names the mirror.
func TestFetchOfAddresses(t *testing.T) {
	const want = "want an address that begins with https:// or http://"
	for _, row := range []struct{ address, says string }{
		{"set.example/set.bin", want},
		{"//set.example/set.bin", want},
		{"www.set.example:8080", want},
		{"ftp://set.example/set.bin", want},
		{"file:///tmp/set.bin", want},
		{"s3://bucket/set.bin", want},
		{"http:///set.bin", want},
		{"", want},
		{" http://set.example/set.bin", "first path segment"},
	} {
		asked := &counting{next: http.DefaultTransport}
		dir := t.TempDir()
		_, err := Fetch(t.Context(), contentFile(row.address), dir, FetchOptions{Client: &http.Client{Transport: asked}})
		if err == nil || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), row.address) || strings.Contains(err.Error(), "check the network, or") || asked.n > 1 {
			t.Errorf("%q: asked %d times, error %v, want one that says %q", row.address, asked.n, err, row.says)
		}
	}
	for _, row := range []struct{ location, says string }{
		{"ftp://set.example/set.bin", want},
		{"file:///etc/passwd", want},
		{"http://", want},
		{"http://[", want},
		{"/set.bin", "redirects"},
		{"/other", "redirects"},
	} {
		for why, client := range map[string]*http.Client{"our client": nil, "a client of the caller's": {}} {
			asked := 0
			mirror := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				w.Header().Set("Location", row.location)
				w.WriteHeader(http.StatusFound)
			})
			_, err := Fetch(t.Context(), contentFile(mirror), t.TempDir(), FetchOptions{Client: client})
			if err == nil || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), mirror) || asked > 10 {
				t.Errorf("to %s, %s: asked %d times, error %v, want one that names %s and says %q", row.location, why, asked, err, mirror, row.says)
			}
		}
	}
}
