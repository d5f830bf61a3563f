package main

import (
	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// recipe is a network for photographs, with the configuration that trains it.
type recipe struct {
	title  string // in keys and headings; says how the weights start
	folder datasets.FolderConfig
	config sdt.Config
}

// recipes are the choices of -network. caffenet is the paper's, by Config's zero value; the
// small ones, for machines without a GPU, also start at random, but all their layers are
// new.
var recipes = map[string]recipe{
	"caffenet": {"CaffeNet from random weights", datasets.FolderConfig{Width: 256},
		sdt.Config{Network: network.CaffeNet, Crop: 227, Mirror: true}},
	"convnet": {"ConvNet from random weights", datasets.FolderConfig{Width: 32}, small(network.ConvNet)},
	"lenet":   {"LeNet from random weights", datasets.FolderConfig{Width: 28, Grey: true}, small(network.LeNet)},
}

// small returns the configuration of a small network. λ, ν and τ are the paper's.
func small(n network.Network) sdt.Config {
	return sdt.Config{Network: n, Mirror: true, LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, DomainRate: 0.05,
		Policy: sdt.Step, PretrainSteps: 200, AdaptSteps: 200}
}
