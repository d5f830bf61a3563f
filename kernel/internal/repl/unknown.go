package repl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/dialect"
)

// elsewhere are commands of IPython and GoNB that are none here, each with what there is
// instead.
var elsewhere = map[string]string{
	"%timeit":          "%time tells how long a cell takes, and %test runs a func BenchmarkName(b *testing.B)",
	"%%timeit":         "%time tells how long a cell takes, and %test runs a func BenchmarkName(b *testing.B)",
	"%%time":           "%time, with one %, tells how long a cell takes",
	"%prun":            "packages runtime/pprof and net/http/pprof tell where a program spends its time",
	"%%prun":           "packages runtime/pprof and net/http/pprof tell where a program spends its time",
	"%lprun":           "packages runtime/pprof and net/http/pprof tell where a program spends its time",
	"%memit":           "%memory tells what the values take",
	"%matplotlib":      "package github.com/sdtlab/sdtlab/plots draws, with nothing to switch on",
	"%pylab":           "package github.com/sdtlab/sdtlab/plots draws, with nothing to switch on",
	"%run":             "!go run FILE runs a Go program, and !COMMAND any other",
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
	"%rm":              "%reset forgets everything, and what is declared again takes the place of what was there",
	"%del":             "%reset forgets everything, and what is declared again takes the place of what was there",
	"%xdel":            "%reset forgets everything, and what is declared again takes the place of what was there",
	"%reset_selective": "%reset forgets everything, and what is declared again takes the place of what was there",
	"%debug":           "a panic shows where it was, and its variables are still there: %who",
	"%%debug":          "a panic shows where it was, and its variables are still there: %who",
	"%pdb":             "a panic shows where it was, and its variables are still there: %who",
	"%tb":              "a panic shows where it was",
	"%xmode":           "a panic shows where it was",
	"%pwd":             "%cd without a folder tells the folder that cells run in",
	"%pushd":           "%cd FOLDER changes the folder that cells run in",
	"%popd":            "%cd FOLDER changes the folder that cells run in",
	"%set_env":         "%env NAME VALUE sets a variable of the environment",
	"%whos":            "%who lists variables, functions and types",
	"%who_ls":          "%who lists variables, functions and types",
	"%lsmagic":         "%help lists the commands",
	"%magic":           "%help lists the commands",
	"%quickref":        "%help lists the commands",
	"%pinfo":           "?NAME tells what is known of a name",
	"%pdoc":            "?NAME tells what is known of a name",
	"%pinfo2":          "??NAME shows the source of a name",
	"%psource":         "??NAME shows the source of a name",
	"%pdef":            "?NAME tells what is known of a name",
	"%history":         "the arrow up has the cells that ran, in consoles",
	"%hist":            "the arrow up has the cells that ran, in consoles",
	"%system":          "!COMMAND runs one in a shell",
	"%sx":              "!COMMAND runs one in a shell",
	"%alias":           "!COMMAND runs one in a shell",
	"%cat":             "!cat FILE shows a file",
	"%mkdir":           "!mkdir FOLDER makes one",
	"%cp":              "!cp FROM TO copies",
	"%mv":              "!mv FROM TO moves",
	"%man":             "!man NAME shows a manual, and ?NAME what is known of a name of Go",
	"%config":          "there is nothing to configure",
	"%precision":       "package fmt prints numbers as its formats say",
	"%store":           "a cell can write a file: encoding/json, encoding/gob",
	"%%capture":        "a cell that assigns shows nothing but what it prints, and a semicolon behind the last expression hides it",
	"%%file":           "%%writefile FILE writes the rest of the cell to a file",
	"%%html":           "a cell can show HTML: gonbui.DisplayHTML(\"…\")",
	"%%markdown":       "a cell can show Markdown: gonbui.DisplayMarkdown(\"…\")",
	"%%svg":            "a cell can show SVG: gonbui.DisplaySVG(\"…\")",
	"%%latex":          "a cell can show Markdown with formulas: gonbui.DisplayMarkdown(\"$…$\")",
	"%%javascript":     "a cell can run JavaScript: package gonbui/dom",
	"%%js":             "a cell can run JavaScript: package gonbui/dom",
	"%%python":         "%%script python3 gives the rest of the cell to Python",
	"%%python3":        "%%script python3 gives the rest of the cell to Python",
	"%%perl":           "%%script perl gives the rest of the cell to Perl",
	"%%ruby":           "%%script ruby gives the rest of the cell to Ruby",
	"%%R":              "%%script Rscript - gives the rest of the cell to R",
	"%%system":         "%%bash gives the rest of the cell to a shell",
	"%%sx":             "%%bash gives the rest of the cell to a shell",
	"%%cython":         "a cell is Go, which is compiled as it is",
	"%%go":             "a cell is Go as it is",
}

// unknownCommand says that there is no such command, and what there is.
func unknownCommand(name string) error {
	if slices.Contains(dialect.ForWholeCell(), name) {
		return fmt.Errorf("%s must stand in the first line of a cell, all of which it takes", name)
	}
	if instead, ok := elsewhere[name]; ok {
		return fmt.Errorf("no command %s: %s", name, instead)
	}
	if near := closest(name, commandNames()); near != "" {
		return fmt.Errorf("no command %s: did you mean %s? %%help lists those there are", name, near)
	}
	return fmt.Errorf("no command %s: %%help lists those there are", name)
}

// closest returns the name that is the least changes away from a word, "" if each is too
// far: a third of the word's letters.
func closest(word string, names []string) string {
	best, least := "", (len(strings.Trim(word, "%"))+1)/3+1
	for _, name := range names {
		if d := distance(word, name); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is how many letters must be changed, put in, taken out or swapped with the next
// to make one word of another.
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
