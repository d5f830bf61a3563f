package datasets

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/sdtlab/sdtlab/sdt"
)

// Sets are handed around packed in other folders, under other capitals, with other marks
// between words. plainName is what names of one thing have in common: its letters and digits.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// wrapping are the plain names of folders that may lie between a set's directory and its
// domains or files; those that end in "…" only begin so.
var wrapping = map[string][]string{
	"mnist":             {"mnist…", "raw"},                                                             // torchvision: MNIST/raw
	"usps":              {"usps…", "raw"},                                                              //
	"office-31":         {"office", "office31…", "domainadaptationimages", "originalimages", "images"}, // the archive itself; copies of it
	"office-caltech-10": {"office10", "officecaltech…", "originalimages", "images"},
}

// wraps reports whether a folder of this name may hold a set.
func wraps(set, name string) bool {
	name = plainName(name)
	return slices.ContainsFunc(wrapping[set], func(known string) bool {
		beginning, open := strings.CutSuffix(known, "…")
		return name == known || open && strings.HasPrefix(name, beginning)
	})
}

// mostWrapped is how many folders may wrap one another: mnist/MNIST/raw.
const mostWrapped = 3

// placesOf returns the folders in which a set may lie, dir the first, by how deep they are:
// [0] is dir, [1] what it holds of folders that wrap the set, and so on.
func placesOf(set, dir string) [][]string {
	places := [][]string{{dir}}
	for range mostWrapped {
		var below []string
		for _, place := range places[len(places)-1] {
			entries, _ := os.ReadDir(place) // who reads the domains says what cannot be read
			for _, e := range entries {
				if path := filepath.Join(place, e.Name()); wraps(set, e.Name()) && isFolder(path) {
					below = append(below, path)
				}
			}
		}
		places = append(places, below)
	}
	return places
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// domainFolder returns the folder of a domain's classes: one of its name, or one called
// images in that, as near to dir as there is one; "" where there is none. Two that are
// equally near are an error.
func domainFolder(set, dir, domain string) (string, error) {
	names := []string{plainName(domain)}
	if domain == "caltech10" {
		names = append(names, "caltech")
	}
	for _, level := range placesOf(set, dir) {
		var found []string
		for _, place := range level {
			entries, _ := os.ReadDir(place)
			for _, e := range entries {
				if path := filepath.Join(place, e.Name()); slices.Contains(names, plainName(e.Name())) && !passedOver(e.Name(), true) && isFolder(path) {
					found = append(found, path)
				}
			}
		}
		switch {
		case len(found) > 1:
			return "", fmt.Errorf("domain %s: there are %s and %s: name the directory of the one that is meant", domain, shown(found[0]), shown(found[1]))
		case len(found) == 1:
			entries, _ := os.ReadDir(found[0])
			for _, e := range entries {
				if path := filepath.Join(found[0], e.Name()); plainName(e.Name()) == "images" && isFolder(path) {
					return path, nil
				}
			}
			return found[0], nil
		}
	}
	return "", nil
}

// idxFile returns the path of a file of digits: train-images-idx3-ubyte is called
// train-images.idx3-ubyte too, plain or .gz, and may lie in a folder of its own name. A
// plain one goes before a gzipped one; "" where there is none.
func idxFile(set, dir, name string) string {
	for _, level := range placesOf(set, dir) {
		for _, end := range []string{"", ".gz"} {
			for _, place := range level {
				if path := namedLike(place, name, end); path != "" {
					return path
				}
			}
		}
	}
	return ""
}

// namedLike returns the first file in a folder, or in one of the file's own name, whose name
// is plainly this one before its end.
func namedLike(place, name, end string) string {
	entries, _ := os.ReadDir(place)
	for _, e := range entries {
		begins, ok := strings.CutSuffix(strings.ToLower(e.Name()), end)
		if !ok || plainName(begins) != plainName(name) || passedOver(e.Name(), false) {
			continue
		}
		path := filepath.Join(place, e.Name())
		if !isFolder(path) {
			return path
		}
		if inside := namedLike(path, name, end); inside != "" {
			return inside
		}
	}
	return ""
}

// readDigits reads one half of a set of digits; false where neither of its files is there.
func readDigits(set, dir, half string) (sdt.Labelled, bool, error) {
	names := []string{half + "-images-idx3-ubyte", half + "-labels-idx1-ubyte"}
	images, labels := idxFile(set, dir, names[0]), idxFile(set, dir, names[1])
	switch {
	case images == "" && labels == "":
		return sdt.Labelled{}, false, nil
	case images == "":
		return sdt.Labelled{}, true, fmt.Errorf("%s is there, but no %s: put it beside it", shown(labels), names[0])
	case labels == "":
		return sdt.Labelled{}, true, fmt.Errorf("%s is there, but no %s: put it beside it", shown(images), names[1])
	}
	l, err := ReadIDXPair(set, images, labels)
	return l, true, err
}

// packed returns the archives that lie in a directory, where a set should.
func packed(dir string) []string {
	var archives []string
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		for _, end := range []string{".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".7z", ".rar"} {
			if strings.HasSuffix(strings.ToLower(e.Name()), end) && !passedOver(e.Name(), false) {
				archives = append(archives, shown(filepath.Join(dir, e.Name())))
			}
		}
	}
	return archives
}
