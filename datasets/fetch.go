package datasets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// File is a file that can be fetched and checked.
type File struct {
	Name   string   // as it is called on disk; no directories
	URLs   []string // mirrors, tried in turn
	Size   int64    // bytes; 0: not known, at most 16 GiB
	SHA256 string   // as any tool prints it, in hexadecimal or base64; required: nothing unverified is used
}

// FetchOptions control how [Fetch] works. The zero value prints nothing and uses the network.
type FetchOptions struct {
	Progress io.Writer     // where to draw a progress bar; nil: none
	From     string        // directory to copy the file from instead of using the network; "": use the network
	Client   *http.Client  // nil: one that waits 15 s to connect and 30 s for a first answer
	Stall    time.Duration // give up on a request when no bytes arrive for this long; 0: 30 s
	Pause    time.Duration // wait before asking a mirror again that sends no Retry-After, doubled each time; 0: 0.5 s
}

// Fetch makes sure that dir holds the file, verified, and returns its path. An existing
// file with the right digest is used as it is.
//
// The file is written to "NAME.part" and renamed when its SHA-256 is right. The server is
// asked not to compress it. Fetch resumes the part of an interrupted fetch with an HTTP range.
// If the server does not support ranges, refuses this one, sends a different part, or has
// another file by now, Fetch downloads the complete file. If several programs fetch a file
// into one directory, one downloads it and the others wait (if the file system has locks).
//
// Temporary failures are retried: a connection that is refused, lost or stalls, and the answers
// 408, 425, 429 and 5xx, after the time in Retry-After, up to a minute. A mirror that sends
// nothing gets three tries; one that sends something gets as many as it needs. Other failures
// are not retried: other 4xx answers, an unknown host or certificate, a web page, or a file
// with the wrong size or digest. Other mirrors are tried in the meantime.
//
// The error says in one sentence what could not be fetched, from where, and what to do
// instead; it wraps ctx's error when ctx is done. Nothing is printed except to
// Progress.
func Fetch(ctx context.Context, file File, dir string, o FetchOptions) (string, error) {
	if file.Name == "" || file.Name != filepath.Base(file.Name) || !filepath.IsLocal(file.Name) {
		return "", fmt.Errorf("fetch: %q is not a plain file name", file.Name)
	}
	if file.SHA256 == "" {
		return "", fmt.Errorf("fetch %s: it has no SHA-256, and unverified files are not used: set File.SHA256", file.Name)
	}
	var err error
	if file.SHA256, err = plainSum(file.SHA256); err != nil {
		return "", fmt.Errorf("fetch %s: %w", file.Name, err)
	}
	path := filepath.Join(dir, file.Name)
	if there, err := file.isAt(path); err != nil {
		return "", fmt.Errorf("fetch %s: %w", file.Name, err)
	} else if there {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", fmt.Errorf("fetch %s: %w", file.Name, err)
	}
	unlock, err := lockFetch(ctx, path, o.Progress)
	if err != nil {
		return "", fmt.Errorf("fetch %s: stopped while waiting for another program to fetch it: %w", file.Name, err)
	}
	defer unlock()
	if there, err := file.isAt(path); err != nil { // another program may have fetched it by now
		return "", fmt.Errorf("fetch %s: %w", file.Name, err)
	} else if there {
		return path, nil
	}
	if info, err := os.Stat(path + ".part"); err == nil && info.IsDir() {
		return "", fmt.Errorf("fetch %s: %s is a folder, but the file is written there until it is complete: remove it", file.Name, shown(path+".part"))
	}
	if o.From != "" {
		if err := file.take(o.From, path); err != nil {
			return "", err
		}
		return path, nil
	}
	if o.Client == nil {
		o.Client = newClient()
		defer o.Client.CloseIdleConnections()
	}
	if o.Stall == 0 {
		o.Stall = 30 * time.Second
	}
	if o.Pause == 0 {
		o.Pause = time.Second / 2
	}
	return file.fetch(ctx, path, o)
}

// fetch asks the mirrors in turn, and again those that may still give the file.
func (file File) fetch(ctx context.Context, path string, o FetchOptions) (string, error) {
	var mirrors []*mirror
	for _, url := range file.URLs {
		mirrors = append(mirrors, &mirror{url: url})
	}
	var failures []error
	passes := false // a failure may be temporary, or due to the network
	for len(mirrors) > 0 {
		m := slices.MinFunc(mirrors, func(a, b *mirror) int { return a.ready.Compare(b.ready) })
		err := pause(ctx, time.Until(m.ready))
		if err == nil {
			err = file.fetchFrom(ctx, m, path, o)
		}
		if err == nil {
			return path, nil
		}
		if ctx.Err() != nil {
			return "", fmt.Errorf("fetch %s: stopped: %w; the next fetch resumes from %s", file.Name, ctx.Err(), path+".part")
		}
		if ofDisk(err) {
			return "", fmt.Errorf("fetch %s: %w: free disk space, or fix the error, and fetch again: it resumes where it stopped", file.Name, err)
		}
		m.tries++
		again := new(mirrorError)
		if errors.As(err, &again) && !again.final {
			if m.tries < attempts {
				m.ready = time.Now().Add(o.wait(again.wait, m.tries))
				continue
			}
			passes = true
		}
		failures = append(failures, err)
		mirrors = slices.DeleteFunc(mirrors, func(other *mirror) bool { return other == m })
	}
	if failures == nil {
		failures = []error{errors.New("it has no mirrors")}
	}
	check := ""
	if passes {
		check = "check the network, or "
	}
	return "", fmt.Errorf("fetch %s: no mirror provided it (%w): %sput the file (SHA-256 %s) at %s yourself",
		file.Name, together(failures), check, file.SHA256, path)
}

// wait returns how long to wait before asking a mirror again after so many tries; said is the
// server's own figure, negative if it gave none.
func (o FetchOptions) wait(said time.Duration, tries int) time.Duration {
	if said >= 0 {
		return said
	}
	return o.Pause << (tries - 1)
}

// pause waits until the time is over or ctx is done.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// take copies the file from a local directory.
func (file File) take(from, path string) error {
	source, err := os.Open(filepath.Join(from, file.Name))
	if err != nil {
		return fmt.Errorf("fetch %s from %s: %w", file.Name, from, err)
	}
	defer source.Close()
	part := path + ".part"
	target, err := os.Create(part)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", file.Name, err)
	}
	_, err = io.Copy(target, source)
	if closing := target.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = file.settle(part, path)
	}
	if err != nil {
		return fmt.Errorf("fetch %s from %s: %w", file.Name, from, err)
	}
	return nil
}

// mostCuts is how many pieces a mirror may take to send a file.
const mostCuts = 1000

// fetchFrom asks one mirror for as long as each request brings progress.
func (file File) fetchFrom(ctx context.Context, m *mirror, path string, o FetchOptions) error {
	var err error
	for range mostCuts {
		if err = file.download(ctx, m, path+".part", o); err == nil {
			wrong := new(sumError)
			if err = file.settle(path+".part", path); !errors.As(err, &wrong) {
				return err
			}
			if !m.resumed || m.afresh {
				return fmt.Errorf("%s: %w%s", m.url, err, m.encoded)
			}
			m.afresh = true // the existing part may have been of another file; it is removed
			continue
		}
		failed := new(mirrorError)
		switch {
		case !errors.As(err, &failed):
			return err
		case failed.whole && !m.noRanges:
			m.noRanges = true
		case failed.reached > m.reached:
			m.reached = failed.reached
		default:
			return err
		}
	}
	return err
}

// ofDisk reports whether an error is about a local file, so that no other mirror can help.
func ofDisk(err error) bool {
	var e *fs.PathError
	var renaming *os.LinkError
	return errors.As(err, &e) || errors.As(err, &renaming)
}

// settle gives a complete part its final name, or discards it if its digest is wrong.
func (file File) settle(part, path string) error {
	sum, err := fileDigest(part)
	if err != nil {
		return err
	}
	if sum != file.SHA256 {
		came := whatCame(part)
		os.Remove(part)
		return &sumError{sum, file.SHA256, came}
	}
	return os.Rename(part, path)
}

// sumError is the error for a file with the wrong digest.
type sumError struct{ got, want, came string }

func (e *sumError) Error() string {
	return fmt.Sprintf("the file has SHA-256 %s, want %s%s", e.got, e.want, e.came)
}

// isAt reports whether the file is at a path. Anything else at that path is an error.
func (file File) isAt(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := notAFile(info); errors.Is(err, errFolder) {
		return false, fmt.Errorf("%s is a folder: move it, or fetch into another directory", shown(path))
	} else if err != nil { // opening a FIFO would block
		return false, fmt.Errorf("%s is %w: move it", shown(path), err)
	}
	sum, err := fileDigest(path)
	if err != nil {
		return false, err
	}
	if sum != file.SHA256 {
		return false, fmt.Errorf("%s exists, but its SHA-256 is %s, want %s: move it", path, sum, file.SHA256)
	}
	return true, nil
}

// fileDigest returns the SHA-256 of a file's content, in hexadecimal.
func fileDigest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
