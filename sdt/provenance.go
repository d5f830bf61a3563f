package sdt

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Provenance says how a result in a run directory came to be.
type Provenance struct {
	Inputs      Inputs      `json:"inputs"`      // all that it depends on
	Data        Summary     `json:"data"`        // the task, in counts
	Made        time.Time   `json:"made"`        // when it was written, in UTC
	Command     string      `json:"command"`     // of the program that made it
	Environment Environment `json:"environment"` // where that ran
}

// Inputs are all that a stage's result depends on. The result's key is the hash of them.
type Inputs struct {
	Format  int    // of what is written, 2
	Stage   string // "pretrain", "soft", "adapt" or "evaluate"
	Data    string // fingerprint of the examples that it sees
	Before  string // keys of the stages before it, a space between
	Backend string // name of the back end
	Network string // fingerprint of what it computes
	Config  Config // the settings that count for it; the others are zero
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
func (in Inputs) MarshalJSON() ([]byte, error) {
	type whole Inputs
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
func (in Inputs) key() (string, error) {
	type whole Inputs
	raw, err := json.Marshal(whole(in))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8]), nil
}

// inputs returns what a stage of the lab depends on, and its key.
func (l *Lab) inputs(stage string, config Config, data, before string) (Inputs, string, error) {
	in := Inputs{2, stage, data, before, l.backend.Name(), l.network, config}
	key, err := in.key()
	return in, key, err
}

// provenance returns that of a result which is being written.
func (l *Lab) provenance(in Inputs) Provenance {
	return Provenance{in, l.summary(), time.Now().UTC().Truncate(time.Second), commandLine(), Environment{
		Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.GOMAXPROCS(0),
		Backend: l.Backend(), GoMLX: version("github.com/gomlx/gomlx"),
	}}
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

// Summary is a task in counts: what there was to learn from and to test on.
type Summary struct {
	Name      string   `json:"name"`                 // of the task: "amazon→webcam"
	Protocol  string   `json:"protocol,omitempty"`   // by which the examples were chosen
	Seed      uint64   `json:"seed"`                 // of that choice
	PerSource int      `json:"per_source,omitempty"` // source examples asked for per class; 0: all
	PerTarget int      `json:"per_target,omitempty"` // labelled target examples asked for per class
	Classes   []string `json:"classes"`              // names of the K classes
	HeldOut   []int    `json:"held_out,omitempty"`   // the classes reported on; nil: all
	Parts     []Part   `json:"parts"`                // the sets of examples
}

// Part is one set of examples of a task.
type Part struct {
	Role   string `json:"role"`             // "source", "validation", "target, labelled", "target, unlabelled" or "test"
	Domain string `json:"domain"`           // its name
	Count  int    `json:"count"`            // of examples
	Shape  []int  `json:"shape"`            // of one
	Counts []int  `json:"counts,omitempty"` // of each class, [K]; nil where labels are not to be seen
	SHA256 string `json:"sha256"`           // its fingerprint: examples, and labels where it has them
}

// Summary returns the task in counts, with the fingerprints of its sets.
func (t Task) Summary() Summary {
	s := Summary{Name: t.Name, Protocol: t.Split.Protocol, Seed: t.Split.Seed, PerSource: t.Split.PerSource, PerTarget: t.Split.PerTarget,
		Classes: t.Classes(), HeldOut: t.HeldOut}
	labelled := func(role string, l Labelled) {
		if l.Len() > 0 {
			s.Parts = append(s.Parts, Part{role, l.Domain, l.Len(), l.Shape, l.Counts(), l.Fingerprint()})
		}
	}
	for _, source := range t.Sources {
		labelled("source", source)
	}
	labelled("validation", t.Validation)
	labelled("target, labelled", t.Target)
	if u := t.Unlabelled; u.Len() > 0 {
		s.Parts = append(s.Parts, Part{"target, unlabelled", u.Domain, u.Len(), u.Shape, nil, u.Fingerprint()})
	}
	labelled("test", t.Test)
	return s
}

// String names the part as tables show it.
func (p Part) String() string { return fmt.Sprintf("%s (%s)", p.Domain, p.Role) }
