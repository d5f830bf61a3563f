package sdt

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/support/exceptions"
)

// missized says that a network does not take examples of the shape that it is given.
type missized struct {
	network string
	want    []int // height, width, channels; nil: features
}

func (e *missized) Error() string { return e.network + " wants " + e.wants() }

func (e *missized) wants() string {
	if e.want == nil {
		return "features, one row of numbers for each example"
	}
	return "images of " + dimensionsText(e.want)
}

// needImages has a network refuse a batch x that is not [n, side, side, channels].
func needImages(network string, x *graph.Node, side, channels int) {
	want := []int{side, side, channels}
	if d := x.Shape().Dimensions; len(d) != 4 || !slices.Equal(d[1:], want) {
		panic(&missized{network, want})
	}
}

// needFeatures has a network refuse a batch x that is not [n, D].
func needFeatures(network string, x *graph.Node) {
	if x.Rank() != 2 {
		panic(&missized{network, nil})
	}
}

// advised says what an example is that a network does not take, and what to set.
func (e *missized) advised(shape []int, crop int) error {
	seen := cut{crop: crop}.shape(shape)
	given := "the task's are " + dimensionsText(seen)
	if len(seen) == 1 {
		given = fmt.Sprintf("the task's examples are features, %d numbers each", seen[0])
	}
	if crop > 0 {
		given += fmt.Sprintf(" after Crop %d", crop)
	}
	var advice string
	switch {
	case e.want == nil && len(seen) == 3:
		advice = "choose a network for images, such as ConvNet or CaffeNet"
	case e.want == nil || len(seen) != 3:
		advice = "choose Head, the network for features"
	default:
		var steps []string
		if side := e.want[0]; seen[0] != side || seen[1] != side {
			switch {
			case shape[0] == side && shape[1] == side:
				steps = append(steps, "set Crop to 0")
			case min(shape[0], shape[1]) >= side:
				steps = append(steps, fmt.Sprintf("set Crop to %d", side))
			default:
				steps = append(steps, fmt.Sprintf("read them at %d×%d (FolderConfig.Width)", side, side))
			}
		}
		if e.want[2] != seen[2] {
			switch e.want[2] {
			case 1:
				steps = append(steps, "read them in grey (FolderConfig.Grey)")
			default:
				steps = append(steps, "read them in colour")
			}
		}
		advice = strings.Join(steps, " and ")
	}
	return fmt.Errorf("%w, %s: %s", e, given, advice)
}

// dimensionsText writes {224, 224, 3} as 224×224×3.
func dimensionsText(shape []int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(shape), "[]"), " ", "×")
}

// build runs what builds a graph on examples of the task, and returns what went wrong.
func (l *Lab) build(graphs func()) error {
	shape := l.task.Sources[0].Shape
	err := exceptions.TryCatch[error](graphs)
	if e := new(missized); errors.As(err, &e) {
		return fmt.Errorf("network: %w", e.advised(shape, l.config.Crop))
	}
	if err != nil {
		return fmt.Errorf("network on examples of shape %v: %w", cut{crop: l.config.Crop}.shape(shape), firstLine(err))
	}
	return nil
}
