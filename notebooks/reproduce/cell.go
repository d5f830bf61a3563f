package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/moby/sys/atomicwriter"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// cell is one number of a table: a method on one trial of one problem.
type cell struct {
	table   string
	problem string // "amazon→webcam, held-out classes"
	data    string // what else identifies the data, such as its folders; "": nothing else
	trial   int
	method  sdt.Method
	variant string // of the method, after its name in the column: " + pseudo-labels"; "": the method as it is
	network string // name of config.Network, which JSON cannot hold
	setting string // name of config among the settings tried for its method; "": the only one
	config  sdt.Config
	task    func() (sdt.Task, error)
	weights func() (*network.Weights, error) // with which config.Network starts; nil: at random
	dir     string                           // of the table's runs and results
	backend string                           // its name
	open    opener
}

// settled returns the cell's configuration with its method and seed.
func (c cell) settled() sdt.Config {
	config := c.config
	config.Method, config.Seed = c.method, uint64(c.trial)
	return config
}

// key returns the cell's key: the hash of everything that its configuration says.
func (c cell) key() string {
	h := sha256.New()
	fmt.Fprintln(h, "2", c.table, c.problem+c.data, c.trial, c.network, c.variant+c.setting, c.settled(), c.backend)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// name returns the cell's name in words.
func (c cell) name() string {
	name := fmt.Sprintf("%s, trial %d, %s", c.problem, c.trial, c.column())
	if c.setting != "" {
		name += ", " + c.setting
	}
	return name
}

// column returns the name of the column of the cell's method.
func (c cell) column() string { return c.method.String() + c.variant }

// group returns the cell's run directory, which the methods of one trial share, and with it
// the pretraining.
func (c cell) group() string {
	return filepath.Join(c.dir, fmt.Sprintf("%s-%d", slug(c.problem), c.trial))
}

// path returns the path of the cell's result.
func (c cell) path() string {
	return filepath.Join(c.group(), "result-"+slug(c.column())+"-"+c.key()+".json")
}

// read returns the cell's result, and whether it exists. A damaged one is an error that
// names it.
func (c cell) read() (r result, done bool, err error) {
	data, err := os.ReadFile(c.path())
	if errors.Is(err, fs.ErrNotExist) {
		return result{}, false, nil
	}
	if err != nil {
		return result{}, false, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return result{}, false, fmt.Errorf("read %s: %w: delete the file to run this cell again", c.path(), err)
	}
	if r.Key != c.key() || !(r.Accuracy >= 0 && r.Accuracy <= 1) {
		return result{}, false, fmt.Errorf("read %s: key %q, accuracy %v: not a valid result of this cell: delete the file to run the cell again", c.path(), r.Key, r.Accuracy)
	}
	return r, true, nil
}

// run trains the cell, or what remains of its training, and writes its result.
func (c cell) run(ctx context.Context) (result, error) {
	task, err := c.task()
	if err != nil {
		return result{}, err
	}
	if !task.TestsReported() {
		return result{}, fmt.Errorf("%s: no test examples of held-out classes, so there is no accuracy to report", c.name())
	}
	config := c.settled()
	if c.weights != nil {
		if config.Pretrained, err = c.weights(); err != nil {
			return result{}, err
		}
	}
	lab, err := c.open(c.group(), task, config)
	if err != nil {
		return result{}, err
	}
	source, err := lab.Pretrain(ctx)
	if err != nil {
		return result{}, err
	}
	soft, err := lab.SoftLabels(ctx, source)
	if err != nil {
		return result{}, err
	}
	model, err := lab.Adapt(ctx, source, soft)
	if err != nil {
		return result{}, err
	}
	e, err := lab.Evaluate(ctx, model)
	if err != nil {
		return result{}, err
	}
	r := result{Key: c.key(), Table: c.table, Problem: c.problem, Trial: c.trial, Method: c.method, Network: c.network, Variant: c.variant, Setting: c.setting,
		Accuracy: e.Accuracy(), MeanPerClass: e.MeanPerClass(), Classes: e.Classes, PerClass: known(e.PerClass()),
		History: model.History, Seconds: source.History.Seconds, Backend: lab.Backend(), Version: version(), Config: lab.Config(),
		Data: fingerprints{task.Fingerprint(), task.Test.Fingerprint()}, Split: task.Split}
	r.Taken = taken(e)
	for _, k := range task.HeldOut {
		r.HeldOut = append(r.HeldOut, e.Classes[k])
	}
	if c.setting != "" {
		if r.Scores, err = scoresOf(ctx, lab, model); err != nil {
			return result{}, err
		}
	}
	if model != source {
		r.Seconds += model.History.Seconds
	}
	line, err := json.Marshal(r)
	if err != nil {
		return result{}, err
	}
	return r, atomicwriter.WriteFile(c.path(), append(line, '\n'), 0o644)
}

// version returns the source that this program was built from, as far as the build knows.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v += " " + s.Value
		}
		if s.Key == "vcs.modified" && s.Value == "true" {
			v += " modified"
		}
	}
	return v
}

// longestSlug is the maximum length of an uncut name: file systems allow 255 bytes, and the
// name is only a part.
const longestSlug = 100

// slug returns a name in a form for file names. A long one ends in a hash of what was cut.
func slug(name string) string {
	if len(name) > longestSlug {
		sum := sha256.Sum256([]byte(name))
		return slug(name[:longestSlug]) + "-" + hex.EncodeToString(sum[:4])
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		case r == '→':
			return '2'
		}
		return '-'
	}, name)
}
