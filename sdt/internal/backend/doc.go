// Package backend opens the GoMLX back end that is asked for, and tells a graph's back end
// from the others: layers and the product have forms that one of them computes faster, or
// computes at all.
package backend
