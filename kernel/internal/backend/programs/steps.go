//go:build ignore

// Program steps times a step of training on the back end that GOMLX_BACKEND names: of ConvNet
// on images [32, 32, 3] and of Head(4096) on features [4096], 64 source and 64 target examples
// each. It prints the two medians in seconds.
package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

const (
	classes = 31
	warm    = 5 // steps that are not counted: the first ones compile
	counted = 15
)

func main() {
	if err := measure(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func measure() error {
	images, err := step(network.ConvNet, 32, 32, 3)
	if err != nil {
		return err
	}
	features, err := step(network.Head(4096), 4096)
	if err != nil {
		return err
	}
	fmt.Printf("%.4g %.4g\n", images, features)
	return nil
}

// step returns the median of the times between steps of an adaptation to noise, in seconds.
func step(net network.Network, shape ...int) (float64, error) {
	dir, err := os.MkdirTemp("", "steps")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	source, target := noise("source", shape), noise("target", shape)
	task := sdt.Task{Name: "noise", Sources: []sdt.Labelled{source}, Target: target, Unlabelled: target.Examples, Test: target}
	lab, err := sdt.Open(dir, task, sdt.Config{Network: net, LearningRate: 1e-6, PretrainSteps: 1, AdaptSteps: warm + counted})
	if err != nil {
		return 0, err
	}
	ctx := context.Background()
	pretrained, err := lab.Pretrain(ctx)
	if err != nil {
		return 0, err
	}
	soft, err := lab.SoftLabels(ctx, pretrained)
	if err != nil {
		return 0, err
	}
	var at []time.Time
	lab.OnProgress = func(p sdt.Progress) { at = append(at, time.Now()) }
	if _, err := lab.Adapt(ctx, pretrained, soft); err != nil {
		return 0, err
	}
	var took []float64
	for i := warm; i < len(at); i++ {
		took = append(took, at[i].Sub(at[i-1]).Seconds())
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// noise returns two random examples of each class.
func noise(domain string, shape []int) sdt.Labelled {
	rng := rand.New(rand.NewPCG(1, 2))
	all := sdt.Labelled{Examples: sdt.Examples{Domain: domain, Shape: shape}}
	for k := range classes {
		all.Classes = append(all.Classes, fmt.Sprint("class ", k))
		all.Labels = append(all.Labels, int32(k), int32(k))
	}
	for range len(all.Labels) * all.Size() {
		if len(shape) == 3 {
			all.Pixels = append(all.Pixels, uint8(rng.IntN(256)))
		} else {
			all.Values = append(all.Values, rng.Float32())
		}
	}
	return all
}
