// Package onnxnet builds GoMLX graphs of ONNX models of image networks, in parts, with weights
// that can be trained.
//
//	model       a model from its input to its features; input, the images that it takes
//	order       the nodes that lead to the features, in an order in which they can be computed
//	division    the tensors at which the model can be divided; blocks, its parts
//	classifier  where the features are; features, these as [n, d]
//	weights     which numbers are weights, and the names of their variables
//	build       builds a part, node after node; value, what is known of a tensor meanwhile
//	operators   the table of all operators; attributes, of nodes
//	constants   nodes of which no input varies: shapes and indices
//	convolution, pool, window  windows over images
//	product, norm, elementwise  matrix products, normalisation, operators on single numbers
//	layout, shapes  operators that move numbers
package onnxnet
