// Package wheel fetches single files from wheels on the Python package index, checked
// against sums that the caller has pinned. It needs no Python.
package wheel

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/sdtlab/sdtlab/internal/pypi"
	"github.com/sdtlab/sdtlab/kernel/internal/atomicfile"
)

// Wheel is a wheel on the index, pinned.
type Wheel struct {
	Project string // as the index has it in addresses
	Pinned         // the wheel: its Name is that on the index
	stall   time.Duration
}

// Pinned is a file with the only content that is accepted.
type Pinned struct {
	Name   string // of a file in a wheel: its path there
	Size   int64  // in bytes
	SHA256 string // in hexadecimal
}

// SumError reports that a file is not the pinned one.
type SumError struct {
	Name, Got, Want string // Got and Want are SHA-256 sums
}

// Error says what was found and what is wanted.
func (e *SumError) Error() string {
	return fmt.Sprintf("%s has SHA-256 %s, want %s", e.Name, e.Got, e.Want)
}

// Check returns nil if the file at path has the pinned sum.
func (p Pinned) Check(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return p.copy(io.Discard, f, path)
}

// copy copies r to w. It is an error if that is not the pinned file; name is what to call it.
func (p Pinned) copy(w io.Writer, r io.Reader, name string) error {
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), io.LimitReader(r, p.Size+1))
	if err != nil {
		return err
	}
	if n > p.Size {
		return fmt.Errorf("%s has more than %d bytes", name, p.Size)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != p.SHA256 {
		return &SumError{name, got, p.SHA256}
	}
	return nil
}

// Fetch downloads the wheel from an index and writes a file of it to target, which it
// replaces. Until both have been checked there is nothing new at target, and on an error
// nothing is left. It gives up if nothing comes for 30 seconds.
func (w Wheel) Fetch(ctx context.Context, index pypi.Index, file Pinned, target string) error {
	dir, err := os.MkdirTemp("", "sdt-wheel-")
	if err != nil {
		return fmt.Errorf("fetch %s: %w", w.Name, err)
	}
	defer os.RemoveAll(dir)
	archive := filepath.Join(dir, w.Name)
	if err := w.download(ctx, index, archive); err != nil {
		return index.Hide(fmt.Errorf("fetch %s: %w", w.Name, err))
	}
	if err := file.extract(archive, target); err != nil {
		return fmt.Errorf("unpack %s: %w", w.Name, err)
	}
	return nil
}

// download looks the wheel up and writes it to a path, checked.
func (w Wheel) download(ctx context.Context, index pypi.Index, path string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if w.stall == 0 {
		w.stall = 30 * time.Second
	}
	stall := time.AfterFunc(w.stall, func() { cancel(fmt.Errorf("nothing came for %v", w.stall)) })
	defer stall.Stop()
	err := w.downloadFrom(ctx, index, path, stall)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func (w Wheel) downloadFrom(ctx context.Context, index pypi.Index, path string, stall *time.Timer) error {
	address, err := index.Find(ctx, http.DefaultClient, w.Project, w.Name)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return pypi.Unanswered(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", request.URL.Host, response.Status)
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	come := &arriving{r: response.Body, stall: stall, every: w.stall}
	err = w.copy(f, come, "the file from "+request.URL.Host)
	if come.err != nil {
		return fmt.Errorf("%s sent %d of %d bytes: %w", request.URL.Host, come.n, w.Size, come.err)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// arriving reads from the network: it starts a timer again whenever bytes arrive, and counts
// them.
type arriving struct {
	r     io.Reader
	stall *time.Timer
	every time.Duration
	n     int64
	err   error // why the reading failed
}

func (a *arriving) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	if n > 0 {
		a.n += int64(n)
		a.stall.Reset(a.every)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		a.err = err
	}
	return n, err
}

// extract writes the file of a wheel to target.
func (p Pinned) extract(archive, target string) error {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer z.Close()
	r, err := z.Open(p.Name)
	if err != nil {
		return err
	}
	defer r.Close()
	part, err := atomicfile.Part(target, func(w io.Writer) error { return p.copy(w, r, p.Name) })
	if err != nil {
		return err
	}
	defer os.Remove(part) // it is gone once it is renamed
	return os.Rename(part, target)
}
