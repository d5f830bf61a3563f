package datasets

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// answer describes what a server sends when it is asked for the file from some byte on.
type answer struct {
	from  int64 // the file's byte that it begins with
	total int64 // bytes of the complete file; 0: not known
	whole bool  // there is nothing more: the part is the complete file
}

// accept reads a server's answer to a request for the file from byte have on.
func (file File) accept(m *mirror, response *http.Response, body *bufio.Reader, have int64) (answer, error) {
	a := answer{from: have, total: file.Size}
	switch response.StatusCode {
	case http.StatusPartialContent:
		first, size, ok := contentRange(response.Header)
		if !ok || first != have {
			return a, &mirrorError{err: fmt.Errorf("%s sent a different part (%q) than requested", m.url, response.Header.Get("Content-Range")), whole: true, wait: -1}
		}
		if file.Size > 0 && size > 0 && size != file.Size {
			return a, final("%s has a file of %d bytes, want %d: it is a different file", m.url, size, file.Size)
		}
		if a.total == 0 {
			a.total = size
		}
	case http.StatusRequestedRangeNotSatisfiable:
		if _, size, _ := contentRange(response.Header); have > 0 && file.Size == 0 && (size == have || size == 0) {
			a.whole = true // its digest decides
			return a, nil
		}
		return a, &mirrorError{err: fmt.Errorf("%s has only the %d bytes already downloaded", m.url, have), whole: true, wait: -1}
	case http.StatusOK:
		if err := file.checkWhole(m.url, response, body); err != nil {
			return a, err
		}
		if a.total == 0 && response.ContentLength > 0 {
			a.total = response.ContentLength
		}
		a.from = 0 // the server does not support ranges, or has another version
	default:
		refused := ofStatus(m.url, response)
		// The server may be refusing only the range. A busy server is asked for the range again
		// first, since the part is lost when the complete file is sent.
		refused.whole = have > 0 && (!passes(response.StatusCode) || refused.wait < 0 && m.tries == attempts-1)
		return a, refused
	}
	m.version = strongVersion(response.Header)
	return a, nil
}

// checkWhole checks an answer with the complete file before the part is discarded.
func (file File) checkWhole(url string, response *http.Response, body *bufio.Reader) error {
	head, _ := body.Peek(512) // reading the rest reports any error
	switch strings.ToLower(path.Ext(file.Name)) {
	case ".html", ".htm", ".xhtml", ".xml", ".svg":
	default:
		if isPage(unmarked(head)) {
			from := ""
			if at := response.Request.URL.String(); at != url {
				from = ", from " + at
			}
			return final("%s sent a web page instead of the file%s, probably a login or an error: download the file with a browser", url, from)
		}
	}
	if n := response.ContentLength; n >= 0 && file.Size > 0 && n != file.Size {
		return final("%s has a file of %d bytes, want %d: it is a different file%s", url, n, file.Size, encoded(response.Header))
	}
	return nil
}

// encoded says that a server compressed what it sends although it was asked not to; "" if it did not.
func encoded(h http.Header) string {
	if by := h.Get("Content-Encoding"); by != "" && by != "identity" {
		return fmt.Sprintf(" (or the server has compressed it: Content-Encoding is %q)", by)
	}
	return ""
}

// contentRange reads "bytes FIRST-LAST/SIZE" and "bytes */SIZE"; size is 0 if it is "*".
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

// whatCame says what a file with the wrong digest is, if it is clearly not a data file, and
// returns "" otherwise. path is the part's.
func whatCame(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, 512) // enough to recognize a web page
	n, err := io.ReadFull(f, head)
	head = unmarked(head[:n])
	text := strings.TrimSpace(string(head))
	switch {
	case err == io.EOF:
		return ": the download is empty"
	case isPage(head):
		return ": the download is a web page, probably a login or an error: download the file with a browser"
	case strings.HasPrefix(text, "version https://git-lfs"):
		return ": the download is a Git LFS pointer, not the file itself: find the address of the file"
	case !isText(head):
		return ""
	}
	is, begins := "text", []rune(text)
	if begins[0] == '{' || begins[0] == '[' {
		is = "JSON"
	}
	return fmt.Sprintf(": the download is %s that begins with %q", is, string(begins[:min(len(begins), 60)]))
}

// unmarked returns the beginning of a text in UTF-8, without its byte order mark; text without
// a mark is returned as it is.
func unmarked(head []byte) []byte {
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), head)
	if err != nil {
		return head
	}
	return text
}
