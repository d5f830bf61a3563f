package tests

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/licensecheck"
)

// shipped is what a user gets: our packages and programs. What the kernel builds besides,
// and only runs, are the tools.
var (
	shipped = []string{"./sdt/...", "./datasets/...", "./plots/...", "./kernel/...", "./notebooks/reproduce"}
	tools   = []string{"github.com/janpfeifer/gonb", "golang.org/x/tools/cmd/goimports"}
)

// permissive are the licences, by SPDX name, that a module may be under to be linked into
// what is under Apache-2.0. OFL-1.1 is for fonts.
var permissive = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "OFL-1.1"}

// linked returns the modules that others wrote which packages and their programs are
// linked with on any system that they run on, with the folder of each.
func linked(t *testing.T, packages []string) map[string]string {
	t.Helper()
	dirs := map[string]string{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		cgo := "0"
		if system == "linux" {
			cgo = "1" // the native back ends, too
		}
		const each = `{{with .Module}}{{if not .Main}}{{.Path}}{{"\t"}}{{.Dir}}{{end}}{{end}}`
		args := append([]string{"list", "-e", "-deps", "-f", each}, packages...)
		out := command(t.Context(), root, []string{"GOOS=" + system, "CGO_ENABLED=" + cgo}, "go", args...).must(t)
		for line := range strings.Lines(out.stdout) {
			if path, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				dirs[path] = dir
			}
		}
	}
	if len(dirs) < 5 {
		t.Fatalf("%q are linked with %d modules", packages, len(dirs))
	}
	return dirs
}

// licence returns the SPDX names of what the licence files of a module say.
func licence(t *testing.T, module, dir string) string {
	t.Helper()
	found := map[string]bool{}
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "COPYING*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("the licence of %s: %v", module, err)
			}
			scan := licensecheck.Scan(text)
			for _, m := range scan.Match {
				if !m.IsURL {
					found[m.ID] = true
				}
			}
			if scan.Percent < 75 {
				t.Errorf("%s: %.0f %% of %s is of no known licence: read it", module, 100-scan.Percent, filepath.Base(file))
			}
		}
	}
	names := slices.Sorted(maps.Keys(found))
	if len(names) == 0 {
		t.Errorf("%s has no licence file that is known: read what is in %s", module, dir)
	}
	for _, name := range names {
		if !slices.Contains(permissive, name) {
			t.Errorf("%s is under %s, which this project cannot be given away with", module, name)
		}
	}
	return strings.Join(names, " and ")
}

// docs/licences.md has the modules that we are linked with and those of the tools, grouped by
// the licence that stands in each module.
func TestLicences(t *testing.T) {
	rows := map[string][2][]string{} // licence → modules linked, and of the tools alone
	ours := linked(t, shipped)
	for i, modules := range []map[string]string{ours, linked(t, tools)} {
		for _, module := range slices.Sorted(maps.Keys(modules)) {
			if _, too := ours[module]; i == 1 && too {
				continue
			}
			name := licence(t, module, modules[module])
			row := rows[name]
			row[i] = append(row[i], module)
			rows[name] = row
		}
	}
	var want strings.Builder
	fmt.Fprintln(&want, "| licence | linked into packages and programs | of GoNB and goimports alone |\n|---|---|---|")
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(&want, "| %s |", name)
		for _, modules := range rows[name] {
			if len(modules) == 0 {
				modules = []string{"–"}
			}
			fmt.Fprintf(&want, " %s |", strings.Join(modules, ", "))
		}
		fmt.Fprintln(&want)
	}
	if !strings.Contains(page(t, "docs/licences.md").text, "\n"+want.String()) {
		t.Errorf("the table of docs/licences.md is not what the modules say:\n\n%s", want.String())
	}
}
