// Package layer has layers of networks that train on every back end: forms of their own
// where GoMLX's are slow there, or have no gradient.
//
//	convolve   two-dimensional convolution
//	pool       max pooling
//	dense      a fully connected layer
//	relu, lrn  rectified units; local response normalisation
//	planes     the layout in which the pure Go back end computes images
//	gradient   a gradient of one's own in the place of the derived one
package layer
