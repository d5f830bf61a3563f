package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/sdt"
)

// sweep runs the cells without a result.
func sweep(ctx context.Context, cells []cell, log io.Writer) error {
	began := time.Now()
	for i, c := range cells {
		r, done, err := c.read()
		if err == nil && !done {
			r, err = c.run(ctx)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.name(), err)
		}
		fmt.Fprintf(log, "%d/%d  %s: %.1f %%  (%s)\n", i+1, len(cells), c.name(), 100*r.Accuracy, time.Since(began).Round(time.Second))
	}
	return nil
}

// collect reads the existing results, in the cells' order, and counts the missing ones.
func collect(cells []cell) (results []result, missing int, err error) {
	for _, c := range cells {
		r, done, err := c.read()
		if err != nil {
			return nil, 0, err
		}
		if !done {
			missing++
			continue
		}
		results = append(results, r)
	}
	return results, missing, nil
}

// choose keeps the cells whose problem contains only and whose column is in the list.
func choose(cells []cell, only, list string) ([]cell, error) {
	var problems, columns []string
	for _, c := range cells {
		if !slices.Contains(problems, c.problem) {
			problems = append(problems, c.problem)
		}
		if !slices.Contains(columns, c.column()) {
			columns = append(columns, c.column())
		}
	}
	var wanted []string
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
		case !slices.Contains(columns, name) && new(sdt.Method).UnmarshalText([]byte(name)) != nil:
			return nil, fmt.Errorf("method %q is unknown: the table has %q", name, columns)
		default:
			wanted = append(wanted, name)
		}
	}
	kept := slices.DeleteFunc(cells, func(c cell) bool {
		return !strings.Contains(c.problem, only) || wanted != nil && !slices.Contains(wanted, c.column())
	})
	if len(kept) == 0 {
		return nil, fmt.Errorf("no cell is left: none of the problems %q contains %q, or none has the methods %q", problems, only, list)
	}
	return kept, nil
}
