package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx/gomlx/core/graph"
)

// SizeError reports that a network does not accept examples of the given shape. Networks
// panic with it while a graph is built.
type SizeError struct {
	Network string // its name
	Want    []int  // height, width, channels; nil: features
}

// Error names the network and the shape that it needs.
func (e *SizeError) Error() string {
	if e.Want == nil {
		return e.Network + " needs features, one row of numbers for each example"
	}
	return e.Network + " needs images of " + strings.ReplaceAll(strings.Trim(fmt.Sprint(e.Want), "[]"), " ", "×")
}

// needImages panics with a [SizeError] if batch x is not [n, side, side, channels].
func needImages(network string, x *graph.Node, side, channels int) {
	want := []int{side, side, channels}
	if d := x.Shape().Dimensions; len(d) != 4 || !slices.Equal(d[1:], want) {
		panic(&SizeError{network, want})
	}
}

// needFeatures panics with a [SizeError] if batch x is not [n, D].
func needFeatures(network string, x *graph.Node) {
	if x.Rank() != 2 {
		panic(&SizeError{network, nil})
	}
}
