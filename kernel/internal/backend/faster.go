package backend

import (
	"fmt"
	"strings"
)

// Faster returns what to set for a back end that is here and faster than the pure Go
// one, "" if one is set or none is here.
func Faster(w Where, getenv func(string) string) string {
	if getenv("GOMLX_BACKEND") != "" {
		return ""
	}
	all := Find(w, getenv)
	last := all[len(all)-1]
	if last.Name == "go" {
		return ""
	}
	return fmt.Sprintf("computing on pure Go; the faster back end %s is here too: export %s", last.Name, strings.Join(last.Setting.Environ(), " "))
}
