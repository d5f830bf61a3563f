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

// answer is what a server sends when it is asked for the file from some byte on.
type answer struct {
	from  int64 // the file's byte that it begins with
	total int64 // bytes of the whole file; 0: not known
	whole bool  // there is nothing more: the part is the file
}

// accept reads what a server answers, when it was asked for the file from byte have on.
func (file File) accept(m *mirror, response *http.Response, body *bufio.Reader, have int64) (answer, error) {
	a := answer{from: have, total: file.Size}
	switch response.StatusCode {
	case http.StatusPartialContent:
		first, size, ok := contentRange(response.Header)
		if !ok || first != have {
			return a, &mirrorError{err: fmt.Errorf("%s answers with another part (%q) than was asked for", m.url, response.Header.Get("Content-Range")), whole: true, wait: -1}
		}
		if file.Size > 0 && size > 0 && size != file.Size {
			return a, final("%s has a file of %d bytes, want %d: it is another one", m.url, size, file.Size)
		}
		if a.total == 0 {
			a.total = size
		}
	case http.StatusRequestedRangeNotSatisfiable:
		if _, size, _ := contentRange(response.Header); have > 0 && file.Size == 0 && (size == have || size == 0) {
			a.whole = true // its digest decides
			return a, nil
		}
		return a, &mirrorError{err: fmt.Errorf("%s has no more than the %d bytes that are here", m.url, have), whole: true, wait: -1}
	case http.StatusOK:
		if err := file.checkWhole(m.url, response, body); err != nil {
			return a, err
		}
		if a.total == 0 && response.ContentLength > 0 {
			a.total = response.ContentLength
		}
		a.from = 0 // a server that knows no ranges, or has another version
	default:
		refused := ofStatus(m.url, response)
		// It may be the range that it does not like. One that is busy is asked for it again
		// first, since the part is lost when all of the file comes.
		refused.whole = have > 0 && (!passes(response.StatusCode) || refused.wait < 0 && m.tries == attempts-1)
		return a, refused
	}
	m.version = strongVersion(response.Header)
	return a, nil
}

// checkWhole looks at an answer with all of the file before anything of the part is given up.
func (file File) checkWhole(url string, response *http.Response, body *bufio.Reader) error {
	head, _ := body.Peek(512) // what reads the rest says what is wrong
	switch strings.ToLower(path.Ext(file.Name)) {
	case ".html", ".htm", ".xhtml", ".xml", ".svg":
	default:
		if isPage(unmarked(head)) {
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

// whatCame says what a file of another digest is, where it shows that it is not a file of data;
// "" where it does not. Its path is the part's.
func whatCame(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, 512) // as much as tells a page
	n, err := io.ReadFull(f, head)
	head = unmarked(head[:n])
	text := strings.TrimSpace(string(head))
	switch {
	case err == io.EOF:
		return ": what came is empty"
	case isPage(head):
		return ": what came is a web page, of a login or an error: get the file with a browser"
	case strings.HasPrefix(text, "version https://git-lfs"):
		return ": what came is a pointer of Git LFS, not the file itself: look for the address of that"
	case !isText(head):
		return ""
	}
	is, begins := "text", []rune(text)
	if begins[0] == '{' || begins[0] == '[' {
		is = "JSON"
	}
	return fmt.Sprintf(": what came is %s that begins with %q", is, string(begins[:min(len(begins), 60)]))
}

// unmarked returns the beginning of a text in UTF-8, without a mark of its order of bytes; what
// has none as it is.
func unmarked(head []byte) []byte {
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), head)
	if err != nil {
		return head
	}
	return text
}
