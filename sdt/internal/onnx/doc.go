// Package onnx writes GoMLX graphs as ONNX models, for any number of rows in a batch.
//
// GoMLX's own exporter, ml/model/onnx of version 0.28, saves what its ONNX Runtime back end
// has compiled. It needs that library and the build tag onnx, writes a model for one number
// of rows only, and no metadata. This package needs neither: a graph is built on a back end
// that records operations and computes nothing.
//
//	record       the back end that records a graph
//	elementwise  operations on numbers; rearrange, on shapes; reduce, sums and maxima
//	product      products of matrices; convolve, convolutions and pooling
//	rows         which sizes grow with the batch: two recordings compared
//	fold         weights in the layout that operators want
//	encode       a recording as the bytes of an ONNX file; message, the encoding of its parts
package onnx
