package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// parametersTag marks the cell with the values that a notebook is executed with, as in
// papermill.
const parametersTag = "parameters"

// parameter is a variable that the parameters cell declares, on its own line: a path, "" for
// none, or a list of paths, as the user of the command typed them.
type parameter struct {
	name  string
	list  bool
	paths []string
}

// code returns the value as Go code.
func (p parameter) code() string {
	var quoted []string
	for _, path := range p.paths {
		quoted = append(quoted, strconv.Quote(path))
	}
	if text := strings.Join(quoted, ", "); p.list {
		return "[]string{" + text + "}"
	} else {
		return text
	}
}

// seenFrom returns the parameter for a notebook whose cells run in another folder than the
// command.
func (p parameter) seenFrom(folder string) (parameter, error) {
	var paths []string
	for _, path := range p.paths {
		if path == "" { // none
			paths = append(paths, "")
			continue
		}
		if !filepath.IsAbs(path) {
			var err error
			if path, err = relative(folder, path); err != nil {
				return p, err
			}
		}
		paths = append(paths, filepath.ToSlash(path))
	}
	p.paths = paths
	return p, nil
}

// relative returns a path relative to a folder, with links followed: ".." is the folder
// above the one that a link leads to. It is absolute if no relative path exists.
func relative(folder, path string) (string, error) {
	folder, err1 := followed(folder)
	path, err2 := followed(path)
	if err := errors.Join(err1, err2); err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(folder, path); err == nil {
		return rel, nil
	}
	return path, nil
}

// followed returns the absolute path with links followed, as far as the path exists.
func followed(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	for at, rest := path, ""; ; at, rest = filepath.Dir(at), filepath.Join(filepath.Base(at), rest) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, rest), nil
		}
		if at == filepath.Dir(at) {
			return path, nil
		}
	}
}

// parameterize sets the values of a notebook's parameters.
func parameterize(nb *nbformat.Notebook, parameters []parameter) error {
	for _, p := range parameters {
		line := regexp.MustCompile(`(?m)^var ` + regexp.QuoteMeta(p.name) + ` = .*$`)
		set := false
		for _, c := range nb.Cells {
			if c.Tagged(parametersTag) && line.MatchString(c.Source) {
				c.Source, set = line.ReplaceAllLiteralString(c.Source, "var "+p.name+" = "+p.code()), true
			}
		}
		if !set {
			return fmt.Errorf("no cell tagged %q declares the variable %s", parametersTag, p.name)
		}
	}
	return nil
}
