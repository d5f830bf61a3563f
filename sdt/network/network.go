package network

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Network builds the representation f(x; θ_repr): from x [n, Shape...], float32, pixels in
// 0…255 or features unchanged, to features [n, d]. Its variables must be under scope; those
// named "weights" and "biases" get the rate factors that [Config] states. Trainable ones are
// float32. A network may do more in training than in use, such as dropout, and have variables
// that exist only there. Scaling and mean subtraction are the network's job.
//
// [LeNet], [ConvNet], [CaffeNet], [AlexNet] and [Head] are networks, and so is any function
// with this signature.
type Network func(scope *model.Scope, x *graph.Node) *graph.Node
