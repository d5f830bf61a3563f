package datasets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
)

// statusError is an HTTP status that is not what was asked for.
type statusError struct {
	url, status string
}

func (e statusError) Error() string { return e.url + " answers " + e.status }

// download adds to the part what is missing of it.
func (file File) download(ctx context.Context, url, part string, o FetchOptions) error {
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
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	if have > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	response, err := o.Client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusPartialContent && strings.HasPrefix(response.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", have)):
	case response.StatusCode == http.StatusRequestedRangeNotSatisfiable && have > 0:
		if have == file.Size || file.Size == 0 {
			return nil // whole already; its digest decides
		}
		return errors.Join(fmt.Errorf("%s has no more than the %d bytes that are here", url, have), f.Truncate(0))
	case response.StatusCode == http.StatusOK:
		if have > 0 { // a server that knows no ranges
			if have, err = f.Seek(0, io.SeekStart); err != nil {
				return err
			}
			if err := f.Truncate(0); err != nil {
				return err
			}
		}
	default:
		return statusError{url, response.Status}
	}
	total := file.Size
	if total == 0 && response.ContentLength >= 0 {
		total = have + response.ContentLength
	}
	limit := int64(16 << 30)
	if file.Size > 0 {
		limit = file.Size
	}
	bar := progress(o.Progress, file.Name, total, have)
	defer bar.Close()
	stall := time.AfterFunc(o.Stall, func() { cancel(fmt.Errorf("%s sent nothing for %v", url, o.Stall)) })
	defer stall.Stop()
	body := io.TeeReader(io.LimitReader(response.Body, limit-have+1), resetter{stall, o.Stall})
	n, err := io.Copy(io.MultiWriter(f, bar), body)
	switch {
	case context.Cause(ctx) != nil && err != nil:
		return context.Cause(ctx)
	case ofDisk(err):
		return err
	case err != nil:
		return fmt.Errorf("%s: cut after %d bytes: %w", url, have+n, err)
	case have+n > limit:
		return errors.Join(fmt.Errorf("%s sends more than the %d bytes that the file has", url, limit), f.Truncate(0))
	case file.Size > 0 && have+n < file.Size:
		return fmt.Errorf("%s: cut after %d of %d bytes", url, have+n, file.Size)
	}
	return f.Close()
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
