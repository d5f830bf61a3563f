package sdt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// sizeAdvice says what the examples are that a network does not accept, and everything that
// must be set or done so that the lab opens.
func sizeAdvice(e *network.SizeError, shape []int, crop int) error {
	seen := cut{crop: crop}.shape(shape)
	given := "the task's are " + dimensionsText(seen)
	if len(seen) == 1 {
		given = fmt.Sprintf("the task's examples are features, %d numbers each", seen[0])
		if seen[0] == 1 {
			given = "the task's examples are features, one number each"
		}
	}
	if crop > 0 {
		given += fmt.Sprintf(" after Crop %d", crop)
	}
	flat := fmt.Sprintf("flatten them to one row of %d", Examples{Shape: seen}.Size())
	var advice string
	switch {
	case e.Want == nil && len(seen) == 3:
		advice = "choose a network for images, such as ConvNet or CaffeNet"
		if slices.Equal(seen, []int{28, 28, 1}) {
			advice = "choose a network for images, such as LeNet"
		}
	case e.Want == nil:
		advice = flat
	case len(seen) == 1:
		advice = "choose Head, the network for features"
	case slices.Equal(append(slices.Clone(seen), 1), e.Want):
		advice = "give them the shape " + dimensionsText(e.Want)
	case len(seen) != 3:
		advice = flat + " and choose Head, the network for features"
	default:
		advice = imageAdvice(e.Want, seen, shape, crop)
	}
	return fmt.Errorf("%w, %s: %s", e, given, advice)
}

// imageAdvice says how to turn images of a shape, of which a network sees a part, into the
// shape that it needs.
func imageAdvice(want, seen, shape []int, crop int) string {
	var steps []string
	if side := want[0]; seen[0] != side || seen[1] != side {
		small := min(shape[0], shape[1]) < side
		if small {
			steps = append(steps, fmt.Sprintf("read them at %d×%d (FolderConfig.Width)", side, side))
		}
		switch {
		case crop > 0 && (small || shape[0] == side && shape[1] == side):
			steps = append(steps, "set Crop to 0")
		case !small:
			steps = append(steps, fmt.Sprintf("set Crop to %d", side))
		}
	}
	switch {
	case want[2] == seen[2]:
	case want[2] == 1:
		steps = append(steps, "read them in grey (FolderConfig.Grey)")
	default:
		steps = append(steps, "read them in colour")
	}
	return strings.Join(steps, " and ")
}

// dimensionsText writes {224, 224, 3} as 224×224×3.
func dimensionsText(shape []int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(shape), "[]"), " ", "×")
}
