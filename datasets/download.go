package datasets

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
)

// mirror is one address of a file, and what has come of asking it.
type mirror struct {
	url      string
	tries    int       // that gave nothing
	ready    time.Time // when it may be asked again
	reached  int64     // bytes of the file, at most
	version  string    // what the server calls the version that the part is of: a strong ETag; "": not known
	noRanges bool      // ask for all of the file, as its answer to a range was of no use
	resumed  bool      // some of the part was here before
	afresh   bool      // the part was thrown away for its digest
}

// errRedirects says that an address leads to another without end.
var errRedirects = errors.New("more than 10 redirects")

// newClient returns the client of a Fetch that is given none.
func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 15 * time.Second}).DialContext,
			TLSHandshakeTimeout:   15 * time.Second,
			ResponseHeaderTimeout: 30 * time.Second,
		},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) >= 10 {
				return errRedirects
			}
			return nil
		},
	}
}

// download adds to the part what is missing of it. What is wrong with the mirror is a
// *mirrorError.
func (file File) download(ctx context.Context, m *mirror, part string, o FetchOptions) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	f, err := os.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	have, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	m.resumed = m.resumed || have > 0
	there := have
	if m.noRanges {
		have = 0
	}
	if have > 0 && have == file.Size {
		return nil // its digest decides
	}
	stall := time.AfterFunc(o.Stall, func() { cancel(passing("%s sent nothing for %v", m.url, o.Stall)) })
	defer stall.Stop()
	response, err := m.ask(ctx, o.Client, have)
	if err != nil {
		if context.Cause(ctx) != nil {
			return context.Cause(ctx)
		}
		return err
	}
	defer response.Body.Close()
	body := bufio.NewReader(io.TeeReader(response.Body, resetter{stall, o.Stall}))
	total := file.Size
	switch response.StatusCode {
	case http.StatusPartialContent:
		first, size, ok := contentRange(response.Header)
		if !ok || first != have {
			return &mirrorError{err: fmt.Errorf("%s answers with another part (%q) than was asked for", m.url, response.Header.Get("Content-Range")), whole: true, wait: -1}
		}
		if file.Size > 0 && size > 0 && size != file.Size {
			return final("%s has a file of %d bytes, want %d: it is another one", m.url, size, file.Size)
		}
		if total == 0 {
			total = size
		}
	case http.StatusRequestedRangeNotSatisfiable:
		if _, size, _ := contentRange(response.Header); have > 0 && file.Size == 0 && (size == have || size == 0) {
			return nil // whole already; its digest decides
		}
		return &mirrorError{err: fmt.Errorf("%s has no more than the %d bytes that are here", m.url, have), whole: true, wait: -1}
	case http.StatusOK:
		if err := file.checkWhole(m.url, response, body); err != nil {
			return err
		}
		if total == 0 && response.ContentLength > 0 {
			total = response.ContentLength
		}
		have = 0 // a server that knows no ranges, or has another version
	default:
		return ofStatus(m.url, response)
	}
	if there > have {
		if err := errors.Join(f.Truncate(have), rewind(f)); err != nil {
			return err
		}
	}
	m.version = strongVersion(response.Header)
	limit := int64(16 << 30)
	if file.Size > 0 {
		limit = file.Size
	}
	bar := progress(o.Progress, file.Name, total, have)
	defer bar.Close()
	n, err := io.Copy(io.MultiWriter(f, bar), io.LimitReader(body, limit-have+1))
	switch {
	case context.Cause(ctx) != nil && err != nil:
		return context.Cause(ctx)
	case ofDisk(err):
		return err
	case have+n > limit:
		return errors.Join(final("%s sends more than the %d bytes that the file has", m.url, limit), f.Truncate(0))
	case err != nil:
		return &mirrorError{err: fmt.Errorf("%s: cut after %d bytes: %w", m.url, have+n, err), reached: have + n, wait: -1}
	case have+n < total:
		return &mirrorError{err: fmt.Errorf("%s: cut after %d of %d bytes", m.url, have+n, total), reached: have + n, wait: -1}
	}
	return f.Close()
}

// rewind goes to the beginning of a file.
func rewind(f *os.File) error {
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// ask requests the file from byte have on, as it is: a server may compress what it sends, or
// call a .gz file compressed, and what comes must be what it has.
func (m *mirror) ask(ctx context.Context, client *http.Client, have int64) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url, nil)
	if err != nil {
		return nil, final("%w", err)
	}
	request.Header.Set("Accept-Encoding", "identity")
	if have > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		if m.version != "" { // all of it, if it is another by now
			request.Header.Set("If-Range", m.version)
		}
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, ofConnection(err)
	}
	return response, nil
}

// checkWhole looks at an answer with all of the file before anything of the part is given up.
func (file File) checkWhole(url string, response *http.Response, body *bufio.Reader) error {
	head, _ := body.Peek(512) // what reads the rest says what is wrong
	switch strings.ToLower(path.Ext(file.Name)) {
	case ".html", ".htm", ".xhtml", ".xml", ".svg":
	default:
		if isPage(head) {
			from := ""
			if at := response.Request.URL.String(); at != url {
				from = ", from " + at
			}
			return final("%s answers with a web page in the place of the file%s: a login, or an error: get the file with a browser", url, from)
		}
	}
	if n := response.ContentLength; n >= 0 && file.Size > 0 && n != file.Size {
		return final("%s has a file of %d bytes, want %d: it is another one%s", url, n, file.Size, encoded(response.Header))
	}
	return nil
}

// encoded says that a server has compressed what it sends, though it was asked not to.
func encoded(h http.Header) string {
	if by := h.Get("Content-Encoding"); by != "" && by != "identity" {
		return fmt.Sprintf(" (or the server has compressed it: Content-Encoding is %q)", by)
	}
	return ""
}

// contentRange reads "bytes FIRST-LAST/SIZE" and "bytes */SIZE"; size is 0 where it is "*".
func contentRange(h http.Header) (first, size int64, ok bool) {
	said, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(h.Get("Content-Range"))), "bytes ")
	span, of, divided := strings.Cut(said, "/")
	if !ok || !divided {
		return 0, 0, false
	}
	if of != "*" {
		var err error
		if size, err = strconv.ParseInt(of, 10, 64); err != nil || size < 0 {
			return 0, 0, false
		}
	}
	begin, last, divided := strings.Cut(span, "-")
	first, err := strconv.ParseInt(strings.TrimSpace(begin), 10, 64)
	end, err2 := strconv.ParseInt(strings.TrimSpace(last), 10, 64)
	return first, size, divided && err == nil && err2 == nil && end >= first
}

// strongVersion returns the ETag of an answer if it promises the same bytes.
func strongVersion(h http.Header) string {
	if tag := h.Get("Etag"); strings.HasPrefix(tag, `"`) {
		return tag
	}
	return ""
}

// resetter puts a stall off whenever bytes come.
type resetter struct {
	timer *time.Timer
	by    time.Duration
}

func (r resetter) Write(p []byte) (int, error) {
	r.timer.Reset(r.by)
	return len(p), nil
}

// progress returns a bar of bytes, drawn to w or nowhere.
func progress(w io.Writer, name string, total, have int64) *progressbar.ProgressBar {
	if w == nil {
		w = io.Discard
	}
	if total == 0 {
		total = -1
	}
	bar := progressbar.NewOptions64(total,
		progressbar.OptionSetDescription(name), progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetWidth(30),
		progressbar.OptionOnCompletion(func() { fmt.Fprintln(w) }))
	bar.Add64(have)
	return bar
}
