// Package weightfile reads and writes files of weights: our own, in the safetensors format,
// and those in which others publish the networks that we know.
//
//	safetensors       our files; own, θ_repr from one of them; theirsafetensors, PyTorch's
//	caffemodel        Caffe's; protobuf, the encoding of these
//	torchfile         PyTorch's .pth; torchdict, the tensors in it; pickle, pickleops and
//	                  pickleclass, Python's format, of which nothing is run
//	onnxmodel         ONNX's; onnxexternal, numbers in a file beside the model
//	onnxgraph         a model with its nodes; onnxnumbers, tensors of all types
//	read              reads the weights of a network; file, a file into memory
//	origin            which layers a network's file has; names, how it names them;
//	                  efficientnet, those of EfficientNet-Lite0
//	foreign           a tensor of another program's file; misfit, those that do not fit
//	otherweights      recognises other kinds of file, and says what to do
package weightfile
