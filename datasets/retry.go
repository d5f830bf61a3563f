package datasets

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// attempts is how often a mirror that sends nothing is asked. mostWait is the longest
// Retry-After that is waited for.
const (
	attempts = 3
	mostWait = time.Minute
)

// mirrorError is why a mirror did not give the file.
type mirrorError struct {
	err     error
	final   bool          // asking again would give the same error
	whole   bool          // the mirror may send the file if asked for all of it
	reached int64         // bytes of the file received before the connection was lost
	wait    time.Duration // time before it is asked again, as the server says; below 0: not said
}

func (e *mirrorError) Error() string { return e.err.Error() }

func (e *mirrorError) Unwrap() error { return e.err }

// final returns an error that retrying does not change.
func final(format string, args ...any) error {
	return &mirrorError{err: fmt.Errorf(format, args...), final: true}
}

// passing returns an error that may be temporary.
func passing(format string, args ...any) error {
	return &mirrorError{err: fmt.Errorf(format, args...), wait: -1}
}

// statusAdvice says what to do about an answer that retrying does not change.
var statusAdvice = map[int]string{
	http.StatusUnauthorized:                  "it needs a login: download the file with a browser",
	http.StatusPaymentRequired:               "it needs payment: find another source",
	http.StatusForbidden:                     "it refuses access, perhaps only to programs: download the file with a browser",
	http.StatusNotFound:                      "the file is not there: find its new address on the set's page",
	http.StatusGone:                          "the file was removed: find another source",
	http.StatusProxyAuthRequired:             proxyLogin,
	http.StatusUnavailableForLegalReasons:    "it may not provide the file where you are: find another source",
	http.StatusNetworkAuthenticationRequired: "this network needs a login: open any page in a browser",
}

const proxyLogin = "the proxy needs a login: set https_proxy and http_proxy to http://NAME:PASSWORD@HOST:PORT"

// passes reports whether a status may be temporary: the server is busy, or failed.
func passes(code int) bool {
	switch code {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported, http.StatusNetworkAuthenticationRequired:
		return false
	}
	return code >= 500
}

// ofStatus returns the error for an HTTP status. A busy or failed server is a temporary error,
// a refusal is not.
func ofStatus(address string, response *http.Response) *mirrorError {
	says := fmt.Errorf("%s answered %s", address, response.Status)
	if passes(response.StatusCode) {
		wait := retryAfter(response.Header, time.Now())
		if wait > mostWait {
			return &mirrorError{err: fmt.Errorf("%w and asks to wait %s: fetch again after that", says, howLong(wait)), final: true}
		}
		return &mirrorError{err: says, wait: wait}
	}
	if todo := statusAdvice[response.StatusCode]; todo != "" {
		says = fmt.Errorf("%w: %s", says, todo)
	}
	return &mirrorError{err: says, final: true}
}

// howLong returns a server's waiting time as text. The time may exceed what a Duration
// holds.
func howLong(d time.Duration) string {
	const year = 365 * 24 * time.Hour
	if d > year {
		return "more than a year"
	}
	return d.Round(time.Second).String()
}

// retryAfter returns how long a server asks to wait, in seconds or until a date by its own
// clock; below 0: not said.
func retryAfter(h http.Header, now time.Time) time.Duration {
	said := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(said, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	} else if errors.Is(err, strconv.ErrRange) {
		return 1<<63 - 1
	}
	at, err := http.ParseTime(said)
	if err != nil {
		return -1
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return max(0, at.Sub(now))
}

// unreadable are net/http's messages for addresses that it cannot read, the given one or one
// in a redirect. It has no error values for them.
var unreadable = []string{"unsupported protocol scheme", "no Host in request URL", "failed to parse Location header", "response missing Location header"}

// ofConnection returns the error for a request to a mirror that got no answer.
func ofConnection(mirror string, err error) error {
	if at := new(url.Error); errors.As(err, &at) && !samePlace(at.URL, mirror) {
		err = fmt.Errorf("%s redirects: %w", mirror, err)
	}
	says := func(words string) bool { return strings.Contains(err.Error(), words) }
	var (
		unknown    *net.DNSError
		op         *net.OpError
		authority  x509.UnknownAuthorityError
		host       x509.HostnameError
		invalid    x509.CertificateInvalidError
		roots      x509.SystemRootsError
		unverified *tls.CertificateVerificationError
		alert      tls.AlertError
		header     tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return passing("%w: check the proxy's address in https_proxy and http_proxy", err)
	case strings.HasSuffix(err.Error(), http.StatusText(http.StatusProxyAuthRequired)): // net/http gives only this text
		return final("%w: %s", err, proxyLogin)
	case slices.ContainsFunc(unreadable, says):
		return final("%w: want an address that begins with https:// or http:// (to copy the file from a directory, set FetchOptions.From)", err)
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return final("%w: no host has this name: check the network, or the address", err)
	case errors.As(err, &authority), errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &roots), errors.As(err, &unverified):
		return final("%w: its certificate is not trusted: check this machine's clock and its certificates (ca-certificates), or, behind a proxy with its own certificate, set SSL_CERT_FILE to that", err)
	case errors.As(err, &header), errors.Is(err, http.ErrSchemeMismatch):
		return final("%w: the server does not use TLS at this address: should it begin with http://, or did a proxy answer?", err)
	case errors.As(err, &alert):
		return final("%w: the server and this program have no version of TLS in common: download the file with a browser", err)
	case errors.Is(err, errRedirects), says("stopped after 10 redirects"): // ours, and a client's own
		return final("%w: download the file with a browser", err)
	}
	return passing("%w", err)
}

// samePlace reports whether two addresses are the same, however they are written.
func samePlace(a, b string) bool {
	first, err := url.Parse(a)
	second, err2 := url.Parse(b)
	return err == nil && err2 == nil && first.Host == second.Host && first.Path == second.Path && first.RawQuery == second.RawQuery
}
