package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// checkOut returns an error unless the folder given with -o is one, or can be made.
func checkOut(out string) error {
	if out == "" {
		return errors.New("-o: the name is empty")
	}
	given := filepath.Clean(out)
	for path := given; ; path = filepath.Dir(path) {
		info, err := os.Stat(path)
		switch {
		case err == nil && !info.IsDir() && path == given:
			return fmt.Errorf("-o %s is a file: name a folder", out)
		case err == nil && !info.IsDir():
			return fmt.Errorf("-o %s: %s is a file: name a folder", out, path)
		case err == nil, path == filepath.Dir(path):
			return nil
		}
	}
}
