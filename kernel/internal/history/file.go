package history

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"
)

// store is the path of a history: lines of JSON, one for each entry, and one with line 0
// for each session that began. Several kernels may write to it at once: each line is
// written under a lock. A line that is not an entry, such as one cut off by a crash, is
// skipped.
type store string

// lockLimit is how long another kernel may hold the lock.
const lockLimit = 2 * time.Second

// begin reads the entries and begins a session, numbered one above the highest in the file.
func (f store) begin() (entries []Entry, session int, err error) {
	err = f.locked(func(file *os.File) error {
		entries, session, err = readEntries(file)
		if err != nil {
			return err
		}
		session++
		return writeEntry(file, Entry{Session: session})
	})
	return entries, session, err
}

// add appends an entry.
func (f store) add(e Entry) error {
	return f.locked(func(file *os.File) error { return writeEntry(file, e) })
}

// locked calls do with the file, creating it if needed, while no other kernel has the lock.
func (f store) locked(do func(*os.File) error) (err error) {
	path := string(f)
	defer func() {
		if err != nil {
			err = fmt.Errorf("history %s: %w", path, err)
		}
	}()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	lock := flock.New(path + ".lock")
	ctx, cancel := context.WithTimeoutCause(context.Background(), lockLimit, fmt.Errorf("locked for %s", lockLimit))
	defer cancel()
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	defer lock.Close()
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(do(file), file.Close())
}

// highest is the maximum number of a session or a line. A higher one means that the file is
// damaged there, and counting on from it would overflow.
const highest = math.MaxInt32

// readEntries returns a history's entries by session and line, and the highest session.
func readEntries(r io.Reader) (entries []Entry, session int, err error) {
	lines := bufio.NewReader(r)
	for err == nil {
		var line []byte
		line, err = lines.ReadBytes('\n')
		var e Entry
		if json.Unmarshal(line, &e) != nil || e.Session < 1 || e.Session > highest || e.Line < 0 || e.Line > highest {
			continue
		}
		session = max(session, e.Session)
		if e.Line > 0 {
			entries = append(entries, e)
		}
	}
	if err != io.EOF {
		return nil, 0, err
	}
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Session, b.Session), cmp.Compare(a.Line, b.Line))
	})
	return entries, session, nil
}

// writeEntry appends an entry, on a new line even if the last one was cut off.
func writeEntry(file *os.File, e Entry) error {
	var line bytes.Buffer
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() > 0 {
		end := make([]byte, 1)
		if _, err := file.ReadAt(end, info.Size()-1); err != nil {
			return err
		}
		if end[0] != '\n' {
			line.WriteByte('\n')
		}
	}
	if err := json.NewEncoder(&line).Encode(e); err != nil {
		return err
	}
	_, err = file.Write(line.Bytes())
	return err
}
