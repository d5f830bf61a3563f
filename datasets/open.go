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
	Domains []string     // which domains to read; nil: all that exist
	Folder  FolderConfig // how to read images; the set provides Domain
	Glyphs  GlyphsConfig // for glyphs31
	Partial bool         // accept a domain with another number of images or classes than the set's
}

// Open reads a set of [Sets] from its directory, or from $SDT_DATA if dir is "", in any of
// the layouts in which it circulates (its Layout), and returns its domains by name. For mnist
// and usps these are the halves, "train" and "test", both of the domain "mnist" or "usps".
// glyphs31 is made, and needs no directory.
//
// Open searches only sub-folders with known names, since others may hold another set (MNIST-M
// beside MNIST, features beside images). It uses the nearest copy; two that are equally near
// are an error. The images and labels of one half must lie in one folder.
//
// It is an error if a domain in Domains does not exist, if no domain exists, or if a domain
// has another number of images or classes than the set (unless Partial). What cannot be read
// fails as in [ReadFolder] and [ReadIDX]. Nothing is fetched.
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
		cfg.Partial = true // there may be a Fraction
		all := map[string]sdt.Labelled{"catalogue": made.Catalogue, "dslr": made.DSLR, "webcam": made.Webcam}
		read = func(domain string) (sdt.Labelled, bool, error) { return all[domain], true, nil }
	}
	domains := map[string]sdt.Labelled{}
	for _, domain := range wanted {
		count, known := set.Images[domain]
		if !known {
			return nil, fmt.Errorf("%s: no domain is called %q: want one of %v", name, domain, slices.Sorted(maps.Keys(set.Images)))
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
			return nil, fmt.Errorf("%s: %s has %d images of %d classes here, want %d of %d: is it complete? (Partial accepts it)",
				name, domain, l.Len(), len(l.Classes), count, set.Classes)
		}
		domains[domain] = l
	}
	if len(domains) == 0 {
		return nil, fmt.Errorf("%s: not found in %s: want %s; %s%s", name, shown(dir), set.Layout, set.howToGet(), toUnpack(dir))
	}
	return domains, nil
}

// howToGet says how to fill the set's directory.
func (s Set) howToGet() string {
	if len(s.Files) > 0 {
		return "Fetch downloads its files"
	}
	return s.Obtain
}

// lookedFor says where the images of a domain are expected first.
func lookedFor(set, dir, domain string) string {
	if set == "mnist" || set == "usps" { // the halves have no folders
		return ""
	}
	folder := filepath.Join(dir, domain)
	return fmt.Sprintf(" (neither %s nor %s)", shown(filepath.Join(folder, "images")), shown(folder))
}

// toUnpack says which archives in a directory to unpack.
func toUnpack(dir string) string {
	if archives := packed(dir); len(archives) > 0 {
		return "; unpack the archives there (with Extract): " + strings.Join(archives, ", ")
	}
	return ""
}

// readDomain reads the folder of a domain; false if there is none.
func readDomain(ctx context.Context, cfg FolderConfig, set, dir, domain string) (sdt.Labelled, bool, error) {
	folder, err := domainFolder(set, dir, domain)
	if folder == "" || err != nil {
		return sdt.Labelled{}, false, err
	}
	cfg.Domain = domain
	l, err := ReadFolder(ctx, folder, cfg)
	return l, true, err
}
