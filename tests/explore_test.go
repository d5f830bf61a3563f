package tests

import (
	"strings"
	"testing"
)

// exploredCell shows a figure whose slider the program answers: soft labels of a network
// whose logits for the two classes are 4 apart.
const exploredCell = `at := func(tau float64) sdt.SoftLabels {
	p := 1 / (1 + math.Exp(-4/tau))
	return sdt.SoftLabels{Classes: names, Temperature: tau, L: [][]float64{{p, 1 - p}, {1 - p, p}}, Counts: []int{2, 2}}
}
if err := plots.SoftLabelsByTemperature(at, 1, 2, 10).Explore(context.Background()); err != nil {
	panic(err)
}`

// In JupyterLab the slider of a cell's figure is moved by the keyboard, after the cell has
// ended: the program that lives on computes the soft labels at a τ that the figure does
// not have.
func TestLabExplores(t *testing.T) {
	b := openLab(t)
	b.open(writeNotebook(t, "explored.ipynb", []string{"names := []string{\"mug\", \"pen\"}", exploredCell}))
	b.runAll()
	const figure = `document.querySelectorAll(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")[1].querySelector("figure")`
	look := func(what string) (s string) {
		t.Helper()
		if err := b.Value(&s, figure+what); err != nil {
			t.Fatal(err)
		}
		return s
	}
	b.Until("the program behind the slider", figure+`.querySelector(".sdt-choose small").textContent.includes("Any value")`)
	b.Until("the heat map", "!!"+figure+`.querySelector("canvas")`)
	before := look(`.querySelector("canvas").toDataURL()`)
	if err := b.Value(nil, figure+`.querySelector("input").focus()`); err != nil {
		t.Fatal(err)
	}
	for range 25 {
		b.Press("ArrowRight", 39, "")
	}
	b.Until("τ = 1.41", figure+`.querySelector("output").textContent === "τ = 1.41" && !`+figure+`.querySelector('[data-sdt-version="any"]').hidden`)
	// Half way from 1 to 2 is √2: the mass on the other class is 1/(1 + exp(4/1.41)) = 5.54 %.
	if text := look(`.querySelector('[data-sdt-version="any"]').innerText`); !strings.Contains(text, "τ = 1.41") || !strings.Contains(text, "5.54 %") {
		t.Errorf("at τ = 1.41 the table is\n%s", text)
	}
	b.Until("another drawing", figure+`.querySelector("canvas").toDataURL() !== `+quoted(before))
	b.Press("End", 35, "")
	b.Until("the last τ", figure+`.querySelector("output").textContent === "τ = 10" && `+figure+`.querySelector('[data-sdt-version="any"]').hidden`)
	b.Shot("explored")
	b.clean()
}
