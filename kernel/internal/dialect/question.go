package dialect

import (
	"regexp"
	"strings"
)

// asked matches what a question can be about: a name of Go, possibly with dots, an import
// path, or a command.
var asked = regexp.MustCompile(`^(%{0,2}[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)*|"?[\w.~-]+(/[\w.~-]+)*"?|)$`)

// question reports whether a line asks about a name: ?name or name?, as in IPython. Go has
// no question mark.
func question(line string) (kind Kind, name string, ok bool) {
	line = strings.TrimSpace(line)
	name = strings.Trim(line, "?")
	marks := len(line) - len(name)
	if marks == 0 || marks > 2 || !strings.HasPrefix(line, "?") && name == "" {
		return 0, "", false
	}
	name = strings.TrimSuffix(strings.TrimSpace(name), "()")
	if !asked.MatchString(name) || strings.HasPrefix(line, "?") && strings.HasSuffix(line, "?") && name != "" {
		return 0, "", false
	}
	if marks == 2 && name != "" {
		return Source, name, true
	}
	return Help, name, true
}
