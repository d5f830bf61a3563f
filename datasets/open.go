package datasets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// OpenConfig says how [Open] reads a set.
type OpenConfig struct {
	Domains []string     // those wanted; nil: all that are there
	Folder  FolderConfig // how images are read; Domain is set by the set
	Glyphs  GlyphsConfig // for glyphs31
	Partial bool         // accept a domain that has not the set's count of images
}

// Open reads a set of [Sets] from its directory and returns its domains by name;
// for mnist and usps these are its halves, "train" and "test", both of the domain
// "mnist" or "usps". glyphs31 is made, and needs no directory.
//
// A domain that was asked for and is not there, none at all, or one with another
// count of images or classes than the set has (unless Partial) is an error that says
// so. What cannot be read fails as [ReadFolder] and [ReadIDX] do. Nothing is
// fetched.
func Open(ctx context.Context, name, dir string, cfg OpenConfig) (map[string]sdt.Labelled, error) {
	set, err := Lookup(name)
	if err != nil {
		return nil, err
	}
	wanted := cfg.Domains
	if wanted == nil {
		wanted = slices.Sorted(maps.Keys(set.Images))
	}
	read := map[string]func(domain string) (sdt.Labelled, error){
		"mnist": func(half string) (sdt.Labelled, error) {
			return readDigits("mnist", dir, map[string]string{"train": "train", "test": "t10k"}[half])
		},
		"usps": func(half string) (sdt.Labelled, error) { return readDigits("usps", dir, "usps-"+half) },
		"office-31": func(domain string) (sdt.Labelled, error) {
			return readDomain(ctx, cfg.Folder, domain, filepath.Join(dir, domain, "images"))
		},
		"office-caltech-10": func(domain string) (sdt.Labelled, error) {
			return readDomain(ctx, cfg.Folder, domain, filepath.Join(dir, "images", domain), filepath.Join(dir, domain, "images"), filepath.Join(dir, domain))
		},
	}[name]
	if name == "glyphs31" {
		made, err := Glyphs31(cfg.Glyphs)
		if err != nil {
			return nil, err
		}
		cfg.Partial = true // Fraction was asked for
		all := map[string]sdt.Labelled{"catalogue": made.Catalogue, "dslr": made.DSLR, "webcam": made.Webcam}
		read = func(domain string) (sdt.Labelled, error) { return all[domain], nil }
	}
	domains := map[string]sdt.Labelled{}
	for _, domain := range wanted {
		count, known := set.Images[domain]
		if !known {
			return nil, fmt.Errorf("%s: no domain is called %q: there are %v", name, domain, slices.Sorted(maps.Keys(set.Images)))
		}
		l, err := read(domain)
		if errors.Is(err, fs.ErrNotExist) && cfg.Domains == nil {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if !cfg.Partial && (l.Len() != count || len(l.Classes) != set.Classes) {
			return nil, fmt.Errorf("%s: %s has %d images of %d classes here, the set %d of %d: is it whole? (Partial accepts it)",
				name, domain, l.Len(), len(l.Classes), count, set.Classes)
		}
		domains[domain] = l
	}
	if len(domains) == 0 {
		return nil, fmt.Errorf("%s: nothing of it in %s: want %s; %s", name, dir, set.Layout, set.howToGet())
	}
	return domains, nil
}

// howToGet says how the set's directory is filled.
func (s Set) howToGet() string {
	if len(s.Files) > 0 {
		return "Fetch gets its files"
	}
	return s.Obtain
}

// readDomain reads the first of the folders that exists.
func readDomain(ctx context.Context, cfg FolderConfig, domain string, dirs ...string) (sdt.Labelled, error) {
	cfg.Domain = domain
	for _, dir := range dirs {
		if _, err := os.Stat(dir); err == nil {
			return ReadFolder(ctx, dir, cfg)
		}
	}
	return sdt.Labelled{}, fmt.Errorf("domain %s: %s: %w", domain, dirs[0], fs.ErrNotExist)
}

// readDigits reads one half of a set of digits, plain files before gzipped ones.
func readDigits(domain, dir, half string) (sdt.Labelled, error) {
	find := func(name string) string {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			path += ".gz"
		}
		return path
	}
	return ReadIDXPair(domain, find(half+"-images-idx3-ubyte"), find(half+"-labels-idx1-ubyte"))
}
