package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx/gomlx/core/graph"
)

// SizeError says that a network does not take examples of the shape that it is given.
// Networks panic with it while a graph is built.
type SizeError struct {
	Network string // its name
	Want    []int  // height, width, channels; nil: features
}

// Error names the network and the shape that it takes.
func (e *SizeError) Error() string {
	if e.Want == nil {
		return e.Network + " wants features, one row of numbers for each example"
	}
	return e.Network + " wants images of " + strings.ReplaceAll(strings.Trim(fmt.Sprint(e.Want), "[]"), " ", "×")
}

// needImages has a network refuse a batch x that is not [n, side, side, channels].
func needImages(network string, x *graph.Node, side, channels int) {
	want := []int{side, side, channels}
	if d := x.Shape().Dimensions; len(d) != 4 || !slices.Equal(d[1:], want) {
		panic(&SizeError{network, want})
	}
}

// needFeatures has a network refuse a batch x that is not [n, D].
func needFeatures(network string, x *graph.Node) {
	if x.Rank() != 2 {
		panic(&SizeError{network, nil})
	}
}
