package weightfile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/gomlx/gomlx/core/tensors"
)

// Representation is how the paths of θ_repr's variables begin in our files.
const Representation = "/model/features/"

// ReadOwn reads θ_repr from a file of ours, that of an export or of a stage.
func ReadOwn(path string) (*Weights, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	fail := func(err error) (*Weights, error) { return nil, fmt.Errorf("read %s: %w", path, err) }
	if !isSafetensors(data) {
		if err := otherWeights(path, data, ".safetensors"); err != nil {
			return fail(err)
		}
	}
	values, metadata, err := Decode(data)
	if errors.Is(err, errNoHash) {
		return fail(fmt.Errorf("%w: another program wrote it: want a .safetensors file of Lab.Export", err))
	}
	if err != nil {
		return fail(fmt.Errorf("%w: export it again", err))
	}
	sum := sha256.Sum256(data)
	w := &Weights{Network: "a run of sdtlab", SHA256: hex.EncodeToString(sum[:]), Values: map[string]*tensors.Tensor{}}
	if blocks := metadata["network"]; blocks != "" {
		w.Network = "blocks " + blocks
	}
	for name, t := range values {
		if name, ok := strings.CutPrefix(name, Representation); ok {
			w.Values[name] = t
		}
	}
	if len(w.Values) == 0 {
		return fail(fmt.Errorf("no variable of θ_repr, %s…, is in it: want a .safetensors file of Lab.Export", Representation))
	}
	return w, nil
}
