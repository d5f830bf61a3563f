package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// point is a point of a sweep's grid: a value for each parameter, as it is typed for kernel
// run, in the order of the sweep's.
type point []parameter

// mostPoints bounds a grid: 1..1000000000 is a slip.
const mostPoints = 10_000

// grid returns the product of the values of parameters that were typed as name=values, the
// last one changing fastest.
func grid(nb *nbformat.Notebook, typed []parameter) ([]point, error) {
	points := []point{nil}
	for _, p := range typed {
		v, err := named(nb, p.name)
		if err != nil {
			return nil, err
		}
		all, err := v.values(p.words[0])
		if err != nil {
			return nil, err
		}
		if len(points)*len(all) > mostPoints {
			return nil, fmt.Errorf("%s: the grid has more than %d points", p.name, mostPoints)
		}
		var more []point
		for _, at := range points {
			for _, value := range all {
				more = append(more, append(slices.Clip(at), parameter{name: p.name, words: []string{value}}))
			}
		}
		points = more
	}
	return points, nil
}

// interval matches whole numbers from one to another.
var interval = regexp.MustCompile(`^(-?[0-9]+)\.\.(-?[0-9]+)$`)

// values reads the values typed for a variable: with commas between them, and of numbers also
// 1..5. A list is one value, with all its words.
func (v variable) values(typed string) (all []string, err error) {
	words, err := fields(typed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", v.name, err)
	}
	if v.kind == list {
		return []string{typed}, nil
	}
	if len(words) == 0 {
		words = []string{""}
	}
	for _, w := range words {
		each := []string{w}
		if ends := interval.FindStringSubmatch(w); ends != nil && (v.kind == whole || v.kind == number) {
			if each, err = counted(ends[1], ends[2]); err != nil {
				return nil, fmt.Errorf("%s: %w", v.name, err)
			}
		}
		all = append(all, each...)
	}
	seen := map[string]bool{}
	for _, value := range all {
		code, err := v.code([]string{value})
		if err != nil {
			return nil, err
		}
		if seen[code] {
			return nil, fmt.Errorf("%s: the value %s is there twice", v.name, value)
		}
		seen[code] = true
	}
	return all, nil
}

// counted returns the whole numbers from one to another, which is included.
func counted(from, to string) (all []string, err error) {
	low, err1 := strconv.Atoi(from)
	high, err2 := strconv.Atoi(to)
	if err1 != nil || err2 != nil || low > high || uint(high-low) >= mostPoints {
		return nil, fmt.Errorf("%s..%s: want whole numbers, the lower one first, and at most %d of them", from, to, mostPoints)
	}
	for n := low; n <= high; n++ {
		all = append(all, strconv.Itoa(n))
	}
	return all, nil
}

// longestFolder is the longest name of a point's folder: file systems allow 255 bytes.
const longestFolder = 120

// odd matches what the name of a point's folder cannot have.
var odd = regexp.MustCompile(`[^\pL\pN.,=+_-]`)

// folder returns the name of the point's folder: its parameters, by name. A name that could
// be another point's too ends in a hash.
func (at point) folder() string {
	var words []string
	for _, p := range at {
		words = append(words, p.name+"="+p.words[0])
	}
	slices.Sort(words)
	whole := strings.Join(words, ",")
	name := odd.ReplaceAllString(whole, "-")
	if len(name) > longestFolder {
		name = strings.ToValidUTF8(name[:longestFolder], "")
	}
	if name != whole {
		sum := sha256.Sum256([]byte(whole))
		name += "-" + hex.EncodeToString(sum[:4])
	}
	return name
}

// has reports whether the point sets a parameter.
func (at point) has(name string) bool {
	return slices.ContainsFunc(at, func(p parameter) bool { return p.name == name })
}

// String returns the point in words: lambda=0.1, seed=3.
func (at point) String() string {
	var words []string
	for _, p := range at {
		words = append(words, p.name+"="+p.words[0])
	}
	return strings.Join(words, ", ")
}
