package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// show prints a table of the points with what each notebook printed last in a cell tagged
// result, and the command for a report of their run directories. failed has the points that
// failed just now, by index.
func (s *sweep) show(w io.Writer, failed map[int]bool) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, p := range s.typed {
		fmt.Fprint(table, p.name, "\t")
	}
	fmt.Fprintln(table, "result")
	missing := 0
	var runs []string
	for i, p := range s.points {
		_, key, folder, err := s.at(p)
		if err != nil {
			return err
		}
		last := "–"
		if nb := completed(savedAt(folder, filepath.Base(s.path)).notebook, key); nb != nil {
			last = lastResult(nb)
			if entries, err := os.ReadDir(folder); err == nil && holdsResults(entries) {
				runs = append(runs, folder)
			}
		} else if missing++; failed[i] {
			last = "failed"
		}
		for _, p := range p {
			fmt.Fprint(table, strings.Join(strings.Fields(p.words[0]), " "), "\t")
		}
		fmt.Fprintln(table, last)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if missing > 0 {
		fmt.Fprintf(w, "%d of %d points have no result yet\n", missing, len(s.points))
	}
	fmt.Fprintf(w, "executed notebooks  %s\n", filepath.Join(s.out, "*", filepath.Base(s.path)))
	if len(runs) > 0 {
		fmt.Fprintln(w, "report of all       go run ./kernel report", s.directories(runs))
	}
	return nil
}

// directories returns run directories in the folder of the sweep as words of a command: by a
// pattern if there are several and nothing else is there.
func (s *sweep) directories(runs []string) string {
	if entries, err := os.ReadDir(s.out); err == nil && len(runs) > 1 && len(entries) == len(runs) {
		return shellQuote(filepath.ToSlash(s.out)) + "/*"
	}
	var words []string
	for _, r := range runs {
		words = append(words, shellQuote(filepath.ToSlash(r)))
	}
	return strings.Join(words, " ")
}

// lastResult returns the last line that a notebook's cells tagged result print, a dash if
// there is none.
func lastResult(nb *nbformat.Notebook) string {
	var b bytes.Buffer
	printResults(&b, nb)
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return "–"
}
