package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// parameter is a value for a variable that the parameters cell declares, as the user of the
// command typed it.
type parameter struct {
	name  string
	words []string // of a list, else one
	paths bool     // the words are paths
}

// assignments reads parameters typed as name=value.
func assignments(typed []string) (all []parameter, err error) {
	for _, t := range typed {
		name, value, ok := strings.Cut(t, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("-p %s: want name=value", t)
		}
		if slices.ContainsFunc(all, func(p parameter) bool { return p.name == name }) {
			return nil, fmt.Errorf("-p %s: %s is given twice", t, name)
		}
		all = append(all, parameter{name: name, words: []string{value}})
	}
	return all, nil
}

// flags returns parameters that were typed as name=value as a command's flags, each with a
// space before it.
func flags(typed []parameter) string {
	var b strings.Builder
	for _, p := range typed {
		b.WriteString(" -p " + shellQuote(p.name+"="+p.words[0]))
	}
	return b.String()
}

// assign sets the values of a notebook's parameters that were typed as name=value; of a list,
// with commas between its words.
func assign(nb *nbformat.Notebook, typed []parameter) error {
	for _, p := range typed {
		v, err := named(nb, p.name)
		if err != nil {
			return err
		}
		if v.kind == list {
			if p.words, err = fields(p.words[0]); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
		if err := parameterize(nb, []parameter{p}); err != nil {
			return err
		}
	}
	return nil
}

// seenFrom returns the parameter for a notebook whose cells run in another folder than the
// command.
func (p parameter) seenFrom(folder string) (parameter, error) {
	if !p.paths {
		return p, nil
	}
	var paths []string
	for _, path := range p.words {
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
	p.words = paths
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
		if _, err := named(nb, p.name); err != nil {
			return err
		}
		for _, v := range slices.Backward(variables(nb)) { // the places of those before stay
			if v.name != p.name {
				continue
			}
			code, err := v.code(p.words)
			if err != nil {
				return err
			}
			v.set(code)
		}
	}
	return nil
}
