package datasets

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// OpenConfig says how [Open] reads a set.
type OpenConfig struct {
	Domains []string     // those wanted; nil: all that are there
	Folder  FolderConfig // how images are read; Domain is set by the set
	Glyphs  GlyphsConfig // for glyphs31
	Partial bool         // accept a domain that has not the set's count of images
}

// Open reads a set of [Sets] from its directory, in any of the layouts that it is handed
// around in (its Layout), or, where none is given, from $SDT_DATA, and returns its domains by name;
// for mnist and usps these are its halves, "train" and "test", both of the domain
// "mnist" or "usps". glyphs31 is made, and needs no directory.
//
// Folders that may wrap a set have names of their own, and no others are looked into, since
// another set may lie there (MNIST-M beside MNIST, features beside images). The nearest copy is
// taken; of two that are equally near none is. Images and labels of one half lie in one folder.
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
	if dir == "" && name != "glyphs31" {
		if dir, err = DataDir(""); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	wanted := cfg.Domains
	if wanted == nil {
		wanted = slices.Sorted(maps.Keys(set.Images))
	}
	read := map[string]func(domain string) (l sdt.Labelled, found bool, err error){
		"mnist": func(half string) (sdt.Labelled, bool, error) {
			return readDigits(name, dir, map[string]string{"train": "train", "test": "t10k"}[half])
		},
		"usps": func(half string) (sdt.Labelled, bool, error) { return readDigits(name, dir, "usps-"+half) },
	}[name]
	if read == nil {
		read = func(domain string) (sdt.Labelled, bool, error) { return readDomain(ctx, cfg.Folder, name, dir, domain) }
	}
	if name == "glyphs31" {
		made, err := Glyphs31(cfg.Glyphs)
		if err != nil {
			return nil, err
		}
		cfg.Partial = true // Fraction was asked for
		all := map[string]sdt.Labelled{"catalogue": made.Catalogue, "dslr": made.DSLR, "webcam": made.Webcam}
		read = func(domain string) (sdt.Labelled, bool, error) { return all[domain], true, nil }
	}
	domains := map[string]sdt.Labelled{}
	for _, domain := range wanted {
		count, known := set.Images[domain]
		if !known {
			return nil, fmt.Errorf("%s: no domain is called %q: there are %v", name, domain, slices.Sorted(maps.Keys(set.Images)))
		}
		l, found, err := read(domain)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", name, err)
		case !found && cfg.Domains == nil:
			continue
		case !found:
			return nil, fmt.Errorf("%s: no %s in %s%s: want %s%s", name, domain, shown(dir), lookedFor(name, dir, domain), set.Layout, toUnpack(dir))
		}
		if !cfg.Partial && (l.Len() != count || len(l.Classes) != set.Classes) {
			return nil, fmt.Errorf("%s: %s has %d images of %d classes here, the set %d of %d: is it whole? (Partial accepts it)",
				name, domain, l.Len(), len(l.Classes), count, set.Classes)
		}
		domains[domain] = l
	}
	if len(domains) == 0 {
		return nil, fmt.Errorf("%s: nothing of it in %s: want %s; %s%s", name, shown(dir), set.Layout, set.howToGet(), toUnpack(dir))
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

// lookedFor says where the images of a domain should be first of all.
func lookedFor(set, dir, domain string) string {
	if set == "mnist" || set == "usps" { // their halves have no folders
		return ""
	}
	folder := filepath.Join(dir, domain)
	return fmt.Sprintf(" (neither %s nor %s)", shown(filepath.Join(folder, "images")), shown(folder))
}

// toUnpack says which archives lie where a set should.
func toUnpack(dir string) string {
	if archives := packed(dir); len(archives) > 0 {
		return "; unpack what lies there (Extract does): " + strings.Join(archives, ", ")
	}
	return ""
}

// readDomain reads the folder of a domain; false where there is none.
func readDomain(ctx context.Context, cfg FolderConfig, set, dir, domain string) (sdt.Labelled, bool, error) {
	folder, err := domainFolder(set, dir, domain)
	if folder == "" || err != nil {
		return sdt.Labelled{}, false, err
	}
	cfg.Domain = domain
	l, err := ReadFolder(ctx, folder, cfg)
	return l, true, err
}
