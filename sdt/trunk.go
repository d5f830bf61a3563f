package sdt

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// trunk is the frozen part of a network, its blocks up to Config.Freeze: it computes as in
// use, also in training, and keeps the weights that it starts with. The stages keep only the
// weights of what follows.
type trunk struct {
	net     network.Network
	shape   []int                      // of what it returns for one example
	weights map[string]*tensors.Tensor // by the variable's path
	backend compute.Backend
	sum     string // SHA-256 of its graph and its weights, in hexadecimal
}

// exec returns the frozen part as a function of a batch of examples after the cut. The caller
// must finalize both.
func (t *trunk) exec() (*model.ExecOneOutput, *model.Store, error) {
	store := model.NewStore()
	if err := fill(store, t.weights); err != nil {
		return nil, nil, err
	}
	exec, err := model.NewExec1(t.backend, store, func(_ *model.Scope, x *graph.Node) *graph.Node {
		store.SetTraining(x.Graph(), false)
		if x.DType() != weightsDType {
			x = graph.ConvertDType(x, weightsDType)
		}
		return t.net.Features(store.Scope(reprScope), x)
	})
	if err != nil {
		store.Finalize()
	}
	return exec, store, err
}

// sumOf returns the SHA-256 of a graph's text and of weights, in hexadecimal.
func sumOf(text string, weights map[string]*tensors.Tensor) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, text)
	for _, path := range slices.Sorted(maps.Keys(weights)) {
		fmt.Fprintln(h, path, weights[path].Shape())
		if err := weights[path].ConstBytes(func(data []byte) { h.Write(data) }); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
