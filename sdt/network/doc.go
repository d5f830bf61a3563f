// Package network has the networks that build the representation f(x; θ_repr), and the
// weights of those that others have trained.
//
//	network    what a network is; size, what it says of examples that it does not take
//	lenet      for digits
//	convnet    for small colour images
//	caffenet   the paper's, for photographs; alexnet, torchvision's
//	head       for features that were computed before
//	weights    of CaffeNet and AlexNet, from the files of their homes
package network
