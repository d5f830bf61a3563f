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

// Provenance says how a result in a run directory was made.
type Provenance struct {
	Inputs      StageInputs `json:"inputs"`      // everything that it depends on
	Data        TaskSummary `json:"data"`        // the task, in counts
	Made        time.Time   `json:"made"`        // when it was written, in UTC
	Command     string      `json:"command"`     // of the program that made it
	Environment Environment `json:"environment"` // where that ran
}

// StageInputs are everything that a stage's result depends on. The result's key is their hash.
type StageInputs struct {
	Format  int    // of the record, 2
	Stage   string // "pretrain", "soft", "adapt" or "evaluate"
	Data    string // fingerprint of the examples that it sees
	Before  string // keys of the stages before it, separated by spaces
	Backend string // name of the back end
	Network string // fingerprint of what it computes
	Config  Config // the settings that affect it; the others are zero, except for those that have always been in the key, see [Run.Config]
}

// Environment is what computed a result.
type Environment struct {
	Go       string `json:"go"`              // "go1.26.8"
	Platform string `json:"platform"`        // "linux/amd64"
	CPUs     int    `json:"cpus"`            // available to the process
	Backend  string `json:"backend"`         // the back end's description of itself
	GoMLX    string `json:"gomlx,omitempty"` // its version, if the program knows it
}

// MarshalJSON omits the settings that have no effect: a zero Method or Optimizer would read
// as one.
func (in StageInputs) MarshalJSON() ([]byte, error) {
	type all StageInputs
	type some struct {
		Temperature float64 `json:",omitempty"`
		Crop        int
	}
	switch in.Stage {
	case "soft", "evaluate":
		return json.Marshal(struct {
			all
			Config some
		}{all(in), some{in.Config.Temperature, in.Config.Crop}})
	}
	return json.Marshal(all(in))
}

// key returns the key of a stage: the hash of all its inputs.
func (in StageInputs) key() (string, error) {
	type all StageInputs
	raw, err := json.Marshal(all(in))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8]), nil
}

// commandLine returns the command that started the program: $SDT_COMMAND if it is set, which
// in a notebook names the notebook that is running.
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

// version returns a module's version as built into the program, "" if it is unknown.
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
