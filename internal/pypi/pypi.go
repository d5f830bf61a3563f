// Package pypi looks files up on the Python package index that pip is set up with. It
// downloads none: who uses it does that, and checks what came.
//
// The file settings reads pip's settings; page reads a page of the index.
package pypi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// public is the index that pip uses if it is not told of another.
const public = "https://pypi.org/simple"

// maxPage limits a project's page, in bytes.
const maxPage = 16 << 20

// Index is a Python package index.
type Index struct{ address *url.URL }

// FromPip returns the index that pip is set up with: $PIP_INDEX_URL, or index-url in the
// section [global] of pip's configuration files ($PIP_CONFIG_FILE, the virtual environment's,
// the user's, the system's), or pypi.org.
func FromPip() (Index, error) {
	text, from := setting()
	address, err := url.Parse(text)
	if err != nil {
		return Index{}, fmt.Errorf("%s: %w", from, errors.Unwrap(err)) // without the address, which may hold a password
	}
	return Index{address}, nil
}

// String returns the index's address without a user's name and password.
func (x Index) String() string { return bare(x.address) }

func bare(address *url.URL) string {
	shown := *address
	shown.User = nil
	return shown.String()
}

// Find returns the address of a file of a project, with the index's user name and password
// if the index itself serves it. The client follows redirects. An error names the page and
// does not show the password.
func (x Index) Find(ctx context.Context, client *http.Client, project, file string) (string, error) {
	page := x.address.JoinPath(project, "/")
	address, err := find(ctx, client, page, file)
	if err != nil {
		return "", x.Hide(fmt.Errorf("%s: %w", bare(page), err))
	}
	return address, nil
}

func find(ctx context.Context, client *http.Client, page *url.URL, file string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page.String(), nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("Accept", "application/vnd.pypi.simple.v1+json, text/html;q=0.2")
	response, err := client.Do(request)
	if err != nil {
		return "", Unanswered(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the index answers %s", response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxPage+1))
	if err != nil {
		return "", err
	}
	if len(body) > maxPage {
		return "", fmt.Errorf("the page has more than %d bytes", maxPage)
	}
	found, err := linkIn(body, response.Header.Get("Content-Type"), file)
	if err != nil {
		return "", err
	}
	link, err := url.Parse(found)
	if err != nil {
		return "", err
	}
	at := page
	if response.Request != nil { // after redirects, where the page was in the end
		at = response.Request.URL
	}
	link = at.ResolveReference(link)
	link.Fragment = ""
	if link.Scheme != "https" && link.Scheme != "http" {
		return "", fmt.Errorf("the link to %s is not an http address", file)
	}
	if link.Host == page.Host {
		link.User = page.User // also where the link is an address of its own
	}
	return link.String(), nil
}

// Unreachable reports that there is no way to a host.
type Unreachable struct {
	Host  string
	Cause error
}

// Error says which host, and why.
func (e *Unreachable) Error() string { return fmt.Sprintf("no network to %s (%v)", e.Host, e.Cause) }

// Unwrap returns the cause.
func (e *Unreachable) Unwrap() error { return e.Cause }

// Unanswered returns the error for a request that a client sent and that got no answer: an
// [*Unreachable] if that is due to the network. It has the host in place of the address, which
// may hold a password.
func Unanswered(err error) error {
	var of *url.Error
	if !errors.As(err, &of) {
		return err
	}
	host := "the server"
	if address, err := url.Parse(of.URL); err == nil {
		host = address.Host
	}
	var network net.Error
	if errors.As(of.Err, &network) {
		return &Unreachable{host, of.Err}
	}
	return fmt.Errorf("no answer from %s: %w", host, of.Err)
}

// Hide returns an error that does not show the index's password.
func (x Index) Hide(err error) error {
	password, ok := x.address.User.Password()
	if err == nil || !ok || password == "" {
		return err
	}
	return &redacted{err, password}
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
