package sdt

import (
	"math"
	"math/rand/v2"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// blobs draws a transfer problem with a known solution: K classes at the corners of a simplex,
// with Gaussian noise, the target shifted along one more axis and slightly rotated. If half is
// set, only the first half of the classes have perTarget labelled target examples.
func blobs(seed uint64, classes, perClass, perTarget int, half bool) Task {
	rng := rand.New(rand.NewPCG(seed, 7))
	d := classes + 1
	draw := func(domain string, n int, shift float64, keep func(int) bool) Labelled {
		l := Labelled{Examples: Examples{Domain: domain, Shape: []int{d}}}
		for k := range classes {
			l.Classes = append(l.Classes, string(rune('a'+k)))
		}
		for k := range classes {
			if !keep(k) {
				continue
			}
			for range n {
				row := make([]float32, d)
				for j := range row {
					row[j] = float32(0.4 * rng.NormFloat64())
				}
				row[k] += float32(2 * math.Cos(shift/4))
				row[(k+1)%classes] += float32(2 * math.Sin(shift/4))
				row[classes] += float32(shift)
				l.Values = append(l.Values, row...)
				l.Labels = append(l.Labels, int32(k))
			}
		}
		return l
	}
	all := func(int) bool { return true }
	task := Task{Name: "blobs", Sources: []Labelled{draw("source", perClass, 0, all)}}
	task.Target = draw("target", perTarget, 2, func(k int) bool { return !half || k < classes/2 })
	task.Unlabelled = draw("target", perClass, 2, all).Examples
	task.Test = draw("target", perClass, 2, all)
	if half {
		for k := classes / 2; k < classes; k++ {
			task.HeldOut = append(task.HeldOut, k)
		}
	}
	return task
}

// quick returns a configuration that trains on blobs in a second.
func quick(method Method) Config {
	return Config{Method: method, Network: network.Head(16), SourceBatch: 16, TargetBatch: 16, LearningRate: 0.05,
		NewLayerRate: 1, PretrainSteps: 60, AdaptSteps: 60, Lambda: 0.1, Policy: Constant, Seed: 3}
}

// quickNetwork is a network for blobs that differs from quick's.
var quickNetwork = network.Head(8)
