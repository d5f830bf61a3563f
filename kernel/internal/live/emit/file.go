package emit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
)

// file adds a file with the imports that its text needs.
func (w *writer) file(name, text string) {
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, path := range slices.Sorted(maps.Keys(w.used)) {
		fmt.Fprintf(&b, "import %s %q\n", w.alias(path), path)
		w.importPath(path)
	}
	if name == "frame.go" {
		for _, path := range w.cell.Effects {
			fmt.Fprintf(&b, "import _ %q\n", path)
			w.importPath(path)
		}
	}
	w.used = nil
	w.out.Files[name] = b.String() + "\n" + text
}

// names writes names as the cell's functions refer to them: variables through their slots.
func (w *writer) names() *program.Writing {
	return &program.Writing{
		Checks: true,
		Alias:  w.alias,
		Thing:  func(t *program.Thing) string { return t.Symbol },
		Value:  func(t *program.Thing) string { return "(*" + t.Slot() + ")" },
	}
}

// alias returns the name under which the cell's files import a package.
func (w *writer) alias(path string) string {
	w.usePackage(path)
	if w.aliases[path] == "" {
		w.aliases[path] = fmt.Sprintf("%sp%d", mark.Letter, len(w.aliases))
	}
	return w.aliases[path]
}

func (w *writer) usePackage(path string) {
	if w.used == nil {
		w.used = map[string]bool{}
	}
	w.used[path] = true
}

func (w *writer) importPath(path string) {
	if !slices.Contains(w.out.Imports, path) {
		w.out.Imports = append(w.out.Imports, path)
	}
}
