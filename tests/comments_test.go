package tests

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fewFiles is how many files of a package need no list: one sees what each is.
const fewFiles = 4

// system ends the name of a file that is for one system.
var system = regexp.MustCompile(`_(linux|darwin|unix|other|cgo|nocgo|simd|plain)$`)

// TestPackageComments checks that the comment of a package with many files says of each what
// its idea is: the file's name stands there as a word.
func TestPackageComments(t *testing.T) {
	for _, p := range ours(t) {
		files := slices.Concat(p.GoFiles, p.CgoFiles, p.IgnoredGoFiles)
		if len(p.GoFiles) == 0 { // of tests alone
			continue
		}
		names := map[string]bool{}
		comment := ""
		for _, file := range files {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, file), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if f.Doc != nil {
				comment += f.Doc.Text()
				continue
			}
			if name := system.ReplaceAllString(strings.TrimSuffix(file, ".go"), ""); !strings.HasSuffix(file, "_test.go") && name != "doc" && name != filepath.Base(p.Dir) {
				names[name] = true
			}
		}
		if comment == "" {
			t.Errorf("%s has no comment", p.ImportPath)
		}
		if len(names) <= fewFiles {
			continue
		}
		var missing []string
		for name := range names {
			if !regexp.MustCompile(`(^|[^\pL])` + regexp.QuoteMeta(name) + `($|[^\pL])`).MatchString(comment) {
				missing = append(missing, name)
			}
		}
		if slices.Sort(missing); len(missing) > 0 {
			t.Errorf("%s: its comment says nothing of %s", p.ImportPath, strings.Join(missing, ", "))
		}
	}
}
