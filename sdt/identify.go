package sdt

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// identify returns a name for what the network computes: the hash of Config.NetworkTag, of
// the frozen part, of the sources of its blocks' initial values, and of the graphs that the
// network builds for the task's examples, variables by name: in use and, if it differs, in
// training. So a stage is trained again when a notebook cell changes the network. (The
// function's own name would not do: the compiler names a closure after the function that it
// was inlined into.) A network that cannot be trained is an error, see tryout.go, and so is
// one that Config.Pretrained does not fit.
func (l *Lab) identify() (name string, err error) {
	h := sha256.New()
	fmt.Fprintln(h, l.config.NetworkTag)
	if l.frozen != nil {
		fmt.Fprintln(h, "frozen", l.frozen.trunk.sum)
	}
	var inUse, inTraining builtNetwork
	err = l.build(func() {
		inUse = l.built(l.trained, false)
		inTraining = l.built(l.trained, true)
	})
	if err != nil {
		return "", err
	}
	for _, b := range []builtNetwork{inUse, inTraining} {
		defer b.store.Finalize()
		if err := l.checkVariables(b.store); err != nil {
			return "", err
		}
		if err := l.checkTrainable(b.store); err != nil {
			return "", err
		}
	}
	l.variables, l.training = variablesOf(inUse.store), variablesOf(inTraining.store)
	fmt.Fprintln(h, inUse.graph)
	for _, b := range l.config.Network {
		if b.Source != "" {
			fmt.Fprintln(h, "source", b.Name, b.Source)
		}
	}
	if !l.keyedInUse(inUse, inTraining) {
		fmt.Fprintln(h, "training", inTraining.graph, inTraining.moves)
	}
	if l.config.Pretrained != nil {
		if err := l.config.Pretrained.Fit(l.allOf(l.variables)); err != nil {
			return "", fmt.Errorf("config: Pretrained: %w", err)
		}
	}
	if err := l.checkStep(); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), l.checkStart(l.variables)
}

// builtNetwork is what a network builds for some of the task's examples.
type builtNetwork struct {
	graph string       // as text
	moves string       // which variables of θ_repr the optimizer does not move, and which the network does
	store *model.Store // its variables, of which those have values that were created with one
}

// built builds the graph of a network, in training or in use. It panics as the network does.
func (l *Lab) built(net network.Network, training bool) builtNetwork {
	b := builtNetwork{store: model.NewStore()}
	g := graph.NewGraph(l.backend, "network")
	defer g.Finalize()
	model.SetStore(g, b.store)
	b.store.SetTraining(g, training)
	dims := append([]int{triedRows}, l.seen()...)
	features(net, b.store, graph.Parameter(g, "x", shapes.Make(dtypes.Float32, dims...)))
	b.graph = g.String()
	var moves []string
	for v := range b.store.IterVariables() {
		if !strings.HasPrefix(v.Path(), reprScope+"/") {
			continue
		}
		if !v.Trainable {
			moves = append(moves, "fixed "+v.Path())
		}
		if v.ChangedInGraph(g) {
			moves = append(moves, fmt.Sprintf("set %s #%d", v.Path(), v.NodeValue(g).Id()))
		}
	}
	slices.Sort(moves)
	b.moves = strings.Join(moves, "\n")
	return b
}

// keyedInUse reports whether the graph in use identifies a network: if it does the same in
// training, or if it is one of the package's networks that drop out in training. Those have
// keys from a time when only the graph in use was hashed. No other network has their key: with
// their graph in use, its graph in training is hashed too.
func (l *Lab) keyedInUse(inUse, inTraining builtNetwork) bool {
	if inTraining.graph == inUse.graph && inTraining.moves == "" {
		return true
	}
	for _, net := range []network.Network{network.CaffeNet, network.AlexNet} {
		var ours [2]builtNetwork
		if caught(func() { ours = [2]builtNetwork{l.built(net, false), l.built(net, true)} }) != nil {
			continue // it is for other examples
		}
		ours[0].store.Finalize()
		ours[1].store.Finalize()
		if ours[0].graph == inUse.graph && ours[1].graph == inTraining.graph && inTraining.moves == "" {
			return true
		}
	}
	return false
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
		return fmt.Errorf("network on examples of shape %v: %w", l.cutShape(), firstLine(err))
	}
	return nil
}
