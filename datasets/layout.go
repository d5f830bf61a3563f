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

// plainName returns the letters and digits of a name, in lower case. Copies of a set differ in
// capitals and in the marks between words; their plain names are equal.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// wrapping are the plain names of folders that may lie between a set's directory and its
// domains or files. Names must match completely: longer names are other sets, such as
// Fashion-MNIST, with the same file names as MNIST, or Office-31's features, with the same
// domains as Office-31.
var wrapping = map[string][]string{
	"mnist": {"mnist", "raw", // torchvision: MNIST/raw
		"mnistdata", "mnistdataset"}, // TensorFlow's first tutorials; mirrors
	"usps": {"usps", "raw", "uspsdata", "uspsdataset"},
	"office-31": {"office31", "office", "domainadaptationimages", // the archive itself
		"office31rawimage", "office31dataset", "office31images", "originalimages", "images"}, // copies of it
	"office-caltech-10": {"officecaltech10", "officecaltech", "office10",
		"officecaltech10dataset", "officecaltechdomainadaptation", "originalimages", "images"},
}

// wraps reports whether a folder with this name may hold a set.
func wraps(set, name string) bool { return slices.Contains(wrapping[set], plainName(name)) }

// mostWrapped is how many folders may wrap one another: mnist/MNIST/raw.
const mostWrapped = 3

// placesOf returns the folders in which a set may lie, by depth: [0] is dir, [1] the folders
// in it that may wrap the set, and so on.
func placesOf(set, dir string) [][]string {
	places := [][]string{{dir}}
	for range mostWrapped {
		var below []string
		for _, place := range places[len(places)-1] {
			entries, _ := os.ReadDir(place) // errors are reported when the domains are read
			for _, e := range entries {
				if path := filepath.Join(place, e.Name()); wraps(set, e.Name()) && !passedOver(e.Name(), true) && isFolder(path) {
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

// distinct omits paths that lead, through a link, to the same file or folder as an earlier one.
func distinct(paths []string) (kept []string) {
	var infos []os.FileInfo
	for _, path := range paths {
		info, err := os.Stat(path)
		if err == nil && slices.ContainsFunc(infos, func(other os.FileInfo) bool { return os.SameFile(info, other) }) {
			continue
		}
		kept, infos = append(kept, path), append(infos, info)
	}
	return kept
}

// notOne returns the error for a set, or a part of one, that was found more than once.
func notOne(found []string) error {
	return fmt.Errorf("found both %s and %s: name the directory of the one to use", shown(found[0]), shown(found[1]))
}

// domainFolder returns the folder of a domain's classes: the nearest folder to dir with the
// domain's name, or the folder called images in it; "" if there is none. Two that are
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
		found = distinct(found)
		switch {
		case len(found) > 1:
			return "", fmt.Errorf("domain %s: %w", domain, notOne(found))
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

// namedLike returns the first file in a folder, or in a sub-folder with the file's own name,
// that ends with end and otherwise has the same plain name as name; "" if there is none.
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

// idxFile returns the path of a file of digits in a folder: train-images-idx3-ubyte is also
// called train-images.idx3-ubyte, plain or .gz, and may lie in a folder with its own name. A
// plain file is preferred to a gzipped one; "" if there is none.
func idxFile(place, name string) string {
	for _, end := range []string{"", ".gz"} {
		if path := namedLike(place, name, end); path != "" {
			return path
		}
	}
	return ""
}

// digitFiles are the images and the labels of one half of a set of digits; "" for a missing file.
type digitFiles struct{ images, labels string }

// findHalf returns the two files of a half. They must lie in one folder, since files in another
// folder may belong to another set. The nearest folder that has both is used; two that are
// equally near are an error. If no folder has both, the result is the nearest one file.
func findHalf(set, dir, images, labels string) (digitFiles, error) {
	var parted digitFiles
	for _, level := range placesOf(set, dir) {
		var whole []digitFiles
		for _, place := range level {
			switch found := (digitFiles{idxFile(place, images), idxFile(place, labels)}); {
			case found.images != "" && found.labels != "":
				whole = append(whole, found)
			case parted == digitFiles{}:
				parted = found
			}
		}
		if len(whole) == 0 {
			continue
		}
		var found []string
		for _, h := range whole {
			found = append(found, h.images)
		}
		if found = distinct(found); len(found) > 1 {
			return digitFiles{}, notOne(found)
		}
		return whole[0], nil
	}
	return parted, nil
}

// readDigits reads one half of a set of digits; false if neither of its files exists.
func readDigits(set, dir, name string) (sdt.Labelled, bool, error) {
	images, labels := name+"-images-idx3-ubyte", name+"-labels-idx1-ubyte"
	found, err := findHalf(set, dir, images, labels)
	switch {
	case err != nil:
		return sdt.Labelled{}, true, err
	case found == digitFiles{}:
		return sdt.Labelled{}, false, nil
	case found.images == "":
		return sdt.Labelled{}, true, fmt.Errorf("%s has no %s beside it: put both in one folder", shown(found.labels), images)
	case found.labels == "":
		return sdt.Labelled{}, true, fmt.Errorf("%s has no %s beside it: put both in one folder", shown(found.images), labels)
	}
	l, err := ReadIDXPair(set, found.images, found.labels)
	return l, true, err
}

// packed returns the archives in a directory.
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
