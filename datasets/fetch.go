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

// FetchOptions say how [Fetch] works. The zero value is silent and uses the network.
type FetchOptions struct {
	Progress io.Writer     // a progress bar is drawn here; nil: none
	From     string        // take the file from this directory, and leave the network alone; "": fetch
	Client   *http.Client  // nil: one that waits 15 s to connect and 30 s for a first answer
	Stall    time.Duration // leave a mirror when nothing comes for so long; 0: 30 s
	Pause    time.Duration // before a mirror is asked again that does not say how long, doubled each time; 0: 0.5 s
}

// Fetch makes sure that dir holds the file, verified, and returns its path. A file
// that is there already and has the right digest is used as it is.
//
// The file is written to "NAME.part" and takes its name when its SHA-256 is right. It comes
// as the server has it: it is asked not to compress it. A part that an interrupted fetch left
// is continued by an HTTP range; where the server knows none, refuses it, gives another part,
// or has another file by now, all of it is fetched. Of several programs that fetch a file into
// one directory, one does, and the others wait for it (where the file system has locks).
//
// What passes is tried again: a connection that is refused, cut or stalls, and the answers
// 408, 425, 429 and 5xx, after as long as Retry-After says, up to a minute; three times where
// nothing comes, and on and on where something does. What does not pass, another 4xx, a host
// or certificate that is not known, a web page or a file of another size or digest, is not.
// Other mirrors are asked in the meantime.
//
// The error says in a sentence what could not be had, from where, and what to do
// instead; it wraps ctx's error when ctx is done. Nothing is printed but to
// Progress.
func Fetch(ctx context.Context, file File, dir string, o FetchOptions) (string, error) {
	if file.Name == "" || file.Name != filepath.Base(file.Name) || !filepath.IsLocal(file.Name) {
		return "", fmt.Errorf("fetch: %q is not a plain file name", file.Name)
	}
	if file.SHA256 == "" {
		return "", fmt.Errorf("fetch %s: no SHA-256 is known for it, and nothing unverified is used", file.Name)
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
		return "", fmt.Errorf("fetch %s: stopped while another program fetches it: %w", file.Name, err)
	}
	defer unlock()
	if there, err := file.isAt(path); err != nil { // another program may have fetched it by now
		return "", fmt.Errorf("fetch %s: %w", file.Name, err)
	} else if there {
		return path, nil
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

// fetch asks the mirrors in turn, those that may still give the file again.
func (file File) fetch(ctx context.Context, path string, o FetchOptions) (string, error) {
	var mirrors []*mirror
	for _, url := range file.URLs {
		mirrors = append(mirrors, &mirror{url: url})
	}
	var failures []error
	passes := false // a failure that another network, or time, may end
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
			return "", fmt.Errorf("fetch %s: stopped: %w; the next fetch continues %s", file.Name, ctx.Err(), path+".part")
		}
		if ofDisk(err) {
			return "", fmt.Errorf("fetch %s: %w: make room, or fix that, and fetch it again: it resumes where it stopped", file.Name, err)
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
		failures = []error{errors.New("it has none")}
	}
	check := ""
	if passes {
		check = "check the network, or "
	}
	return "", fmt.Errorf("fetch %s: no mirror gave it (%w): %sput the file (SHA-256 %s) at %s yourself",
		file.Name, together(failures), check, file.SHA256, path)
}

// wait is how long a mirror is left alone after so many tries.
func (o FetchOptions) wait(said time.Duration, tries int) time.Duration {
	if said >= 0 {
		return said
	}
	return o.Pause << (tries - 1)
}

// pause waits, but not when ctx is done.
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

// mostCuts is how often a mirror may cut a file that it gives piece by piece.
const mostCuts = 1000

// fetchFrom asks one mirror for as long as something comes of it.
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
			m.afresh = true // what was here before may be of another file; it is gone
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

// ofDisk reports whether an error is one of a file here, which no mirror can help.
func ofDisk(err error) bool {
	var e *fs.PathError
	var renaming *os.LinkError
	return errors.As(err, &e) || errors.As(err, &renaming)
}

// settle gives a complete part its name, or discards it if its digest is wrong.
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

// sumError is that of a file of another content.
type sumError struct{ got, want, came string }

func (e *sumError) Error() string {
	return fmt.Sprintf("the file has SHA-256 %s, want %s%s", e.got, e.want, e.came)
}

// isAt reports whether the file lies at a path. Something else there is an error.
func (file File) isAt(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := notAFile(info); errors.Is(err, errFolder) {
		return false, fmt.Errorf("%s is a folder: move it away, or fetch into another directory", shown(path))
	} else if err != nil { // a FIFO would not answer
		return false, fmt.Errorf("%s is %w: move it away", shown(path), err)
	}
	sum, err := fileDigest(path)
	if err != nil {
		return false, err
	}
	if sum != file.SHA256 {
		return false, fmt.Errorf("%s is there, but its SHA-256 is %s, want %s: move it away", path, sum, file.SHA256)
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
