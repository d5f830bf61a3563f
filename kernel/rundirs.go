package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// checkRunDir returns an error unless dir holds results of sdt, as a run directory does.
// The error names the folders within dir that do.
func checkRunDir(dir string) error {
	if dir == "" {
		return errors.New("run directory: the name is empty")
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("run directory: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("run directory: %s is a file: name the directory passed to sdt.Open", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("run directory: %w", err)
	}
	if holdsResults(entries) {
		return nil
	}
	var within []string
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if inside, err := os.ReadDir(path); err == nil && holdsResults(inside) {
			within = append(within, shellQuote(path))
		}
	}
	if len(within) == 0 {
		return fmt.Errorf("run directory: %s contains no results: name the directory passed to sdt.Open", dir)
	}
	more := ""
	if n := len(within) - 3; n > 0 {
		within, more = within[:3], fmt.Sprintf(" (and %d more)", n)
	}
	return fmt.Errorf("run directory: %s is a folder of run directories: name the ones to report on: kernel report %s%s", dir, strings.Join(within, " "), more)
}

// result is the name of a result in a run directory: of a training's folder or of a record.
var result = regexp.MustCompile(`^(?:(?:pretrain|adapt)-[0-9a-f]{16}|(?:soft|evaluate)-[0-9a-f]{16}\.json)$`)

// holdsResults reports whether a folder's entries are named like results of a run.
func holdsResults(entries []os.DirEntry) bool {
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool { return result.MatchString(e.Name()) })
}
