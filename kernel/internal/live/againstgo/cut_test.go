package againstgo

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// A cut is the cells of a program: the pieces of each cell, by number.
type cut [][]int

// randomCut cuts a program into cells. Statements keep their order. What a piece needs is
// in its cell or before, and everything else may come later: methods after values of their
// type, as long as nothing has seen that they were missing.
func randomCut(pieces []piece, r *rand.Rand) cut {
	needs := needed(pieces)
	at := make([]float64, len(pieces)) // the position that each piece prefers
	for i, p := range pieces {
		at[i] = float64(i)
		if p.moves {
			at[i] = r.Float64() * float64(len(pieces))
		}
	}
	wish := make([]int, len(pieces))
	for i := range wish {
		wish[i] = i
	}
	slices.SortStableFunc(wish, func(a, b int) int { return cmp.Compare(at[a], at[b]) })
	var order []int
	placed := make([]bool, len(pieces))
	var place func(i int)
	place = func(i int) {
		if placed[i] {
			return
		}
		placed[i] = true
		for _, j := range needs[i] {
			place(j)
		}
		order = append(order, i)
	}
	for _, i := range wish {
		place(i)
	}
	often := []float64{0.15, 0.4, 1}[r.IntN(3)]
	var cells cut
	for n, i := range order {
		if n == 0 || pieces[i].opens || pieces[order[n-1]].closes || r.Float64() < often {
			cells = append(cells, nil)
		}
		cell := &cells[len(cells)-1]
		*cell = append(*cell, i)
	}
	for n, cell := range cells { // declarations may be anywhere in their cell
		var fixed, moving []int
		for _, i := range cell {
			if pieces[i].moves {
				moving = append(moving, i)
			} else {
				fixed = append(fixed, i)
			}
		}
		for _, i := range moving {
			fixed = slices.Insert(fixed, r.IntN(len(fixed)+1), i)
		}
		cells[n] = fixed
	}
	return cells
}

var identifier = regexp.MustCompile(`\pL[\pL\d]*`)

// needed returns for each piece the pieces that must not come after it.
func needed(pieces []piece) [][]int {
	byName := map[string]int{}
	for i, p := range pieces {
		if p.name != "" && p.of == "" {
			byName[p.name] = i
		}
	}
	mentions := make([][]int, len(pieces))
	methods := map[int][]int{} // of a type's piece
	for i, p := range pieces {
		for _, name := range identifier.FindAllString(p.code, -1) {
			if j, ok := byName[name]; ok && j != i && !slices.Contains(mentions[i], j) {
				mentions[i] = append(mentions[i], j)
			}
		}
		if p.of != "" {
			methods[byName[p.of]] = append(methods[byName[p.of]], i)
		}
	}
	needs := make([][]int, len(pieces))
	for i, p := range pieces {
		needs[i] = slices.Clone(mentions[i])
		if !p.sees {
			continue
		}
		reached := map[int]bool{i: true}
		for stack := []int{i}; len(stack) > 0; {
			j := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, k := range mentions[j] {
				if !reached[k] {
					reached[k] = true
					stack = append(stack, k)
				}
			}
		}
		for j := range pieces { // not by ranging over reached: the order must not be random
			if reached[j] && pieces[j].name != p.of {
				needs[i] = append(needs[i], methods[j]...)
			}
		}
	}
	return needs
}

// text returns the cells' code.
func (c cut) text(pieces []piece) []string {
	var cells []string
	for _, cell := range c {
		var parts []string
		for _, i := range cell {
			parts = append(parts, pieces[i].code)
		}
		cells = append(cells, strings.Join(parts, "\n"))
	}
	return cells
}

// without returns the cut without some pieces.
func (c cut) without(drop map[int]bool) cut {
	var out cut
	for _, cell := range c {
		cell = slices.DeleteFunc(slices.Clone(cell), func(i int) bool { return drop[i] })
		if len(cell) > 0 {
			out = append(out, cell)
		}
	}
	return out
}

// withUsers returns pieces and all that need one of them.
func withUsers(pieces map[int]bool, needs [][]int) map[int]bool {
	all := maps.Clone(pieces)
	for grown := true; grown; {
		grown = false
		for i := range needs {
			if !all[i] && slices.ContainsFunc(needs[i], func(j int) bool { return all[j] }) {
				all[i], grown = true, true
			}
		}
	}
	return all
}

// whole returns the program of the pieces in the cut.
func (c cut) whole(pieces []piece) string {
	var top, main []string
	for i, p := range pieces {
		if slices.ContainsFunc(c, func(cell []int) bool { return slices.Contains(cell, i) }) {
			top, main = append(top, p.top), append(main, p.main)
		}
	}
	lines := func(of []string) string {
		return strings.Join(slices.DeleteFunc(of, func(s string) bool { return s == "" }), "\n")
	}
	code := lines(top) + "\nfunc main() {\n" + lines(main) + "\n}\n"
	return "package main\n\n" + importsOf(code) + "\n" + code
}

// importsOf returns the import declaration for the packages that code uses.
func importsOf(code string) string {
	imports := ""
	for _, path := range []string{"encoding/json", "encoding/gob", "encoding/xml", "bytes", "errors", "fmt", "io", "os", "reflect", "strings", "sync", "sync/atomic", "syscall", "text/template", "time", "unsafe"} {
		if regexp.MustCompile(`\b` + path[strings.LastIndex(path, "/")+1:] + `\.`).MatchString(code) {
			imports += "\t\"" + path + "\"\n"
		}
	}
	return "import (\n" + imports + ")\n"
}
