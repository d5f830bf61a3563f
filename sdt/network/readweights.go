package network

import "github.com/sdtlab/sdtlab/sdt/internal/weightfile"

// ReadWeights reads θ_repr from a .safetensors file that sdt.Lab.Export wrote, or from a
// stage's weights.safetensors in a run directory, for a run with the same network. The
// classifiers in it are skipped, since the task has classes of its own.
//
// A file that another program wrote, is damaged, or has no θ_repr is an error; whether the
// variables are those of the network is checked when the lab is opened (see [Weights.Fit]).
func ReadWeights(path string) (*Weights, error) {
	return weights(weightfile.ReadOwn(path))
}
