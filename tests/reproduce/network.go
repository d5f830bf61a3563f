package main

import (
	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
)

// network is one that learns from photographs, with what it is trained by.
type network struct {
	title  string // in keys and headings; says what the weights start from
	folder datasets.FolderConfig
	config sdt.Config
}

// networks are the choices of -network. caffenet is the paper's, by Config's zero value;
// the small ones, for machines without a GPU, start at random like it, but all their
// layers are new.
var networks = map[string]network{
	"caffenet": {"CaffeNet from random weights", datasets.FolderConfig{Width: 256},
		sdt.Config{Network: sdt.CaffeNet, Crop: 227, Mirror: true}},
	"convnet": {"ConvNet from random weights", datasets.FolderConfig{Width: 32}, small(sdt.ConvNet)},
	"lenet":   {"LeNet from random weights", datasets.FolderConfig{Width: 28, Grey: true}, small(sdt.LeNet)},
}

// small is the configuration of a small network. λ, ν and τ are the paper's.
func small(n sdt.Network) sdt.Config {
	return sdt.Config{Network: n, Mirror: true, LearningRate: 0.01, NewLayerRate: 1, BiasRate: 1, DomainRate: 0.05,
		Policy: sdt.Step, PretrainSteps: 200, AdaptSteps: 200}
}
