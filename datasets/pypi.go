package datasets

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// pypi is the Python package index that is used if $PIP_INDEX_URL does not name another.
const pypi = "https://pypi.org/simple"

// maxIndex limits a project's page of an index, in bytes.
const maxIndex = 16 << 20

// fetchFromPyPI is [Fetch] for a file of a project on the Python package index that pip uses:
// $PIP_INDEX_URL, or pypi.org. It asks the index only if the file is not in dir yet.
func fetchFromPyPI(ctx context.Context, project string, file File, dir string, o FetchOptions) (string, error) {
	if there, err := file.isAt(filepath.Join(dir, file.Name)); err != nil || there || o.From != "" {
		return Fetch(ctx, file, dir, o)
	}
	index, err := url.Parse(cmp.Or(os.Getenv("PIP_INDEX_URL"), pypi))
	if err != nil {
		return "", fmt.Errorf("fetch %s: PIP_INDEX_URL: %w", file.Name, errors.Unwrap(err)) // without the address, which may hold a password
	}
	page := index.JoinPath(project, "/")
	address, err := findInIndex(ctx, page, file.Name, o)
	if err == nil {
		file.URLs = []string{address}
		address, err = Fetch(ctx, file, dir, o)
	} else {
		err = fmt.Errorf("fetch %s: %s: %w: check PIP_INDEX_URL and the network, or put the file (SHA-256 %s) into %s yourself", file.Name, page.Redacted(), err, file.SHA256, dir)
	}
	if password, ok := index.User.Password(); err != nil && ok && password != "" {
		err = &redacted{err, password}
	}
	return address, err
}

// redacted is an error whose text may hold a password of an address.
type redacted struct {
	err      error
	password string
}

func (e *redacted) Error() string {
	return strings.NewReplacer(e.password, "xxxxx", url.QueryEscape(e.password), "xxxxx", url.PathEscape(e.password), "xxxxx").Replace(e.err.Error())
}
func (e *redacted) Unwrap() error { return e.err }

// findInIndex returns the address of a file on a project's page of an index, in the index's
// JSON form (PEP 691) or in its older form of links (PEP 503).
func findInIndex(ctx context.Context, page *url.URL, name string, o FetchOptions) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(o.Stall, 30*time.Second))
	defer cancel()
	if o.Client == nil {
		o.Client = newClient()
		defer o.Client.CloseIdleConnections()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page.String(), nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("Accept", "application/vnd.pypi.simple.v1+json, text/html;q=0.2")
	response, err := o.Client.Do(request)
	if err != nil {
		return "", errors.Unwrap(err) // the address is in the message already
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the index answers %s", response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxIndex+1))
	if err != nil {
		return "", err
	}
	if len(body) > maxIndex {
		return "", fmt.Errorf("the page has more than %d bytes", maxIndex)
	}
	found, err := linkIn(body, response.Header.Get("Content-Type"), name)
	if err != nil {
		return "", err
	}
	link, err := url.Parse(found)
	if err != nil {
		return "", err
	}
	at := page // after redirects, where the page was in the end
	if response.Request != nil {
		at = response.Request.URL
	}
	link = at.ResolveReference(link)
	link.Fragment = ""
	if link.Scheme != "https" && link.Scheme != "http" {
		return "", fmt.Errorf("the link to %s is not an http address", name)
	}
	if link.Host == page.Host {
		link.User = page.User // also where the link is an address of its own
	}
	return link.String(), nil
}

// indexLink matches a link of PEP 503: its address, in quotes, and its text, the file's name.
var indexLink = regexp.MustCompile(`(?is)<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>\s*([^<]*?)\s*</a>`)

// linkIn returns the address of a file in an index's page of the given type.
func linkIn(page []byte, contentType, name string) (string, error) {
	if strings.Contains(contentType, "json") {
		var all struct {
			Files []struct{ Filename, URL string }
		}
		if err := json.Unmarshal(page, &all); err != nil {
			return "", fmt.Errorf("the index's answer is not PEP 691's: %w", err)
		}
		for _, f := range all.Files {
			if f.Filename == name {
				return f.URL, nil
			}
		}
	}
	for _, m := range indexLink.FindAllSubmatch(page, -1) {
		if html.UnescapeString(string(m[3])) == name {
			return html.UnescapeString(string(m[1]) + string(m[2])), nil
		}
	}
	return "", fmt.Errorf("the index has no file %s", name)
}
