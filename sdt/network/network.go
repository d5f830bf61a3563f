package network

import (
	"fmt"
	"strings"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Network builds the representation f(x; θ_repr): from x [n, Shape...], float32, pixels in
// 0…255 or features unchanged, to features [n, d]. It is a sequence of blocks, each of which
// takes what the one before returns. Config.Freeze of package sdt names the last of the
// blocks that keep their weights.
//
// [LeNet], [ConvNet], [CaffeNet], [AlexNet], [EfficientNetLite0] and [Head] are networks, [Of] makes one of any
// function, and slices.Concat puts one behind another. A network may do more in training than
// in use, such as dropout, and have variables that exist only there. Scaling and mean
// subtraction are the network's job.
type Network []Block

// Block is a part of a network between two places where it can be divided: everything that
// follows is computed from what the block returns.
type Block struct {
	Name  string // "conv1", for example; a name occurs only once in a network
	Apply Apply
}

// Apply builds a block, or an entire network: x has shape [n, ...], and so has what it
// returns. Its variables must be under scope; those named "weights" and "biases" get the rate
// factors that Config states. Trainable ones are float32.
type Apply func(scope *model.Scope, x *graph.Node) *graph.Node

// Of returns the network of one block that a function builds.
func Of(apply Apply) Network { return Network{{Name: "network", Apply: apply}} }

// Features builds the network on x [n, Shape...], with its variables under scope, and returns
// the features [n, d].
func (n Network) Features(scope *model.Scope, x *graph.Node) *graph.Node {
	for _, b := range n {
		x = b.Apply(scope, x)
	}
	return x
}

// After divides the network behind the block of that name. The error for a name that no block
// has lists those that there are.
func (n Network) After(block string) (before, after Network, err error) {
	var names []string
	for i, b := range n {
		if b.Name == block {
			return n[: i+1 : i+1], n[i+1:], nil
		}
		names = append(names, b.Name)
	}
	return nil, nil, fmt.Errorf("the network has no block %q: it has %s", block, strings.Join(names, ", "))
}
