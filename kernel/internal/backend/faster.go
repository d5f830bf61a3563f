package backend

import (
	"fmt"
	"strings"
)

// Faster returns what to set for an installed back end that is faster than pure Go; "" if a
// back end is already set or none is installed.
func Faster(w Where, getenv func(string) string) string {
	if getenv("GOMLX_BACKEND") != "" {
		return ""
	}
	all := Find(w, getenv)
	last := all[len(all)-1]
	if last.Name == "go" {
		return ""
	}
	return fmt.Sprintf("computing on pure Go; the faster back end %s is installed: export %s", last.Name, strings.Join(last.Setting.Environ(), " "))
}
