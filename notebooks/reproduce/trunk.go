package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// trunk is the part of a network for photographs that no training moves. What comes out of it is
// computed once for each photograph, when the first cell needs it, and the cells train what
// follows.
type trunk struct {
	network network.Network
	freeze  string // the last block of the network that belongs to the trunk
	shape   []int  // of what it returns for a photograph
	crop    int    // side of the square in the middle of a photograph that it sees
	read    func(path string) (*network.Weights, error)
	obtain  string // where its weights are from
}

// outputs returns what comes out of the trunk for each photograph. A lab computes it and keeps it
// in its run directory. The lab is of the trunk alone and takes one step of a classifier that
// nothing uses, because a lab has the features of a network that was trained.
func (t trunk) outputs(ctx context.Context, o options, l sdt.Labelled) (sdt.Labelled, error) {
	all, err := t.weights(o)
	if err != nil {
		return l, err
	}
	before, _, err := t.network.After(t.freeze)
	if err != nil {
		return l, err
	}
	target := l
	target.Domain += ", the same" // a task has two domains
	task := sdt.Task{Name: l.Domain, Sources: []sdt.Labelled{l}, Test: target}
	dir := filepath.Join(o.dir, "trunk-"+slug(l.Domain))
	lab, err := o.open(dir, task, sdt.Config{Method: sdt.SourceOnly, Network: slices.Concat(before, network.Flatten()),
		Freeze: t.freeze, Pretrained: ofBlocks(all, before), Crop: t.crop, CachedCuts: sdt.Off, SourceBatch: 1, PretrainSteps: 1})
	if err != nil {
		return l, err
	}
	// One process at a time: another shard that needs the same photographs waits for them.
	lock := flock.New(filepath.Join(dir, "outputs.lock"))
	if _, err := lock.TryLockContext(ctx, time.Second); err != nil {
		return l, err
	}
	defer lock.Unlock()
	bar := sdt.Bar(o.log)
	lab.OnProgress = func(p sdt.Progress) {
		if p.Stage == "frozen" {
			bar(p)
		}
	}
	m, err := lab.Pretrain(ctx)
	if err != nil {
		return l, err
	}
	values, d, err := lab.FeaturesOf(ctx, m, l.Examples)
	if err != nil {
		return l, err
	}
	out := l
	out.Pixels, out.Values, out.Shape = nil, values, t.shape
	if d != out.Size() {
		return l, fmt.Errorf("block %s returns %d numbers, want shape %v", t.freeze, d, t.shape)
	}
	return out, nil
}

// rest returns what follows the trunk in its network.
func (t trunk) rest() network.Network {
	_, after, err := t.network.After(t.freeze)
	if err != nil {
		panic(err) // a recipe is wrong
	}
	return after
}

// weights reads the weights of the network.
func (t trunk) weights(o options) (*network.Weights, error) {
	if o.weights == "" {
		return nil, fmt.Errorf("it needs weights: give -weights FILE: %s", t.obtain)
	}
	return t.read(o.weights)
}

// restWeights returns the weights with which what follows the trunk starts.
func (t trunk) restWeights(o options) (*network.Weights, error) {
	all, err := t.weights(o)
	if err != nil {
		return nil, err
	}
	return ofBlocks(all, t.rest()), nil
}

// ofBlocks returns the weights of some blocks of a network, whose variables are under their names.
func ofBlocks(all *network.Weights, blocks network.Network) *network.Weights {
	part := *all
	part.Values = maps.Clone(all.Values)
	for path := range all.Values {
		block, _, _ := strings.Cut(path, "/")
		if !slices.ContainsFunc(blocks, func(b network.Block) bool { return b.Name == block }) {
			delete(part.Values, path)
		}
	}
	return &part
}
