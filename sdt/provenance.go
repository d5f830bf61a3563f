package sdt

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
)

// Provenance says how a result in a run directory came to be.
type Provenance struct {
	Inputs      StageInputs `json:"inputs"`      // all that it depends on
	Data        TaskSummary `json:"data"`        // the task, in counts
	Made        time.Time   `json:"made"`        // when it was written, in UTC
	Command     string      `json:"command"`     // of the program that made it
	Environment Environment `json:"environment"` // where that ran
}

// StageInputs are all that a stage's result depends on. The result's key is the hash of them.
type StageInputs struct {
	Format  int    // of what is written, 2
	Stage   string // "pretrain", "soft", "adapt" or "evaluate"
	Data    string // fingerprint of the examples that it sees
	Before  string // keys of the stages before it, a space between
	Backend string // name of the back end
	Network string // fingerprint of what it computes
	Config  Config // the settings that count for it; the others are zero, but for those that have always been in the key, see [Run.Config]
}

// Environment is what computed a result.
type Environment struct {
	Go       string `json:"go"`              // "go1.26.8"
	Platform string `json:"platform"`        // "linux/amd64"
	CPUs     int    `json:"cpus"`            // that the process may use
	Backend  string `json:"backend"`         // the back end in its own words
	GoMLX    string `json:"gomlx,omitempty"` // its version, where the program knows it
}

// MarshalJSON leaves out the settings that do not count: a zero Method or Optimizer would
// read as one.
func (in StageInputs) MarshalJSON() ([]byte, error) {
	type whole StageInputs
	type some struct {
		Temperature float64 `json:",omitempty"`
		Crop        int
	}
	switch in.Stage {
	case "soft", "evaluate":
		return json.Marshal(struct {
			whole
			Config some
		}{whole(in), some{in.Config.Temperature, in.Config.Crop}})
	}
	return json.Marshal(whole(in))
}

// key returns the key of a stage: the hash of its inputs, all of them written out.
func (in StageInputs) key() (string, error) {
	type whole StageInputs
	raw, err := json.Marshal(whole(in))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8]), nil
}

// commandLine returns the command that the program was started with. $SDT_COMMAND goes
// before: in a notebook it says which one is executed.
func commandLine() string {
	if c := os.Getenv("SDT_COMMAND"); c != "" {
		return c
	}
	words := append([]string{filepath.Base(os.Args[0])}, os.Args[1:]...)
	if b, ok := debug.ReadBuildInfo(); ok && strings.Contains(b.Path, "/") { // a package of a module
		words[0] = "go run " + b.Path
	}
	for i, w := range words[1:] {
		if strings.ContainsAny(w, " \t\n'\"$*?\\") || w == "" {
			words[i+1] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// version returns that of a module which the program is built with, "" if it does not know.
func version(module string) string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range b.Deps {
		if m.Path == module {
			return m.Version
		}
	}
	return ""
}
