package repl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/dialect"
)

// elsewhere are commands of IPython and GoNB that do not exist here, each with the
// alternative.
var elsewhere = map[string]string{
	"%timeit":          "%time prints how long a cell takes, and %test runs a func BenchmarkName(b *testing.B)",
	"%%timeit":         "%time prints how long a cell takes, and %test runs a func BenchmarkName(b *testing.B)",
	"%%time":           "%time, with one %, prints how long a cell takes",
	"%prun":            "packages runtime/pprof and net/http/pprof show where a program spends its time",
	"%%prun":           "packages runtime/pprof and net/http/pprof show where a program spends its time",
	"%lprun":           "packages runtime/pprof and net/http/pprof show where a program spends its time",
	"%memit":           "%memory prints how much memory the values use",
	"%matplotlib":      "package github.com/sdtlab/sdtlab/plots draws charts, without any setup",
	"%pylab":           "package github.com/sdtlab/sdtlab/plots draws charts, without any setup",
	"%run":             "!go run FILE runs a Go program, and !COMMAND any other program",
	"%load":            "!cat FILE shows a file, whose text can be pasted",
	"%load_ext":        "there are no extensions; packages are imported",
	"%reload_ext":      "there are no extensions; packages are imported",
	"%autoreload":      "%restart begins a session with packages as they are now",
	"%pip":             "Go's packages are fetched when a cell imports them; !*go get PACKAGE fetches one, and !pip is Python's",
	"%conda":           "Go's packages are fetched when a cell imports them; !*go get PACKAGE fetches one, and !conda is conda's",
	"%mamba":           "Go's packages are fetched when a cell imports them; !*go get PACKAGE fetches one, and !mamba is mamba's",
	"%uv":              "Go's packages are fetched when a cell imports them; !*go get PACKAGE fetches one, and !uv is uv's",
	"%goworkfix":       "cells use the module's packages as they are, and need no go.work",
	"%track":           "%restart begins a session with packages as they are now",
	"%untrack":         "%restart begins a session with packages as they are now",
	"%rm":              "%reset discards everything, and a new declaration replaces an earlier one",
	"%del":             "%reset discards everything, and a new declaration replaces an earlier one",
	"%xdel":            "%reset discards everything, and a new declaration replaces an earlier one",
	"%reset_selective": "%reset discards everything, and a new declaration replaces an earlier one",
	"%debug":           "a panic shows where it happened, and the variables are kept: %who lists them",
	"%%debug":          "a panic shows where it happened, and the variables are kept: %who lists them",
	"%pdb":             "a panic shows where it happened, and the variables are kept: %who lists them",
	"%tb":              "a panic shows where it happened",
	"%xmode":           "a panic shows where it happened",
	"%pwd":             "%cd without a folder prints the folder that cells run in",
	"%pushd":           "%cd FOLDER changes the folder that cells run in",
	"%popd":            "%cd FOLDER changes the folder that cells run in",
	"%set_env":         "%env NAME VALUE sets a variable of the environment",
	"%whos":            "%who lists variables, functions and types",
	"%who_ls":          "%who lists variables, functions and types",
	"%lsmagic":         "%help lists the commands",
	"%magic":           "%help lists the commands",
	"%quickref":        "%help lists the commands",
	"%pinfo":           "?NAME describes a name",
	"%pdoc":            "?NAME describes a name",
	"%pinfo2":          "??NAME shows the source of a name",
	"%psource":         "??NAME shows the source of a name",
	"%pdef":            "?NAME describes a name",
	"%history":         "in consoles, the up arrow recalls earlier cells",
	"%hist":            "in consoles, the up arrow recalls earlier cells",
	"%system":          "!COMMAND runs a command in a shell",
	"%sx":              "!COMMAND runs a command in a shell",
	"%alias":           "!COMMAND runs a command in a shell",
	"%cat":             "!cat FILE shows a file",
	"%mkdir":           "!mkdir FOLDER creates a folder",
	"%cp":              "!cp FROM TO copies a file",
	"%mv":              "!mv FROM TO moves a file",
	"%man":             "!man NAME shows a manual, and ?NAME describes a name of Go",
	"%config":          "there is nothing to configure",
	"%precision":       "the formats of package fmt set the precision of numbers",
	"%store":           "a cell can write a file: encoding/json, encoding/gob",
	"%%capture":        "an assignment shows no value, and a semicolon after the last expression hides its value",
	"%%file":           "%%writefile FILE writes the rest of the cell to a file",
	"%%html":           "a cell can show HTML: gonbui.DisplayHTML(\"…\")",
	"%%markdown":       "a cell can show Markdown: gonbui.DisplayMarkdown(\"…\")",
	"%%svg":            "a cell can show SVG: gonbui.DisplaySVG(\"…\")",
	"%%latex":          "a cell can show Markdown with formulas: gonbui.DisplayMarkdown(\"$…$\")",
	"%%javascript":     "a cell can run JavaScript: package gonbui/dom",
	"%%js":             "a cell can run JavaScript: package gonbui/dom",
	"%%python":         "%%script python3 passes the rest of the cell to Python",
	"%%python3":        "%%script python3 passes the rest of the cell to Python",
	"%%perl":           "%%script perl passes the rest of the cell to Perl",
	"%%ruby":           "%%script ruby passes the rest of the cell to Ruby",
	"%%R":              "%%script Rscript - passes the rest of the cell to R",
	"%%system":         "%%bash passes the rest of the cell to a shell",
	"%%sx":             "%%bash passes the rest of the cell to a shell",
	"%%cython":         "cells are Go, which is compiled already",
	"%%go":             "a cell is Go already",
}

// unknownCommand returns the error for an unknown command, with the alternative.
func unknownCommand(name string) error {
	if slices.Contains(dialect.ForWholeCell(), name) {
		return fmt.Errorf("%s must be on the first line of a cell: it applies to all of it", name)
	}
	if instead, ok := elsewhere[name]; ok {
		return fmt.Errorf("no command %s: %s", name, instead)
	}
	if near := closest(name, commandNames()); near != "" {
		return fmt.Errorf("no command %s: did you mean %s? %%help lists the commands", name, near)
	}
	return fmt.Errorf("no command %s: %%help lists the commands", name)
}

// closest returns the name with the smallest distance to a word, "" if each is too far:
// more than a third of the word's letters.
func closest(word string, names []string) string {
	best, least := "", (len(strings.Trim(word, "%"))+1)/3+1
	for _, name := range names {
		if d := distance(word, name); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance returns how many letters must be replaced, inserted, deleted or swapped with the
// next one to turn one word into another.
func distance(a, b string) int {
	before, last, row := []int(nil), []int(nil), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			same := 1
			if a[i] == b[j] {
				same = 0
			}
			row[j+1] = min(last[j]+same, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
