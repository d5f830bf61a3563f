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

// choose keeps the cells whose problem contains only and whose method is in the list.
func choose(cells []cell, only, list string) ([]cell, error) {
	var problems []string
	for _, c := range cells {
		if !slices.Contains(problems, c.problem) {
			problems = append(problems, c.problem)
		}
	}
	var methods []sdt.Method
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			var m sdt.Method
			if err := m.UnmarshalText([]byte(name)); err != nil {
				return nil, err
			}
			methods = append(methods, m)
		}
	}
	kept := slices.DeleteFunc(cells, func(c cell) bool {
		return !strings.Contains(c.problem, only) || methods != nil && !slices.Contains(methods, c.method)
	})
	if len(kept) == 0 {
		return nil, fmt.Errorf("no cell is left: none of the problems %q contains %q, or none has the methods %q", problems, only, list)
	}
	return kept, nil
}
