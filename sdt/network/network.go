package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Network builds the representation f(x; θ_repr): from x [n, Shape...], float32,
// pixels in 0…255 or features as they are, to features [n, d]. Its variables go
// under scope; those that it names "weights" and "biases" get the rate factors that
// [Config] states. Scaling and mean subtraction belong to the network.
//
// [LeNet], [ConvNet], [CaffeNet], [AlexNet] and [Head] are networks; so is any function of
// this signature.
type Network func(scope *model.Scope, x *graph.Node) *graph.Node
