package backend

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/internal/measured"
)

// Unmeasured names installed back ends that are not considered when the fastest is chosen,
// because they were not measured on this machine, in a sentence that says how to; "" if there is
// none, or a back end is set.
func Unmeasured(w Where, getenv func(string) string) string {
	if getenv("GOMLX_BACKEND") != "" {
		return ""
	}
	times, err := measured.Read(w.Cache)
	if err != nil {
		return err.Error()
	}
	var names []string
	for _, b := range Find(w, getenv) {
		if b.Name != "go" && !slices.ContainsFunc(times, func(m measured.BackEnd) bool { return m.Name == b.Name }) {
			names = append(names, b.Name)
		}
	}
	if names == nil {
		return ""
	}
	return fmt.Sprintf("installed, but not measured here: %s; go run ./kernel doctor measures it, and the fastest back end is used from then on", strings.Join(names, ", "))
}
