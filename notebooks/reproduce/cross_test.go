package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/notebooks/reproduce/miniature"
)

// Two folders of classes with different names, with spaces; each has a class that the other
// lacks.
func TestCross(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: trains networks", t.Name())
	}
	t.Parallel()
	dir := t.TempDir()
	if err := miniature.Office31(dir); err != nil {
		t.Fatal(err)
	}
	source, target := filepath.Join(dir, "dslr", "images"), filepath.Join(dir, "webcam", "images")
	for _, rename := range [][2]string{
		{filepath.Join(target, "back_pack"), filepath.Join(target, "back pack = rucksack")},
		{filepath.Join(target, "mug"), filepath.Join(target, "coffee mug")},
		{filepath.Join(target, "ruler"), filepath.Join(target, "stapler")},
	} {
		if err := os.Rename(rename[0], rename[1]); err != nil {
			t.Fatal(err)
		}
	}
	mapping := filepath.Join(dir, "classes.txt")
	write := func(text string) {
		if err := os.WriteFile(mapping, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "out")
	cross := func(more ...string) (string, error) {
		var printed, log bytes.Buffer
		args := append([]string{"-table", "cross", "-source", source, "-target", target, "-network", "convnet", "-trials", "2", "-steps", "1",
			"-methods", "target only, source + target, confusion + soft labels", "-o", out}, more...)
		err := run(t.Context(), args, &printed, &log)
		return printed.String(), err
	}
	for _, wrong := range []struct {
		why, mapping string
		flags        []string
		says         []string
	}{
		{"no mapping", "", nil, []string{"back pack = rucksack", "coffee mug", "ruler", "stapler"}},
		{"two classes have no counterpart", "coffee mug = mug\n", []string{"-map", mapping}, []string{"ruler", "stapler"}},
		{"no such class", "coffee mug = mug\nteapot = mug\n", []string{"-map", mapping, "-partial"}, []string{"teapot"}},
		{"a line of one name", "\n# mugs\ncoffee mug\n", []string{"-map", mapping}, []string{"classes.txt:3", "coffee mug", "target class = source class"}},
		{"twice", "a = b\na = c\n", []string{"-map", mapping}, []string{"classes.txt:2", `"a"`}},
		{"no folder", "", []string{"-source", ""}, []string{"-source DIR"}},
		{"one folder", "", []string{"-source", target}, []string{target}},
		{"no such network", "", []string{"-network", "vgg"}, []string{"vgg", "caffenet"}},
	} {
		write(wrong.mapping)
		_, err := cross(wrong.flags...)
		if err == nil {
			t.Errorf("%s: no error", wrong.why)
			continue
		}
		for _, word := range wrong.says {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v does not say %s", wrong.why, err, word)
			}
		}
	}
	write("# target class = source class\n  coffee mug = mug\n\nback pack = rucksack =  back_pack\n")
	if _, err := cross("-map", mapping, "-partial"); err == nil || !strings.Contains(err.Error(), `"back pack"`) {
		t.Errorf("an equals sign within a name: %v", err)
	}
	if err := os.Rename(filepath.Join(target, "back pack = rucksack"), filepath.Join(target, "back pack")); err != nil {
		t.Fatal(err)
	}
	write("# target class = source class\n  coffee mug = mug\n\nback pack =  back_pack\n")
	printed, err := cross("-map", mapping, "-partial")
	if err != nil {
		t.Fatal(err)
	}
	const number = `( \| \d+\.\d ± \d+\.\d){3} \|`
	lines(t, printed, `\| Two folders of images, ConvNet from random weights \| target only \| source \+ target \| confusion \+ soft labels \|`,
		`\| dslr/images→webcam/images, 1 per class`+number, `\| dslr/images→webcam/images, 3 per class`+number, `\| dslr/images→webcam/images, 5 per class`+number,
		`.*36\.6, 60\.9 and 67\.7 \(v\) with 1, 3 and 5 labelled images per class\.`)
	if strings.Contains(printed, "| published |") {
		t.Errorf("figures for other data are in the table:\n%s", printed)
	}
	if report, err := cross("-map", mapping, "-partial", "-report", "markdown"); err != nil || report != printed {
		t.Errorf("the report is %v\n%s\nafter\n%s", err, report, printed)
	}
	write("coffee mug = mug\nback pack = bookcase\nbookcase = back_pack\n")
	if report, err := cross("-map", mapping, "-partial", "-report", "markdown"); err != nil || strings.Contains(report, "per class |") {
		t.Errorf("with another mapping it uses the results of this one: %v\n%s", err, report)
	}
}

func TestDomainNames(t *testing.T) {
	for _, c := range []struct{ source, target, a, b string }{
		{"/data/imagenet", "/data/caltech", "imagenet", "caltech"},
		{"/data/amazon/images", "/data/dslr/images/", "amazon/images", "dslr/images"},
		{"/x/a/images", "/y/a/images", "x/a/images", "y/a/images"},
		{"/a", "/b/a", "//a", "b/a"},
	} {
		if a, b, err := domainNames(c.source, c.target); err != nil || a != c.a || b != c.b {
			t.Errorf("%s and %s are named %q and %q: %v; want %q and %q", c.source, c.target, a, b, err, c.a, c.b)
		}
	}
}
