// Package onnxnet builds GoMLX graphs of ONNX models, in parts, with weights that can be
// trained.
//
//	model        a model from its input to its features
//	order        the nodes that lead there, in an order in which they can be computed
//	division     the tensors at which it can be divided
//	input        the images that it takes, and how it wants their pixels scaled
//	classifier   where the features are: what goes into the last matrix product
//	weights      which numbers are weights, and the names of their variables
//	build        builds a part: node after node
//	value        what is known of a tensor while a graph is built
//	constants    nodes without any input that varies: shapes and indices
//	convolution, pool, elementwise, layout  nodes that we build ourselves, so that they train on every back end
//	library      nodes that onnx-gomlx builds; message, how it is given them
//	features     the features as [n, d]
package onnxnet
