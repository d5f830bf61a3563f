package sdt

import (
	"fmt"
	"strings"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// sizeAdvice says what an example is that a network does not take, and what to set.
func sizeAdvice(e *network.SizeError, shape []int, crop int) error {
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
	case e.Want == nil && len(seen) == 3:
		advice = "choose a network for images, such as ConvNet or CaffeNet"
	case e.Want == nil || len(seen) != 3:
		advice = "choose Head, the network for features"
	default:
		var steps []string
		if side := e.Want[0]; seen[0] != side || seen[1] != side {
			switch {
			case shape[0] == side && shape[1] == side:
				steps = append(steps, "set Crop to 0")
			case min(shape[0], shape[1]) >= side:
				steps = append(steps, fmt.Sprintf("set Crop to %d", side))
			default:
				steps = append(steps, fmt.Sprintf("read them at %d×%d (FolderConfig.Width)", side, side))
			}
		}
		if e.Want[2] != seen[2] {
			switch e.Want[2] {
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
