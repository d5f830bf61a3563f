// Command tally reads what `go test -json` writes: it prints a line for each package and
// the output of what fails as it comes, then the tests that were skipped, by name, those
// that took longest, and how many passed, failed and were skipped. It exits with 1 if one
// failed or nothing was run, and with -whole if one was skipped.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

func main() {
	whole := flag.Bool("whole", false, "nothing may be skipped")
	flag.Parse()
	if err := tally(os.Stdin, os.Stdout, *whole); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// event is one line of go test -json.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

// slowest is how many tests are listed by the time that they took.
const slowest = 20

// tally counts the tests and subtests of r. A package that fails without a test that
// does, since it does not build or ends early, counts as one failure; what the tests
// printed that were still running is the reason.
func tally(r io.Reader, w io.Writer, whole bool) error {
	said := map[string]*strings.Builder{} // by package and test, what it printed
	var skipped []string
	var passed, failed int
	failures := map[string]int{} // by package
	var took []event             // tests that are no subtests
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			var e event
			if json.Unmarshal([]byte(line), &e) != nil { // go's own words, such as what it downloads
				fmt.Fprint(w, line)
				continue
			}
			id := e.Package + e.ImportPath + " " + e.Test
			switch e.Action {
			case "output", "build-output":
				if said[id] == nil {
					said[id] = &strings.Builder{}
				}
				said[id].WriteString(e.Output)
				continue
			case "build-fail":
				fmt.Fprintf(w, "FAIL %s does not build\n%s", e.ImportPath, said[id])
			}
			switch {
			case e.Action != "pass" && e.Action != "fail" && e.Action != "skip":
			case e.Test == "":
				if e.Action == "fail" && failures[e.Package] == 0 {
					failed++
					for _, begun := range slices.Sorted(maps.Keys(said)) {
						if strings.HasPrefix(begun, e.Package+" ") {
							fmt.Fprintf(w, "%s", said[begun])
						}
					}
				}
				if e.Action != "skip" { // it has tests
					fmt.Fprintf(w, "%-4s %s  %.1f s\n", e.Action, e.Package, e.Elapsed)
				}
			case e.Action == "fail":
				failed++
				failures[e.Package]++
				fmt.Fprintf(w, "FAIL %s\n%s", id, said[id])
			case e.Action == "skip":
				skipped = append(skipped, id+"\n"+reason(said[id]))
			default:
				passed++
			}
			if (e.Action == "pass" || e.Action == "fail") && e.Test != "" && !strings.Contains(e.Test, "/") {
				took = append(took, e)
			}
			delete(said, id)
		}
		if err != nil {
			break
		}
	}
	for _, s := range skipped {
		fmt.Fprint(w, "skip ", s)
	}
	slices.SortStableFunc(took, func(a, b event) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	for _, e := range took[:min(slowest, len(took))] {
		fmt.Fprintf(w, "%6.1f s %s %s\n", e.Elapsed, e.Package, e.Test)
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", passed, failed, len(skipped))
	switch {
	case failed > 0:
		return fmt.Errorf("tests failed")
	case passed == 0:
		return fmt.Errorf("no test was run")
	case whole && len(skipped) > 0:
		return fmt.Errorf("tests were skipped, although the data is there")
	}
	return nil
}

// reason returns the lines in which a skipped test says why, without the runner's own.
func reason(said *strings.Builder) string {
	var b strings.Builder
	if said != nil {
		for line := range strings.Lines(said.String()) {
			if text := strings.TrimSpace(line); text != "" && !strings.HasPrefix(text, "===") && !strings.HasPrefix(text, "---") {
				fmt.Fprintf(&b, "       %s\n", text)
			}
		}
	}
	return b.String()
}
