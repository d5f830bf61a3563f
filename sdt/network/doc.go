// Package network has the networks that build the representation f(x; θ_repr), and reads
// pretrained weights for some of them.
//
//	network    what a network is, a sequence of blocks; size, the error for examples of the wrong shape
//	lenet      for digits
//	convnet    for small colour images
//	caffenet   the paper's, for photographs; alexnet, torchvision's; efficientnet, a small one
//	head       for features that were computed before
//	flatten    features of what the first blocks of a network return
//	onnx       a model that PyTorch, timm or Keras exported
//	weights    of CaffeNet, AlexNet and EfficientNet-Lite0, from Caffe's and PyTorch's files;
//	           readweights, of any network, from our own
package network
