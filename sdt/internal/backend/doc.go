// Package backend opens the requested GoMLX back end, and tells which one a graph runs on:
// some layers and products have forms that one back end computes faster, or that only it
// computes. The file choose picks a back end where none is requested.
package backend
