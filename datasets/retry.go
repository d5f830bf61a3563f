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

// attempts is how often a mirror is asked that gives nothing, and mostWait how long it may
// ask to be left alone before it is asked again.
const (
	attempts = 3
	mostWait = time.Minute
)

// mirrorError is why a mirror did not give the file.
type mirrorError struct {
	err     error
	final   bool          // it would be the same the next time
	whole   bool          // it may give the file at once if it is asked for all of it
	reached int64         // bytes of the file that are here, where it was cut
	wait    time.Duration // before it is asked again, as the server says; below 0: it does not
}

func (e *mirrorError) Error() string { return e.err.Error() }

func (e *mirrorError) Unwrap() error { return e.err }

// final returns an error that asking again does not change.
func final(format string, args ...any) error {
	return &mirrorError{err: fmt.Errorf(format, args...), final: true}
}

// passing returns an error that may pass.
func passing(format string, args ...any) error {
	return &mirrorError{err: fmt.Errorf(format, args...), wait: -1}
}

// statusAdvice is what to do about an answer that will be the same the next time.
var statusAdvice = map[int]string{
	http.StatusUnauthorized:                  "it wants a login: get the file with a browser",
	http.StatusPaymentRequired:               "it wants to be paid: look for another source",
	http.StatusForbidden:                     "it does not give the file to everyone, or not to programs: get it with a browser",
	http.StatusNotFound:                      "the file is not there: look for its new address on the set's page",
	http.StatusGone:                          "the file was taken away: look for another source",
	http.StatusProxyAuthRequired:             proxyLogin,
	http.StatusUnavailableForLegalReasons:    "it may not give the file where you are: look for another source",
	http.StatusNetworkAuthenticationRequired: "this network wants a login: open any page in a browser",
}

const proxyLogin = "the proxy wants a login: set https_proxy and http_proxy to http://NAME:PASSWORD@HOST:PORT"

// passes reports whether an answer may be another the next time: a server is busy, or failed.
func passes(code int) bool {
	switch code {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported, http.StatusNetworkAuthenticationRequired:
		return false
	}
	return code >= 500
}

// ofStatus says what an HTTP status means for asking again: that a server is busy or has
// failed passes, that it refuses does not.
func ofStatus(address string, response *http.Response) *mirrorError {
	says := fmt.Errorf("%s answers %s", address, response.Status)
	if passes(response.StatusCode) {
		wait := retryAfter(response.Header, time.Now())
		if wait > mostWait {
			return &mirrorError{err: fmt.Errorf("%w, and asks to be left alone for %s: fetch it again then", says, howLong(wait)), final: true}
		}
		return &mirrorError{err: says, wait: wait}
	}
	if todo := statusAdvice[response.StatusCode]; todo != "" {
		says = fmt.Errorf("%w: %s", says, todo)
	}
	return &mirrorError{err: says, final: true}
}

// howLong says how long a server wants to be left alone, which may be more than any number
// here holds.
func howLong(d time.Duration) string {
	const year = 365 * 24 * time.Hour
	if d > year {
		return "more than a year"
	}
	return d.Round(time.Second).String()
}

// retryAfter returns how long a server asks to be left alone: seconds or, by its own clock, a
// date. Below 0: it does not say.
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

// unreadable are what net/http says, in words alone, of addresses that it cannot read, its own
// or one that a server leads to.
var unreadable = []string{"unsupported protocol scheme", "no Host in request URL", "failed to parse Location header", "response missing Location header"}

// ofConnection says what a request to a mirror that got no answer means for asking again.
func ofConnection(mirror string, err error) error {
	if at := new(url.Error); errors.As(err, &at) && !samePlace(at.URL, mirror) {
		err = fmt.Errorf("%s leads elsewhere: %w", mirror, err)
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
		return passing("%w: that is the proxy of https_proxy and http_proxy: check its address", err)
	case strings.HasSuffix(err.Error(), http.StatusText(http.StatusProxyAuthRequired)): // all that net/http says of it
		return final("%w: %s", err, proxyLogin)
	case slices.ContainsFunc(unreadable, says):
		return final("%w: want an address that begins with https:// or http:// (FetchOptions.From takes the file from a directory)", err)
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return final("%w: no host has this name: check the network, or the address", err)
	case errors.As(err, &authority), errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &roots), errors.As(err, &unverified):
		return final("%w: its certificate cannot be trusted: check this machine's clock and its certificates (ca-certificates), or, behind a proxy with one of its own, name that in SSL_CERT_FILE", err)
	case errors.As(err, &header), errors.Is(err, http.ErrSchemeMismatch):
		return final("%w: it does not speak TLS there: is it http:// that is meant, or does a proxy answer?", err)
	case errors.As(err, &alert):
		return final("%w: it and this program agree on no version of TLS", err)
	case errors.Is(err, errRedirects), says("stopped after 10 redirects"): // ours, and a client's own
		return final("%w: get the file with a browser", err)
	}
	return passing("%w", err)
}

// samePlace reports whether two addresses are one, however they are written.
func samePlace(a, b string) bool {
	first, err := url.Parse(a)
	second, err2 := url.Parse(b)
	return err == nil && err2 == nil && first.Host == second.Host && first.Path == second.Path && first.RawQuery == second.RawQuery
}
