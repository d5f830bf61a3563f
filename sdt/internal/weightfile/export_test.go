package weightfile

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Files of seeded weights of full size, for tests that compute with them.

// NoiseCaffeNet returns a .caffemodel file in the form of the reference CaffeNet's.
func NoiseCaffeNet() []byte { return caffeForm{v1: true, old: true}.file(CaffeNet.noiseTensors()) }

// NoiseAlexNet returns a .safetensors file of torchvision's AlexNet.
func NoiseAlexNet(t *testing.T) []byte { return safetensorsFile(t, AlexNet.noiseTensors(), false) }

// Variables returns the shapes of a network's variables, by path, according to the table of its
// layers.
func (o Origin) Variables() map[string][]int {
	all := map[string][]int{}
	for _, v := range o.variables() {
		all[v.path] = v.ours
	}
	return all
}

// noiseTensors returns tensors for all of a network's layers, and a classifier of ten: seeded,
// uniform, of a size that preserves the magnitude of the activations (He et al., 2015).
func (o Origin) noiseTensors() (all []fileTensor) {
	rng := rand.NewPCG(20, 15)
	uniform := func(n int, most float64) []float32 {
		flat := make([]float32, n)
		for i := range flat {
			flat[i] = float32(most * (2*float64(rng.Uint64()>>11)/(1<<53) - 1))
		}
		return flat
	}
	for _, l := range append(slices.Clone(o.layers), foreignLayer{theirs: o.classifier, out: 10, in: 4096, side: 1, dense: true}) {
		seen := l.in * l.side * l.side
		all = append(all, fileTensor{l.theirs + o.weights, l.shape(), uniform(l.out*seen, math.Sqrt(6/float64(seen)))},
			fileTensor{l.theirs + o.biases, []int{l.out}, uniform(l.out, 0.1)})
	}
	return all
}
