package datasets

import (
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEverySetIsDescribed(t *testing.T) {
	for _, s := range Sets() {
		if s.Title == "" || s.Home == "" || s.Licence == "" || s.Citation == "" || s.Layout == "" || s.Checked == "" || s.Classes == 0 || len(s.Images) == 0 {
			t.Errorf("%s lacks a description: %+v", s.Name, s)
		}
		if len(s.Files) == 0 && s.Obtain == "" {
			t.Errorf("%s: nothing says how to come by it", s.Name)
		}
		for _, f := range s.Files {
			if len(f.SHA256) != 64 || f.Size == 0 || len(f.URLs) == 0 {
				t.Errorf("%s: file %+v", s.Name, f)
			}
		}
	}
	if _, err := Lookup("imagenet"); err == nil || !strings.Contains(err.Error(), "glyphs31, mnist, office-31") {
		t.Errorf("error %v, want the names there are", err)
	}
}

func TestOpenRealSets(t *testing.T) {
	digits := data(t, "digits")
	for _, row := range []struct {
		name, dir string
		cfg       OpenConfig
		counts    map[string]int
		domain    string
	}{
		{"mnist", digits, OpenConfig{}, map[string]int{"test": 10000}, "mnist"}, // the training half is not there
		{"usps", digits, OpenConfig{}, map[string]int{"train": 7291, "test": 2007}, "usps"},
		{"office-caltech-10", data(t, "office_caltech10"), OpenConfig{Folder: FolderConfig{Width: 32}}, map[string]int{"amazon": 958, "webcam": 295}, ""},
		{"glyphs31", "", OpenConfig{Domains: []string{"dslr"}}, map[string]int{"dslr": 498}, "dslr"},
	} {
		got, err := Open(t.Context(), row.name, row.dir, row.cfg)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(row.counts) {
			t.Errorf("%s: %d domains, want %d", row.name, len(got), len(row.counts))
		}
		for key, n := range row.counts {
			if l := got[key]; l.Len() != n || l.Validate() != nil || (row.domain != "" && l.Domain != row.domain) {
				t.Errorf("%s %s: %d images of %q, want %d", row.name, key, l.Len(), l.Domain, n)
			}
		}
	}
}

// Rows of folders and of features are the same images, in the same order.
func TestFolderRowsAreFeatureRows(t *testing.T) {
	images, err := Open(t.Context(), "office-caltech-10", data(t, "office_caltech10"), OpenConfig{Domains: []string{"webcam"}, Folder: FolderConfig{Width: 16}})
	if err != nil {
		t.Fatal(err)
	}
	features := googlenet(t, "webcam")
	for i, y := range images["webcam"].Labels {
		if y != features.Labels[i] || !strings.HasPrefix(images["webcam"].Names[i], features.Classes[y]+"/") {
			t.Fatalf("row %d: %s with label %d, feature label %d", i, images["webcam"].Names[i], y, features.Labels[i])
		}
	}
}

func TestOpenOffice31Layout(t *testing.T) {
	white := pngOf(t, plain(color.White))
	dir := tree(t, map[string][]byte{"webcam/images/back_pack/frame_0001.jpg": white, "webcam/images/mug/frame_0001.jpg": white})
	cfg := OpenConfig{Folder: FolderConfig{Width: 2}}
	if _, err := Open(t.Context(), "office-31", dir, cfg); err == nil || !strings.Contains(err.Error(), "webcam has 2 images of 2 classes here, want 795 of 31") {
		t.Errorf("error %v, want that the set is not complete", err)
	}
	cfg.Partial = true
	got, err := Open(t.Context(), "office-31", dir, cfg)
	if err != nil || len(got) != 1 || got["webcam"].Len() != 2 || got["webcam"].Domain != "webcam" {
		t.Errorf("%v, %v", got, err)
	}
	cfg.Domains = []string{"amazon"}
	if _, err := Open(t.Context(), "office-31", dir, cfg); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "amazon", "images")) {
		t.Errorf("error %v, want the folder that is absent", err)
	}
	cfg.Domains = []string{"moon"}
	if _, err := Open(t.Context(), "office-31", dir, cfg); err == nil || !strings.Contains(err.Error(), "[amazon dslr webcam]") {
		t.Errorf("error %v, want the domains there are", err)
	}
	if _, err := Open(t.Context(), "mnist", t.TempDir(), OpenConfig{}); err == nil || !strings.Contains(err.Error(), "t10k-images-idx3-ubyte") {
		t.Errorf("error %v, want the files that were looked for", err)
	}
}

func TestDataDir(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SDT_DATA", dir)
	if got, err := DataDir(""); err != nil || got != dir {
		t.Errorf("%q, %v, want $SDT_DATA", got, err)
	}
	other := t.TempDir()
	if got, err := DataDir(other); err != nil || got != other {
		t.Errorf("%q, %v, want the one given", got, err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{file, filepath.Join(dir, "absent")} {
		if _, err := DataDir(bad); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
	t.Setenv("SDT_DATA", "")
	if _, err := DataDir(""); err == nil {
		t.Error("no directory was accepted")
	}
	// A set without a directory is searched in $SDT_DATA; if that is not set, the error says so.
	if _, err := Open(t.Context(), "office-31", "", OpenConfig{}); err == nil || err.Error() != "office-31: no directory given: pass one, or set SDT_DATA" {
		t.Errorf("error %v", err)
	}
	t.Setenv("SDT_DATA", tree(t, map[string][]byte{"office31/amazon/mug/a.png": pngOf(t, plain(color.White))}))
	if got, err := Open(t.Context(), "office-31", "", OpenConfig{Partial: true, Folder: FolderConfig{Width: 2}}); err != nil || got["amazon"].Len() != 1 {
		t.Errorf("%v, %v", got, err)
	}
}
