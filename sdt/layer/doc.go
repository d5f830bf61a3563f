// Package layer has network layers that train on every back end. It has its own forms of
// those that are slow in GoMLX on some back end, or have no gradient there.
//
//	convolve   two-dimensional convolution
//	pool       max pooling
//	given      convolution with weights that are nodes already; padding and mean pooling
//	dense      a fully connected layer
//	relu, lrn  rectified units; local response normalisation
//	planes     the layout in which the pure Go back end computes images
//	gradient   a custom gradient in place of the derived one
package layer
