// Package network has the networks that build the representation f(x; θ_repr), and reads
// pretrained weights for some of them.
//
//	network    what a network is, a sequence of blocks; size, the error for examples of the wrong shape
//	lenet      for digits
//	convnet    for small colour images
//	caffenet   the paper's, for photographs; alexnet, torchvision's
//	head       for features that were computed before
//	fixed      a network that no training moves
//	weights    of CaffeNet and AlexNet, from Caffe's and PyTorch's files
package network
