package execution

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// unmarked finds a call in a stack trace that lies in a cell but does not name it. GoNB
// marks the places as it reads them, and misses one that arrives in two pieces, as happens
// on a busy machine.
var unmarked = regexp.MustCompile(`(?m)^\t(main\.go:(\d+))`)

// markPlaces marks, in what the last of the cells wrote to stderr, the calls that GoNB
// missed, as GoNB does. A line of the cells' program is identified by its text, if exactly
// one line of the cells has this text.
func markPlaces(cells []*nbformat.Cell, program string) {
	source, err := os.ReadFile(program)
	if err != nil {
		return // the cell was never made into a program
	}
	lines := strings.Split(string(source), "\n")
	for _, o := range cells[len(cells)-1].Outputs {
		if o.Type != nbformat.Stream || o.Name != "stderr" {
			continue
		}
		o.Text = unmarked.ReplaceAllStringFunc(o.Text, func(call string) string {
			m := unmarked.FindStringSubmatch(call)
			n, err := strconv.Atoi(m[2])
			if err != nil || n < 1 || n > len(lines) {
				return call
			}
			cell, line := lineOf(cells, lines[n-1])
			if cell == 0 {
				return call
			}
			return fmt.Sprintf("\t \x1b[7m[[ Cell [%d] Line %d ]]\x1b[0m %s", cell, line, m[1])
		})
	}
}

// lineOf returns the cell and line with this text, both counted from 1; zeros if there is
// not exactly one.
func lineOf(cells []*nbformat.Cell, text string) (cell, line int) {
	text = strings.TrimSpace(text)
	for i, c := range cells {
		for j, l := range strings.Split(c.Source, "\n") {
			if text == "" || strings.TrimSpace(l) != text {
				continue
			}
			if cell != 0 {
				return 0, 0
			}
			cell, line = i+1, j+1
		}
	}
	return cell, line
}
