package sdt

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sealed is a result on disk: the JSON of a plain struct under the hash of its bytes.
type sealed struct {
	SHA256 string          `json:"sha256"`
	Key    string          `json:"key"`
	Record json.RawMessage `json:"record"`
}

// writeRecord writes record as JSON under key, atomically.
func writeRecord(path, key string, record any) error {
	raw, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	data, err := json.MarshalIndent(sealed{hashOf(raw, key), key, raw}, "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return writeAtomic(path, append(data, '\n'))
}

// readRecord reads into record what writeRecord wrote under key, and whether it was
// there. A file that is damaged or was written under another key is an error that
// names it.
func readRecord(path, key string, record any) (bool, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var s sealed
	var compact bytes.Buffer
	err = json.Unmarshal(data, &s)
	if err == nil {
		err = json.Compact(&compact, s.Record)
	}
	switch {
	case err != nil:
		return false, fmt.Errorf("read %s: %w: delete it to make it again", path, err)
	case hashOf(compact.Bytes(), s.Key) != s.SHA256:
		return false, fmt.Errorf("read %s: sha256 does not match: the file is damaged: delete it to make it again", path)
	case s.Key != key:
		return false, fmt.Errorf("read %s: it was written under key %s, want %s: was it copied here?", path, s.Key, key)
	}
	if err := json.Unmarshal(s.Record, record); err != nil {
		return false, fmt.Errorf("read %s: %w", path, err)
	}
	return true, nil
}

// hashOf returns the SHA-256 of a record under its key, in hexadecimal.
func hashOf(raw []byte, key string) string {
	sum := sha256.Sum256(append([]byte(key+"\n"), raw...))
	return hex.EncodeToString(sum[:])
}

// writeAtomic writes a file so that at any moment, even after a crash, there is the
// old one or the new one under its name: to a temporary file beside it, synced, then
// renamed. The file can be read by its user alone.
func writeAtomic(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), temporary(path)+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close() // a second close after success is harmless
			os.Remove(f.Name())
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	if _, err = f.Write(data); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// temporary is how the names of a file's temporary ones begin.
func temporary(path string) string { return "." + filepath.Base(path) + "." }

// removeTemporary removes what writes of the named files that were killed have left in
// dir. No other process may be writing there.
func removeTemporary(dir string, names ...string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(e.Name(), temporary(name)) }) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
