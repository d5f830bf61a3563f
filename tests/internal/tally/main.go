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
	c := counts{w: w, said: map[string]*strings.Builder{}, failures: map[string]int{}}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			var e event
			if json.Unmarshal([]byte(line), &e) != nil { // go's own words, such as what it downloads
				fmt.Fprint(w, line)
				continue
			}
			c.take(e)
		}
		if err != nil {
			break
		}
	}
	for _, s := range c.skipped {
		fmt.Fprint(w, "skip ", s)
	}
	slices.SortStableFunc(c.took, func(a, b event) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	for _, e := range c.took[:min(slowest, len(c.took))] {
		fmt.Fprintf(w, "%6.1f s %s %s\n", e.Elapsed, e.Package, e.Test)
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", c.passed, c.failed, len(c.skipped))
	switch {
	case c.failed > 0:
		return fmt.Errorf("tests failed")
	case c.passed == 0:
		return fmt.Errorf("no test was run")
	case whole && len(c.skipped) > 0:
		return fmt.Errorf("tests were skipped, although the data is there")
	}
	return nil
}

// counts are what has come so far.
type counts struct {
	w              io.Writer
	said           map[string]*strings.Builder // by package and test, what it printed
	passed, failed int
	failures       map[string]int // by package
	skipped        []string
	took           []event // tests that are no subtests
}

// take counts an event, and prints what is to be known at once.
func (c *counts) take(e event) {
	id := e.Package + e.ImportPath + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		if c.said[id] == nil {
			c.said[id] = &strings.Builder{}
		}
		c.said[id].WriteString(e.Output)
		return
	case "build-fail":
		fmt.Fprintf(c.w, "FAIL %s does not build\n%s", e.ImportPath, c.said[id])
	case "pass", "fail", "skip":
		if e.Test == "" {
			c.ended(e)
			break
		}
		switch e.Action {
		case "fail":
			c.failed++
			c.failures[e.Package]++
			fmt.Fprintf(c.w, "FAIL %s\n%s", id, c.said[id])
		case "skip":
			c.skipped = append(c.skipped, id+"\n"+reason(c.said[id]))
		default:
			c.passed++
		}
		if e.Action != "skip" && !strings.Contains(e.Test, "/") {
			c.took = append(c.took, e)
		}
	}
	delete(c.said, id)
}

// ended counts the end of a package.
func (c *counts) ended(e event) {
	if e.Action == "fail" && c.failures[e.Package] == 0 {
		c.failed++
		for _, begun := range slices.Sorted(maps.Keys(c.said)) {
			if strings.HasPrefix(begun, e.Package+" ") {
				fmt.Fprintf(c.w, "%s", c.said[begun])
			}
		}
	}
	if e.Action != "skip" { // it has tests
		fmt.Fprintf(c.w, "%-4s %s  %.1f s\n", e.Action, e.Package, e.Elapsed)
	}
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
