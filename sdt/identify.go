package sdt

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// identify returns a name for what the network computes: the hash of Config.NetworkTag and
// of the graph that the network builds for the task's examples, variables by name. So a
// stage is trained again when a notebook cell changes the network. (The function's own name
// would not do: the compiler names a closure after the function that it was inlined into.) A
// network that cannot be trained is an error, see tryout.go, and so is one that
// Config.Pretrained does not fit.
func (l *Lab) identify() (name string, err error) {
	h := sha256.New()
	fmt.Fprintln(h, l.config.NetworkTag)
	store := model.NewStore()
	defer store.Finalize()
	g := graph.NewGraph(l.backend, "network")
	defer g.Finalize()
	dims := append([]int{triedRows}, cut{crop: l.config.Crop}.shape(l.task.Sources[0].Shape)...)
	err = l.build(func() {
		model.SetStore(g, store)
		features(l.config.Network, store, graph.Parameter(g, "x", shapes.Make(dtypes.Float32, dims...)))
		for _, line := range strings.Split(g.String(), "\n") {
			fmt.Fprintln(h, line)
		}
	})
	if err != nil {
		return "", err
	}
	if err := l.checkVariables(store); err != nil {
		return "", err
	}
	l.variables = variablesOf(store)
	if l.config.Pretrained != nil {
		if err := l.config.Pretrained.Fit(l.variables); err != nil {
			return "", fmt.Errorf("config: Pretrained: %w", err)
		}
	}
	if err := l.checkStep(l.variables); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), l.checkStart(l.variables)
}

// triedRows is how many rows the graph that identifies a network is built for.
const triedRows = 2

// build runs a function that builds a graph on examples of the task, and returns its error.
func (l *Lab) build(graphs func()) error {
	shape := l.task.Sources[0].Shape
	err := caught(graphs)
	if e := new(network.SizeError); errors.As(err, &e) {
		return fmt.Errorf("network: %w", sizeAdvice(e, shape, l.config.Crop))
	}
	if err != nil {
		return fmt.Errorf("network on examples of shape %v: %w", cut{crop: l.config.Crop}.shape(shape), firstLine(err))
	}
	return nil
}
