// Package weightfile reads and writes files of weights: our own, in the safetensors format,
// and those in which others hand around the networks that we know.
//
//	safetensors       our files; theirsafetensors, those of PyTorch
//	caffemodel        Caffe's; protobuf, what they are made of
//	onnxmodel         ONNX's; onnxexternal, numbers in a file beside it
//	read              reads the weights of a network; whole, a file of them
//	origin            where a network's layers stand in its home's files; names, under which
//	foreign           a tensor of another program's; misfit, those that do not fit
//	otherweights      what a file is that is none of these, and what to do
package weightfile
