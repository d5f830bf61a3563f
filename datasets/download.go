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
	"time"

	"github.com/schollz/progressbar/v3"
)

// mirror is one address of a file, with the state of the requests to it.
type mirror struct {
	url      string
	tries    int       // requests that gave nothing
	ready    time.Time // when it may be asked again
	reached  int64     // most bytes of the file received so far
	version  string    // the server's name for the version that the part belongs to: a strong ETag; "": not known
	noRanges bool      // ask for the complete file, since its answer to a range was of no use
	resumed  bool      // some of the part existed before
	afresh   bool      // the part was discarded because its digest was wrong
	encoded  string    // what an error adds if the server compresses the file
}

// errRedirects is the error for an address that redirects without end.
var errRedirects = errors.New("more than 10 redirects")

// newClient returns the default client of Fetch.
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

// download adds the missing bytes to the part. An error of the mirror is a *mirrorError.
func (file File) download(ctx context.Context, m *mirror, part string, o FetchOptions) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	f, err := os.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return err
	}
	defer f.Close()
	there, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	m.resumed = m.resumed || there > 0
	have := there
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
	a, err := file.accept(m, response, body, have)
	if err != nil || a.whole {
		return err
	}
	if there > a.from {
		if err := errors.Join(f.Truncate(a.from), rewind(f)); err != nil {
			return err
		}
	}
	err = file.receive(f, body, a, m, o.Progress)
	if err != nil && context.Cause(ctx) != nil {
		return context.Cause(ctx)
	}
	return err
}

// receive writes the body of an answer to the part, and closes the part.
func (file File) receive(f *os.File, body io.Reader, a answer, m *mirror, to io.Writer) error {
	limit := int64(16 << 30)
	if file.Size > 0 {
		limit = file.Size
	}
	bar := progress(to, file.Name, a.total, a.from)
	defer bar.Close()
	n, err := io.Copy(io.MultiWriter(f, bar), io.LimitReader(body, limit-a.from+1))
	at := a.from + n
	switch {
	case ofDisk(err):
		return err
	case at > limit:
		return errors.Join(final("%s sent more than the file's %d bytes%s", m.url, limit, m.encoded), f.Truncate(0))
	case err != nil:
		return &mirrorError{err: fmt.Errorf("%s: connection lost after %d bytes: %w", m.url, at, err), reached: at, wait: -1}
	case at < a.total:
		return &mirrorError{err: fmt.Errorf("%s: connection lost after %d of %d bytes%s", m.url, at, a.total, m.encoded), reached: at, wait: -1}
	}
	return f.Close()
}

// rewind seeks to the beginning of a file.
func rewind(f *os.File) error {
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// ask requests the file from byte have on, uncompressed: a server may compress what it sends,
// or declare a .gz file to be compressed, but the bytes received must be those of the file.
func (m *mirror) ask(ctx context.Context, client *http.Client, have int64) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url, nil)
	if err != nil {
		return nil, final("%w", err)
	}
	request.Header.Set("Accept-Encoding", "identity")
	if have > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		if m.version != "" { // the complete file, if it has changed
			request.Header.Set("If-Range", m.version)
		}
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, ofConnection(m.url, err)
	}
	m.encoded = encoded(response.Header)
	return response, nil
}

// resetter restarts the stall timer whenever bytes arrive.
type resetter struct {
	timer *time.Timer
	by    time.Duration
}

func (r resetter) Write(p []byte) (int, error) {
	r.timer.Reset(r.by)
	return len(p), nil
}

// progress returns a progress bar of bytes, drawn to w; nil: not drawn.
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

// countBar returns a progress bar of files, drawn to w; nil: not drawn.
func countBar(w io.Writer, name string, total int) *progressbar.ProgressBar {
	if w == nil {
		w = io.Discard
	}
	return progressbar.NewOptions(total,
		progressbar.OptionSetDescription(name), progressbar.OptionSetWriter(w), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetWidth(30),
		progressbar.OptionOnCompletion(func() { fmt.Fprintln(w) }))
}
