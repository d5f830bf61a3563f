package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// cappedNotes names the classes with fewer examples than the protocol requires, such as
// DSLR's 7 rulers of 8, and how many were taken: one sentence, or none.
func cappedNotes(results []result) []string {
	there := map[string]bool{}
	for _, r := range results {
		for class, n := range r.Split.Capped {
			there[fmt.Sprintf("%s %d", class, n)] = true
		}
	}
	if len(there) == 0 {
		return nil
	}
	return []string{"Classes with fewer examples than the protocol asks for, and how many were taken: " + strings.Join(slices.Sorted(maps.Keys(there)), ", ") + "."}
}
