package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// checkOut returns an error unless the folder given with -o is one, or can be made.
func checkOut(out string) error { return checkFolder("-o", out) }

// checkFolder is checkOut for a flag.
func checkFolder(flag, out string) error {
	if out == "" {
		return errors.New(flag + ": the name is empty")
	}
	given := filepath.Clean(out)
	for path := given; ; path = filepath.Dir(path) {
		info, err := os.Stat(path)
		switch {
		case err == nil && !info.IsDir() && path == given:
			return fmt.Errorf("%s %s is a file: name a folder", flag, out)
		case err == nil && !info.IsDir():
			return fmt.Errorf("%s %s: %s is a file: name a folder", flag, out, path)
		case err == nil, path == filepath.Dir(path):
			return nil
		}
	}
}
