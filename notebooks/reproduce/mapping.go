package main

import (
	"fmt"
	"os"
	"strings"
)

// readMapping reads which class of the source each class of the target is, a line each,
//
//	target class = source class
//
// with spaces around the sign; names may hold spaces themselves. Blank lines and those
// that begin with "#" are passed over. Any other line, or a target class that is named
// twice, is an error that says where.
func readMapping(path string) (map[string]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	classes := map[string]string{}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		target, source, ok := strings.Cut(line, " = ")
		target, source = strings.TrimSpace(target), strings.TrimSpace(source)
		if !ok || target == "" || source == "" {
			return nil, fmt.Errorf("%s:%d: %q: want target class = source class", path, n, line)
		}
		if _, twice := classes[target]; twice {
			return nil, fmt.Errorf("%s:%d: class %q a second time", path, n, target)
		}
		classes[target] = source
	}
	return classes, nil
}
