package datasets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// File is a file that can be fetched and checked.
type File struct {
	Name   string   // as it is called on disk; no directories
	URLs   []string // mirrors, tried in turn
	Size   int64    // bytes; 0: not known, at most 16 GiB
	SHA256 string   // hexadecimal; required: nothing unverified is used
}

// FetchOptions say how [Fetch] works. The zero value is silent and uses the network.
type FetchOptions struct {
	Progress io.Writer     // a progress bar is drawn here; nil: none
	From     string        // take the file from this directory, and leave the network alone; "": fetch
	Client   *http.Client  // nil: one that waits 15 s to connect and 30 s for a first answer
	Stall    time.Duration // give a mirror up when nothing comes for so long; 0: 30 s
}

// attempts is how often one mirror is asked; each goes on where the last was cut.
const attempts = 3

// Fetch makes sure that dir holds the file, verified, and returns its path. A file
// that is there already and has the right digest is used as it is.
//
// The file is written to "NAME.part" and takes its name when its SHA-256 is right.
// A part that an interrupted fetch left is gone on with by an HTTP range, or begun
// again if the server knows none. A mirror that fails, stalls, or gives a file of
// another digest (which is discarded) is followed by the next.
//
// The error says in a sentence what could not be had, from where, and what to do
// instead; it wraps ctx's error when ctx is done. Nothing is printed but to
// Progress.
func Fetch(ctx context.Context, file File, dir string, o FetchOptions) (string, error) {
	if file.Name == "" || file.Name != filepath.Base(file.Name) || !filepath.IsLocal(file.Name) {
		return "", fmt.Errorf("fetch: %q is not a plain file name", file.Name)
	}
	if len(file.SHA256) != 2*sha256.Size {
		return "", fmt.Errorf("fetch %s: no SHA-256 is known for it, and nothing unverified is used", file.Name)
	}
	path := filepath.Join(dir, file.Name)
	if sum, err := fileDigest(path); err == nil && sum == file.SHA256 {
		return path, nil
	} else if err == nil {
		return "", fmt.Errorf("fetch %s: %s is there, but its SHA-256 is %s, want %s: move it away", file.Name, path, sum, file.SHA256)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", fmt.Errorf("fetch %s: %w", file.Name, err)
	}
	if o.From != "" {
		if err := file.take(o.From, path); err != nil {
			return "", err
		}
		return path, nil
	}
	if o.Client == nil {
		o.Client = &http.Client{Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 15 * time.Second}).DialContext,
			ResponseHeaderTimeout: 30 * time.Second,
		}}
	}
	if o.Stall == 0 {
		o.Stall = 30 * time.Second
	}
	var failures []error
	for _, url := range file.URLs {
		err := file.fetchFrom(ctx, url, path, o)
		if err == nil {
			return path, nil
		}
		if ctx.Err() != nil {
			return "", fmt.Errorf("fetch %s: stopped: %w; %s is gone on with the next time", file.Name, ctx.Err(), path+".part")
		}
		if ofDisk(err) {
			return "", fmt.Errorf("fetch %s: %w: make room, or mend that, and fetch it again: what is there is gone on with", file.Name, err)
		}
		failures = append(failures, err)
	}
	if failures == nil {
		failures = []error{errors.New("it has none")}
	}
	return "", fmt.Errorf("fetch %s: no mirror gave it (%w): check the network, or put the file (SHA-256 %s) at %s yourself",
		file.Name, together(failures), file.SHA256, path)
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

// fetchFrom asks one mirror, several times if the connection is cut.
func (file File) fetchFrom(ctx context.Context, url, path string, o FetchOptions) error {
	var err error
	for range attempts {
		if err = file.download(ctx, url, path+".part", o); err == nil {
			return file.settle(path+".part", path)
		}
		var status statusError
		if errors.As(err, &status) || ofDisk(err) || ctx.Err() != nil {
			break // the answer will not be another
		}
	}
	return err
}

// ofDisk reports whether an error is one of a file here, which no mirror mends.
func ofDisk(err error) bool {
	var e *fs.PathError
	return errors.As(err, &e)
}

// settle gives a complete part its name, or discards it if its digest is wrong.
func (file File) settle(part, path string) error {
	sum, err := fileDigest(part)
	if err != nil {
		return err
	}
	if sum != file.SHA256 {
		os.Remove(part)
		return fmt.Errorf("the file has SHA-256 %s, want %s", sum, file.SHA256)
	}
	return os.Rename(part, path)
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
