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

	"github.com/moby/sys/atomicwriter"
)

// Files of a stage's directory.
const (
	stageFile      = "stage.json"             // the history; exists when the stage is done
	weightsFile    = "weights.safetensors"    // the network
	checkpointFile = "checkpoint.safetensors" // all state of a stage in progress
	lockFile       = "lock"
)

// sealed is a result on disk: plain structs as JSON, with the hash of those bytes.
type sealed struct {
	SHA256     string          `json:"sha256"`
	Key        string          `json:"key"`
	Provenance json.RawMessage `json:"provenance"`
	Record     json.RawMessage `json:"record"`
}

// writeRecord writes record as JSON under key, with its provenance, atomically.
func writeRecord(path, key string, from Provenance, record any) error {
	s := sealed{Key: key}
	var err error
	if s.Provenance, err = json.Marshal(from); err == nil {
		s.Record, err = json.Marshal(record)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if s.SHA256, err = s.hash(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	data, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return writeAtomic(path, append(data, '\n'))
}

// readRecord reads into record what writeRecord wrote under key, and reports whether it
// exists. A file that is damaged, was written under another key, or holds what its stage
// cannot have written is an error that names it.
func readRecord(path, key string, record checked) (bool, error) {
	s, err := readSealed(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if s.Key != key {
		return false, wrongKey(path, s.Key, key)
	}
	if err := json.Unmarshal(s.Record, record); err != nil {
		return false, notOurs(path, err)
	}
	if err := record.check(); err != nil {
		return false, notOurs(path, err)
	}
	return true, nil
}

// readSealed reads what writeRecord wrote; a damaged file is an error that names it.
func readSealed(path string) (sealed, error) {
	data, err := os.ReadFile(path)
	switch {
	case err != nil && isFolder(path):
		return sealed{}, fmt.Errorf("read %s: it is a folder, want a file: delete it to make it again", path)
	case err != nil:
		return sealed{}, advise(err)
	}
	var s sealed
	sum := ""
	if err = json.Unmarshal(data, &s); err == nil {
		if s.Provenance == nil && s.Record != nil {
			return sealed{}, fmt.Errorf("read %s: it has no provenance, like files of earlier versions: delete it to make it again", path)
		}
		sum, err = s.hash()
	}
	switch {
	case err != nil:
		return sealed{}, fmt.Errorf("read %s: %w: delete it to make it again", path, err)
	case sum != s.SHA256:
		return sealed{}, fmt.Errorf("read %s: sha256 does not match: the file is damaged: delete it to make it again", path)
	}
	return s, nil
}

// hash returns the SHA-256 of everything else, in hexadecimal, ignoring white space.
func (s sealed) hash() (string, error) {
	var all bytes.Buffer
	all.WriteString(s.Key)
	for _, part := range []json.RawMessage{s.Provenance, s.Record} {
		all.WriteByte('\n')
		if err := json.Compact(&all, part); err != nil {
			return "", err
		}
	}
	sum := sha256.Sum256(all.Bytes())
	return hex.EncodeToString(sum[:]), nil
}

// writeAtomic writes a file so that at any moment, even after a crash, its name refers to
// the old or to the new one. Only the user can read the file. Errors say what to do about a
// run directory.
func writeAtomic(path string, data []byte) error {
	if err := replaceFile(path, data); err != nil {
		return advise(fmt.Errorf("write %s: %w", path, reason(err)))
	}
	return nil
}

// replaceFile is writeAtomic with the file system's errors.
func replaceFile(path string, data []byte) error {
	if err := atomicwriter.WriteFile(path, data, 0o600); err != nil {
		return err
	}
	return nil
}

// temporary returns how the names of a file's temporary files begin: those of atomicwriter.
func temporary(path string) string { return ".tmp-" + filepath.Base(path) }

// removeTemporary removes what interrupted writes of the named files have left in dir. No
// other process may be writing there.
func removeTemporary(dir string, names ...string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(e.Name(), temporary(name)) }) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return advise(err)
			}
		}
	}
	return nil
}

// isFolder reports whether a path is a folder, or a link to one.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// notOurs returns the error for an undamaged file that this version cannot have written.
func notOurs(path string, err error) error {
	if errors.As(err, new(*otherFormat)) {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return fmt.Errorf("read %s: %w: if a newer version of sdtlab wrote it, update this one; otherwise delete it to make it again", path, err)
}

// wrongKey returns the error for a file with a result under another key than its name has.
func wrongKey(path, have, want string) error {
	return fmt.Errorf("read %s: it was written under key %s, want %s, so it may be a copy: delete it to make it again", path, have, want)
}
