package main

import (
	"context"
	"fmt"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// recipe is a network for photographs, with the configuration that trains it.
type recipe struct {
	title  string // in keys and headings; says how the weights start
	folder datasets.FolderConfig
	config sdt.Config
	slow   bool // a training takes minutes on a CPU
	// sees returns what the network sees of photographs, if that is not their pixels; weights, how
	// it starts. Either may be nil.
	sees    func(ctx context.Context, o options, l sdt.Labelled) (sdt.Labelled, error)
	weights func(o options) (*network.Weights, error)
}

// seen returns what the recipe's network sees of photographs.
func (o options) seen(ctx context.Context, l sdt.Labelled, err error) (sdt.Labelled, error) {
	if err != nil || o.recipe.sees == nil {
		return l, err
	}
	if l, err = o.recipe.sees(ctx, o, l); err != nil {
		return l, fmt.Errorf("%s of %s: %w", o.recipe.title, l.Domain, err)
	}
	return l, nil
}

// startingWeights returns the weights with which the recipe's network starts, nil for random ones.
func (o options) startingWeights() (*network.Weights, error) {
	if o.recipe.weights == nil {
		return nil, nil
	}
	return o.recipe.weights(o)
}

// recipes are the choices of -network. caffenet is the paper's, by Config's zero value; the
// small ones, for machines without a GPU, also start at random, but all their layers are
// new.
var recipes = map[string]recipe{
	"caffenet": {title: "CaffeNet from random weights", folder: datasets.FolderConfig{Width: 256},
		config: sdt.Config{Network: network.CaffeNet, Crop: 227, Mirror: true}},
	"convnet": {title: "ConvNet from random weights", folder: datasets.FolderConfig{Width: 32}, config: small(network.ConvNet)},
	"lenet":   {title: "LeNet from random weights", folder: datasets.FolderConfig{Width: 28, Grey: true}, config: small(network.LeNet)},
}

// small returns the configuration of a small network. λ, ν and τ are the paper's.
func small(n network.Network) sdt.Config {
	return sdt.Config{Network: n, Mirror: true, LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, DomainRate: 0.05,
		Policy: sdt.Step, PretrainSteps: 200, AdaptSteps: 200}
}

// frozenHead returns the configuration of a head behind a trunk that no training moves. λ, ν and
// τ are the paper's. The features of a trunk have a mean square near 0.2, so that a rate of 0.01
// needs 200 steps.
func frozenHead() sdt.Config {
	return sdt.Config{Network: network.Head(256), LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, SourceBatch: 32, TargetBatch: 32,
		PretrainSteps: 200, AdaptSteps: 200}
}
