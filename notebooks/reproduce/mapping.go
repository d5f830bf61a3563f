package main

import (
	"fmt"
	"os"
	"strings"
)

// readMapping reads the source class of each target class, a line each,
//
//	target class = source class
//
// with spaces around the sign; names may contain spaces too. Blank lines and lines that
// begin with "#" are skipped. Any other line, or a target class named twice, is an error
// that says where.
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
			return nil, fmt.Errorf("%s:%d: class %q is listed twice", path, n, target)
		}
		classes[target] = source
	}
	return classes, nil
}
