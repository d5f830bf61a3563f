package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// checkRunDir returns an error unless dir holds a result of sdt's, as a run directory does:
// it says which folders within dir do.
func checkRunDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("run directory: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("run directory: %s is a file: name the directory that sdt.Open was given", dir)
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
		return fmt.Errorf("run directory: %s holds no result: name the directory that sdt.Open was given", dir)
	}
	more := ""
	if n := len(within) - 3; n > 0 {
		within, more = within[:3], fmt.Sprintf(" (and %d more)", n)
	}
	return fmt.Errorf("run directory: %s is a folder of run directories: name those that the report is to be of: kernel report %s%s", dir, strings.Join(within, " "), more)
}

// holdsResults tells whether entries of a folder are named as the results of a run are:
// pretrain-KEY, soft-KEY.json, adapt-KEY, evaluate-KEY.json.
func holdsResults(entries []os.DirEntry) bool {
	for _, e := range entries {
		name, key, found := strings.Cut(e.Name(), "-")
		switch record := strings.HasSuffix(key, ".json"); name {
		case "pretrain", "adapt":
			if found && !record {
				return true
			}
		case "soft", "evaluate":
			if found && record {
				return true
			}
		}
	}
	return false
}
