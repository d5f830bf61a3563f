// Package layer has network layers that train on every back end. It has its own forms of
// those that are slow in GoMLX on some back end, or have no gradient there.
//
//	convolve   two-dimensional convolution; depthwise and pointwise, two kinds of it
//	norm       a batch norm frozen at its statistics
//	pool       max pooling; sum, adding images, and their mean
//	given      convolution with weights that are nodes already; padding and mean pooling
//	dense      a fully connected layer
//	relu, lrn  rectified units, relu6 with a limit; local response normalisation
//	planes     the layout in which the pure Go back end computes images
//	gradient   a custom gradient in place of the derived one
package layer
