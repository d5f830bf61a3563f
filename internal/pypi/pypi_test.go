package pypi

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// at returns the index at /simple of a server, for a user with a password.
func at(t *testing.T, server *httptest.Server) Index {
	t.Helper()
	t.Setenv("PIP_INDEX_URL", strings.Replace(server.URL, "://", "://me:se%20cret@", 1)+"/simple")
	x, err := FromPip()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// A file is found on an index of either form, with the user's name and password only on the
// index's own server.
func TestFind(t *testing.T) {
	for _, row := range []struct{ why, contentType, page, want string }{
		{"JSON", "application/vnd.pypi.simple.v1+json", `{"files": [{"filename": "a_b-0.9-py3-none-any.whl", "url": "/files/old"}, {"filename": "a_b-1.0-py3-none-any.whl", "url": "/files/a", "hashes": {}}]}`, "USER/files/a"},
		{"JSON, the address in full", "application/vnd.pypi.simple.v1+json; charset=utf-8", `{"files": [{"filename": "a_b-1.0-py3-none-any.whl", "url": "SERVER/files/a"}]}`, "USER/files/a"},
		{"JSON, on another server", "application/vnd.pypi.simple.v1+json", `{"files": [{"filename": "a_b-1.0-py3-none-any.whl", "url": "https://files.example/a"}]}`, "https://files.example/a"},
		{"links", "text/html", `<!DOCTYPE html><body><a href="../../files/old">a_b-0.9-py3-none-any.whl</a><br/><a href="../../files/a#sha256=00" data-requires-python="&gt;=3">a_b-1.0-py3-none-any.whl</a>`, "USER/files/a"},
		{"links in other letters", "text/html", "<A rel=x\nHREF='../../files/a?x=1&amp;y=2'>\n a_b-1.0-py3-none-any.whl </A>", "USER/files/a?x=1&y=2"},
		{"an index that has moved", "moved", `<a href="../files/a">a_b-1.0-py3-none-any.whl</a>`, "USER/files/a"},
	} {
		mux := http.NewServeMux()
		server := httptest.NewServer(mux)
		defer server.Close()
		withUser := strings.Replace(server.URL, "://", "://me:se%20cret@", 1)
		answer := func(w http.ResponseWriter, r *http.Request) {
			if user, password, _ := r.BasicAuth(); user != "me" || password != "se cret" {
				t.Errorf("%s: %s is asked for by %q with %q", row.why, r.URL, user, password)
			}
			if accept := r.Header.Get("Accept"); !strings.Contains(accept, "application/vnd.pypi.simple.v1+json") || !strings.Contains(accept, "text/html") {
				t.Errorf("Accept: %s", accept)
			}
			w.Header().Set("Content-Type", strings.Replace(row.contentType, "moved", "text/html", 1))
			fmt.Fprint(w, strings.ReplaceAll(row.page, "SERVER", server.URL))
		}
		mux.HandleFunc("/other/", answer)
		mux.HandleFunc("/simple/a-b/", func(w http.ResponseWriter, r *http.Request) {
			if row.contentType == "moved" {
				http.Redirect(w, r, withUser+"/other/", http.StatusFound)
				return
			}
			answer(w, r)
		})
		got, err := at(t, server).Find(t.Context(), server.Client(), "a-b", "a_b-1.0-py3-none-any.whl")
		if want := strings.Replace(row.want, "USER", withUser, 1); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", row.why, got, err, want)
		}
	}
}

// What the error says when the index does not have the file. It never shows the password.
func TestFindFails(t *testing.T) {
	for _, row := range []struct{ why, contentType, page, says string }{
		{"no such project", "", "", "the index answers 404"},
		{"another version only", "text/html", `<a href="b.whl">b.whl</a>`, "the index has no file a.whl"},
		{"JSON without it", "application/json", `{"files": []}`, "the index has no file a.whl"},
		{"no JSON", "application/json", "<html>", "not PEP 691's"},
		{"a page without an end", "text/html", strings.Repeat(" ", maxPage+1), "more than"},
		{"another protocol", "text/html", `<a href="ftp://x/a.whl">a.whl</a>`, "not an http address"},
		{"a redirect to nowhere, with the password", "redirect", "-", "no network to 127.0.0.1:1 "},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case row.page == "":
				http.NotFound(w, r)
			case row.contentType == "redirect":
				http.Redirect(w, r, "http://me:se%20cret@127.0.0.1:1/", http.StatusFound)
			default:
				w.Header().Set("Content-Type", row.contentType)
				fmt.Fprint(w, row.page)
			}
		}))
		defer server.Close()
		_, err := at(t, server).Find(t.Context(), server.Client(), "a", "a.whl")
		if err == nil || !strings.HasPrefix(err.Error(), server.URL+"/simple/a/: ") || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: error %v, want one that says %s", row.why, err, row.says)
		}
		if err != nil && strings.Contains(err.Error(), "cret") {
			t.Errorf("%s: the error shows the password: %v", row.why, err)
		}
	}
}

// Without an index the error names the host, and neither the user nor the password.
func TestNoIndex(t *testing.T) {
	t.Setenv("PIP_INDEX_URL", "http://me:secret@127.0.0.1:1/")
	x, err := FromPip()
	if err != nil {
		t.Fatal(err)
	}
	var of *url.Error
	_, err = x.Find(t.Context(), http.DefaultClient, "a", "a.whl")
	if err == nil || errors.As(err, &of) || !strings.Contains(err.Error(), "no network to 127.0.0.1:1 (") || strings.Contains(err.Error(), "me") {
		t.Errorf("%v", err)
	}
	if x.String() != "http://127.0.0.1:1/" {
		t.Errorf("it is shown as %s", x)
	}
}
