package datasets

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// soon are options that wait for nothing.
var soon = FetchOptions{Pause: time.Millisecond}

// A file declared as compressed, as many servers do for .gz files, is received unchanged, in one
// request.
func TestFetchTakesBytesAsTheyAre(t *testing.T) {
	zipped := gzipped(t, []byte("digits"))
	for _, size := range []int64{0, int64(len(zipped))} {
		asked := 0
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if asked++; r.Header.Get("Accept-Encoding") != "identity" {
				t.Errorf("Accept-Encoding is %q", r.Header.Get("Accept-Encoding"))
			}
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(zipped)
		})
		path, err := Fetch(t.Context(), File{Name: "digits.gz", Size: size, SHA256: digest(zipped), URLs: []string{url}}, t.TempDir(), soon)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, zipped) || asked != 1 {
			t.Errorf("%d requests, %x, %v", asked, got, err)
		}
	}
}

// Which answers are retried, and what the error says for those that are not.
func TestFetchAnswers(t *testing.T) {
	for _, row := range []struct {
		code  int
		asked int32
		says  string
	}{
		{http.StatusRequestTimeout, 3, "check the network"},
		{http.StatusTooEarly, 3, "check the network"},
		{http.StatusTooManyRequests, 3, "check the network"},
		{http.StatusInternalServerError, 3, "check the network"},
		{http.StatusBadGateway, 3, "check the network"},
		{http.StatusServiceUnavailable, 3, "check the network"},
		{http.StatusGatewayTimeout, 3, "check the network"},
		{http.StatusBadRequest, 1, ""},
		{http.StatusUnauthorized, 1, "needs a login: download the file with a browser"},
		{http.StatusForbidden, 1, "download the file with a browser"},
		{http.StatusNotFound, 1, "find its new address"},
		{http.StatusProxyAuthRequired, 1, "http://NAME:PASSWORD@HOST:PORT"},
		{http.StatusGone, 1, "was removed"},
		{http.StatusUnavailableForLegalReasons, 1, "another source"},
		{http.StatusNetworkAuthenticationRequired, 1, "open any page in a browser"},
		{http.StatusNoContent, 1, ""},
		{http.StatusNotModified, 1, ""},
	} {
		var asked atomic.Int32
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			w.WriteHeader(row.code)
		})
		_, err := Fetch(t.Context(), contentFile(url), t.TempDir(), soon)
		for _, says := range []string{"fetch set.bin", url + " answered " + strconv.Itoa(row.code), row.says, "yourself"} {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%d: error %v, want one that says %q", row.code, err, says)
			}
		}
		if passes := row.asked > 1; asked.Load() != row.asked || err != nil && strings.Contains(err.Error(), "check the network") != passes {
			t.Errorf("%d: asked %d times, want %d; error %v", row.code, asked.Load(), row.asked, err)
		}
		// A temporary failure ends here, and another mirror is asked in any case.
		asked.Store(0)
		url = serve(t, func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) < row.asked {
				w.WriteHeader(row.code)
				return
			}
			whole(w, r)
		})
		path, err := Fetch(t.Context(), contentFile(url), t.TempDir(), soon)
		checkFetched(t, path, err)
	}
}

// answers is a network with given answers, one after another; the last is repeated for ever.
type answers []func() (*http.Response, error)

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := (*a)[0]
	if len(*a) > 1 {
		*a = (*a)[1:]
	}
	response, err := answer()
	if response != nil {
		response.Request = r
	}
	return response, err
}

func status(code int, headers ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		r := &http.Response{StatusCode: code, Status: fmt.Sprint(code), Header: http.Header{}, Body: http.NoBody, ContentLength: -1}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		if code == http.StatusOK {
			r.Body = io.NopCloser(bytes.NewReader(content))
		}
		return r, nil
	}
}

// A server's Retry-After is respected, on the test's clock.
func TestFetchWaits(t *testing.T) {
	const busy = http.StatusTooManyRequests
	date := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		why     string
		headers []string
		waits   time.Duration // below 0: it is an error at once, with says
		says    string
	}{
		{"in seconds", []string{"Retry-After", "7"}, 7 * time.Second, ""},
		{"no time", []string{"Retry-After", "0"}, 0, ""},
		{"until a date, by its own clock", []string{"Retry-After", date.Add(20 * time.Second).Format(http.TimeFormat), "Date", date.Format(http.TimeFormat)}, 20 * time.Second, ""},
		{"until a date that is past", []string{"Retry-After", date.Format(http.TimeFormat), "Date", date.Add(time.Hour).Format(http.TimeFormat)}, 0, ""},
		{"it does not say", nil, time.Second / 2, ""},
		{"it says nothing that is known", []string{"Retry-After", "soon"}, time.Second / 2, ""},
		{"in seconds below 0", []string{"Retry-After", "-5"}, time.Second / 2, ""},
		{"an hour", []string{"Retry-After", "3600"}, -1, "1h0m0s"},
		{"longer than a number holds", []string{"Retry-After", "99999999999999999999"}, -1, "more than a year"},
		{"68 years, which a number holds", []string{"Retry-After", "2147483647"}, -1, "more than a year"},
		{"a date that is far", []string{"Retry-After", date.Add(48 * time.Hour).Format(http.TimeFormat), "Date", date.Format(http.TimeFormat)}, -1, "48h0m0s"},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			client := &http.Client{Transport: &answers{status(busy, row.headers...), status(http.StatusOK)}}
			path, err := Fetch(t.Context(), contentFile("http://set.example/"), t.TempDir(), FetchOptions{Client: client})
			if row.waits < 0 {
				if took := time.Since(start); took > 0 || err == nil || !strings.Contains(err.Error(), "asks to wait "+row.says+":") {
					t.Errorf("%s: after %v error %v, want one at once", row.why, took, err)
				}
				return
			}
			checkFetched(t, path, err)
			if took := time.Since(start); took != row.waits {
				t.Errorf("%s: it waited %v, want %v", row.why, took, row.waits)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // three times, with a longer second wait, and no more
		start := time.Now()
		client := &http.Client{Transport: &answers{status(http.StatusBadGateway)}}
		_, err := Fetch(t.Context(), contentFile("http://set.example/"), t.TempDir(), FetchOptions{Client: client})
		if took := time.Since(start); err == nil || took != 3*time.Second/2 {
			t.Errorf("after %v error %v", took, err)
		}
	})
	synctest.Test(t, func(t *testing.T) { // a busy mirror does not delay others
		start := time.Now()
		client := &http.Client{Transport: &answers{status(busy, "Retry-After", "50"), status(http.StatusOK)}}
		path, err := Fetch(t.Context(), contentFile("http://busy.example/", "http://set.example/"), t.TempDir(), FetchOptions{Client: client})
		checkFetched(t, path, err)
		if took := time.Since(start); took > 0 {
			t.Errorf("it waited %v", took)
		}
	})
	synctest.Test(t, func(t *testing.T) { // cancelling ends the wait
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		start := time.Now()
		client := &http.Client{Transport: &answers{status(busy, "Retry-After", "50")}}
		_, err := Fetch(ctx, contentFile("http://set.example/"), t.TempDir(), FetchOptions{Client: client})
		if took := time.Since(start); took != time.Second || err == nil || !strings.Contains(err.Error(), "stopped") {
			t.Errorf("after %v error %v", took, err)
		}
	})
}

// Which connections are retried, and what the error says for those that are not.
func TestFetchConnections(t *testing.T) {
	fails := func(err error) *http.Client {
		return &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, err }}}
	}
	trusting := func(h http.HandlerFunc) (*httptest.Server, *http.Client) {
		server := httptest.NewUnstartedServer(h)
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // it says that a client did not trust it
		return server, newClient()
	}
	secure, stranger := trusting(whole)
	secure.StartTLS()
	defer secure.Close()
	plainServer, secureClient := trusting(whole)
	plainServer.Start()
	defer plainServer.Close()
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	go func() { // a server of something else
		for conn, err := other.Accept(); err == nil; conn, err = other.Accept() {
			io.WriteString(conn, "SSH-2.0-server\r\n")
			io.Copy(io.Discard, conn) // until the client closes
			conn.Close()
		}
	}()
	for _, row := range []struct {
		why, url string
		client   *http.Client
		asked    int
		says     string
	}{
		{"reset", "http://set.example/", fails(&net.OpError{Op: "read", Err: syscall.ECONNRESET}), 3, "check the network"},
		{"refused", "http://set.example/", fails(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}), 3, "check the network"},
		{"a name server that does not answer", "http://set.example/", fails(&net.DNSError{Err: "timeout", IsTimeout: true, IsTemporary: true}), 3, "check the network"},
		{"an unknown host", "http://set.example/", fails(&net.DNSError{Err: "no such host", Name: "set.example", IsNotFound: true}), 1, "no host has this name"},
		{"a certificate that nobody vouches for", secure.URL, stranger, 1, "certificate is not trusted: check this machine's clock"},
		{"no TLS where it was expected", strings.Replace(plainServer.URL, "http:", "https:", 1), secureClient, 1, "does not use TLS"},
		{"another service where TLS was expected", "https://" + other.Addr().String(), newClient(), 1, "does not use TLS"},
		{"no address", "http://[", newClient(), 0, "missing ']'"},
	} {
		asked := &counting{next: row.client.Transport}
		_, err := Fetch(t.Context(), contentFile(row.url), t.TempDir(), FetchOptions{Client: &http.Client{Transport: asked}, Pause: time.Millisecond})
		if err == nil || !strings.Contains(err.Error(), row.says) || asked.n != row.asked {
			t.Errorf("%s: asked %d times, want %d; error %v, want one that says %q", row.why, asked.n, row.asked, err, row.says)
		}
	}
	var asked atomic.Int32
	round := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, r.URL.String(), http.StatusFound)
	})
	if _, err := Fetch(t.Context(), contentFile(round), t.TempDir(), soon); err == nil || !strings.Contains(err.Error(), "10 redirects") || asked.Load() != 10 {
		t.Errorf("asked %d times: error %v", asked.Load(), err)
	}
}

// counting counts requests.
type counting struct {
	next http.RoundTripper
	n    int
}

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n++
	return c.next.RoundTrip(r)
}

// A connection that is lost repeatedly, but sends something each time, completes the file.
func TestFetchThroughManyCuts(t *testing.T) {
	cuts := map[string]func(w http.ResponseWriter){
		"closed": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"reset": func(w http.ResponseWriter) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		},
	}
	for why, cut := range cuts {
		for _, size := range []int64{0, int64(len(content))} {
			asked := 0
			file := contentFile(serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				var first int
				fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &first)
				last := min(first+20000, len(content))
				if w.Header().Set("Content-Length", strconv.Itoa(len(content)-first)); first > 0 {
					w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, len(content)-1, len(content)))
					w.WriteHeader(http.StatusPartialContent)
				}
				w.Write(content[first:last])
				if last < len(content) {
					w.(http.Flusher).Flush()
					cut(w)
				}
			}))
			file.Size = size
			path, err := Fetch(t.Context(), file, t.TempDir(), soon)
			checkFetched(t, path, err)
			if asked < 10 {
				t.Errorf("%s: asked %d times: it was not cut", why, asked)
			}
		}
	}
}

// An existing part, and servers that do not answer as they should.
func TestFetchRanges(t *testing.T) {
	const have = 100_000
	changed := bytes.Clone(content)
	changed[7]++
	n := len(content)
	part := func(w http.ResponseWriter, says string, body []byte) {
		w.Header().Set("Content-Range", says)
		w.WriteHeader(http.StatusPartialContent)
		w.Write(body)
	}
	for _, row := range []struct {
		why    string
		part   []byte
		asked  int
		answer func(w http.ResponseWriter, r *http.Request)
	}{
		{"the range", content[:have], 1, func(w http.ResponseWriter, r *http.Request) { whole(w, r) }},
		{"ranges are not known", content[:have], 1, func(w http.ResponseWriter, r *http.Request) { w.Write(content) }},
		{"another range", content[:have], 2, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				part(w, fmt.Sprintf("bytes 0-%d/%d", n-1, n), content)
				return
			}
			w.Write(content)
		}},
		{"a later range", content[:have], 2, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				part(w, fmt.Sprintf("bytes %d-%d/%d", have+1, n-1, n), content[have+1:])
				return
			}
			w.Write(content)
		}},
		{"a range that is not said", content[:have], 2, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				w.WriteHeader(http.StatusPartialContent)
				w.Write(content[have:])
				return
			}
			w.Write(content)
		}},
		{"a range whatever is asked for", content[:have], 2, func(w http.ResponseWriter, r *http.Request) {
			part(w, fmt.Sprintf("bytes 0-%d/%d", n-1, n), content)
		}},
		{"the range in pieces", content[:have], 4, func(w http.ResponseWriter, r *http.Request) {
			var first int
			fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &first)
			last := min(first+50_000, n)
			part(w, fmt.Sprintf("bytes %d-%d/%d", first, last-1, n), content[first:last])
		}},
		{"a range of a file whose size is not said", content[:have], 1, func(w http.ResponseWriter, r *http.Request) {
			part(w, fmt.Sprintf("bytes %d-%d/*", have, n-1), content[have:])
		}},
		{"the part is of another file: its digest is found to be wrong", changed[:have], 2, func(w http.ResponseWriter, r *http.Request) { whole(w, r) }},
		{"the part is longer than the file", append(bytes.Clone(content), "more"...), 2, func(w http.ResponseWriter, r *http.Request) { whole(w, r) }},
		{"the part is as long as the file, and of another", changed, 1, func(w http.ResponseWriter, r *http.Request) { whole(w, r) }},
		{"the part is the file", content, 0, nil},
	} {
		for _, size := range []int64{int64(n), 0} {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "set.bin.part"), row.part, 0o666); err != nil {
				t.Fatal(err)
			}
			asked := 0
			file := contentFile(serve(t, func(w http.ResponseWriter, r *http.Request) {
				if asked++; row.answer == nil {
					whole(w, r)
					return
				}
				row.answer(w, r)
			}))
			file.Size = size
			path, err := Fetch(t.Context(), file, dir, soon)
			if err != nil {
				t.Errorf("%s: %v", row.why, err)
				continue
			}
			checkFetched(t, path, err)
			if asked != row.asked && size > 0 {
				t.Errorf("%s: asked %d times, want %d", row.why, asked, row.asked)
			}
		}
	}
}

// A file that changes on its server during a fetch is fetched from the beginning: the request
// names the version of the part.
func TestFetchOfAFileThatChanges(t *testing.T) {
	before := bytes.Clone(content)
	before[7]++
	asked := 0
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked == 1 {
			w.Header().Set("Etag", `"before"`)
			w.Header().Set("Content-Length", strconv.Itoa(len(before)))
			w.Write(before[:100_000])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
		if r.Header.Get("If-Range") != `"before"` {
			t.Errorf("If-Range is %q", r.Header.Get("If-Range"))
		}
		w.Header().Set("Etag", `"after"`)
		whole(w, r)
	})
	path, err := Fetch(t.Context(), contentFile(url), t.TempDir(), soon)
	checkFetched(t, path, err)
	if asked != 2 {
		t.Errorf("asked %d times, want 2", asked)
	}
}

// A body with another length than the file is a different file; if the length is not known, the
// digest shows it.
func TestFetchOfAnotherLength(t *testing.T) {
	for _, row := range []struct {
		why   string
		body  []byte
		flush bool // so that its length is not sent in advance
		says  string
		asked int
	}{
		{"shorter", content[:5000], false, "has a file of 5000 bytes, want 262144", 1},
		{"longer", append(bytes.Clone(content), 'x'), false, "has a file of 262145 bytes, want 262144", 1},
		{"empty", nil, false, "has a file of 0 bytes, want 262144", 1},
		{"longer, which shows at its end", append(bytes.Clone(content), 'x'), true, "sent more than the file's 262144 bytes", 1},
		{"shorter, which shows at its end", content[:5000], true, "connection lost after 5000 of 262144 bytes", 4},
	} {
		asked := 0
		dir := t.TempDir()
		_, err := Fetch(t.Context(), contentFile(serve(t, func(w http.ResponseWriter, r *http.Request) {
			if asked++; row.flush {
				w.(http.Flusher).Flush()
			} else {
				w.Header().Set("Content-Length", strconv.Itoa(len(row.body)))
			}
			w.Write(row.body)
		})), dir, soon)
		if err == nil || !strings.Contains(err.Error(), row.says) || asked != row.asked {
			t.Errorf("%s: asked %d times, want %d; error %v, want one that says %q", row.why, asked, row.asked, err, row.says)
		}
	}
}

// A page in place of the file, sent by networks and servers that need a login, is reported as
// such, and the part is kept.
func TestFetchOfAPage(t *testing.T) {
	page := []byte("\ufeff<!DOCTYPE html>\n<html><title>Log in</title>") // with a byte order mark, as from some servers
	mux := http.NewServeMux()
	mux.HandleFunc("/set.bin", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) })
	mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) { w.Write(page) })
	for _, size := range []int64{0, int64(len(content))} {
		dir := t.TempDir()
		partly := filepath.Join(dir, "set.bin.part")
		if err := os.WriteFile(partly, content[:5000], 0o666); err != nil {
			t.Fatal(err)
		}
		file := contentFile(serve(t, mux.ServeHTTP))
		file.Size = size
		_, err := Fetch(t.Context(), file, dir, soon)
		for _, says := range []string{"a web page instead of the file", "/login", "with a browser"} {
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("error %v, want one that says %q", err, says)
			}
		}
		if left, err := os.ReadFile(partly); err != nil || len(left) != 5000 {
			t.Errorf("%d bytes of the part are left, %v", len(left), err)
		}
	}
	file := File{Name: "index.html", SHA256: digest(page), URLs: []string{serve(t, mux.ServeHTTP)}}
	if _, err := Fetch(t.Context(), file, t.TempDir(), soon); err != nil {
		t.Errorf("a page that was asked for: %v", err)
	}
}

// The proxy in the environment is used, and errors say what it needs. (A process reads the
// environment only once, so the test starts another.)
func TestFetchByProxy(t *testing.T) {
	if os.Getenv("http_proxy") == "" {
		var asked atomic.Int32
		proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			if r.URL.Host != "set.example" {
				t.Errorf("asked for %v", r.URL)
			}
			whole(w, r)
		})
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFetchByProxy$")
		c.Env = append(os.Environ(), "http_proxy="+strings.TrimSuffix(proxy, "/set.bin"), "no_proxy=")
		if out, err := c.CombinedOutput(); err != nil || asked.Load() != 1 {
			t.Errorf("asked %d times, %v: %s", asked.Load(), err, out)
		}
		return
	}
	path, err := Fetch(t.Context(), contentFile("http://set.example/set.bin"), t.TempDir(), soon)
	checkFetched(t, path, err)
}

// The error names a proxy that needs a login or does not exist.
func TestFetchByProxyThatFails(t *testing.T) {
	locked := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) })
	for _, row := range []struct{ why, proxy, url, says string }{
		{"a login, for http", locked, "http://set.example/set.bin", "the proxy needs a login"},
		{"a login, for https", locked, "https://set.example/set.bin", "the proxy needs a login"},
		{"nothing there", "http://127.0.0.1:1", "http://set.example/set.bin", "check the proxy's address in https_proxy"},
	} {
		proxy, err := url.Parse(row.proxy)
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}
		_, err = Fetch(t.Context(), contentFile(row.url), t.TempDir(), FetchOptions{Client: client, Pause: time.Millisecond})
		if err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: error %v, want one that says %q", row.why, err, row.says)
		}
	}
}
