package main

import (
	"fmt"
	"slices"
	"strings"
)

// gridsByMethod returns the tables of a summary with many columns the other way round, as the
// paper's are: a row for each column, and a table for each protocol, of its problems and their
// average. After the accuracies come the differences, then the shares of held-out classes'
// images that are taken for others.
func (s summary) gridsByMethod() []grid {
	var accuracies, differences, shares []grid
	for _, part := range s.parts {
		var problems []problem
		for _, p := range s.problems {
			if p.name == part.name || slices.Contains(part.problems, p.name) {
				problems = append(problems, p)
			}
		}
		if len(problems) == 0 {
			continue
		}
		of := strings.TrimPrefix(part.name, averageRow) // what their names have in common
		turned := func(title string, text func(p problem, column string) string) grid {
			g := grid{{title}}
			if of != "" {
				g[0][0] = strings.TrimPrefix(of, ", ") + ": " + title
			}
			for _, p := range problems {
				g[0] = append(g[0], strings.TrimSuffix(p.name, of))
			}
			add := func(name string, text func(p problem) string) {
				row, some := []string{name}, false
				for _, p := range problems {
					cell := text(p)
					row, some = append(row, dash(cell)), some || cell != ""
				}
				if some {
					g = append(g, row)
				}
			}
			for _, column := range s.columns {
				add(column, func(p problem) string { return text(p, column) })
				if title == s.title {
					add(publishedRow, func(p problem) string { return p.of(column) })
				}
			}
			return g
		}
		accuracies = append(accuracies, turned(s.title, func(p problem, column string) string { return p.accuracy[column].text() }))
		if g := turned(pairedTitle, func(p problem, column string) string { return p.difference[column].interval() }); len(g) > 1 {
			differences = append(differences, g)
		}
		if g := turned("taken for a class with labelled target images, percent", func(p problem, column string) string {
			if share, ok := s.taken[p.name][column]; ok {
				return fmt.Sprintf("%.1f", share)
			}
			return ""
		}); len(g) > 1 {
			shares = append(shares, g)
		}
	}
	return slices.Concat(accuracies, differences, shares)
}
