package tests

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/tests/browser"
)

// lab is JupyterLab in a browser without a network.
type lab struct {
	*browser.Tab
	t      *testing.T
	server jupyterServer
}

// openLab opens JupyterLab.
func openLab(t *testing.T) *lab {
	t.Helper()
	b := chromium(t)
	s := jupyterLab(t)
	t.Cleanup(func() {
		s.endKernels(t)
		if t.Failed() {
			t.Logf("JupyterLab:\n%s", s.log)
		}
	})
	return &lab{b.Open(t, browser.Window{Width: 1300, Height: 1500}, nil), t, s}
}

// writeNotebook writes cells of code as a notebook for our kernel and returns its path.
func writeNotebook(t *testing.T, name string, cells []string) string {
	t.Helper()
	nb := map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{
		"kernelspec": map[string]any{"name": "sdt", "display_name": "Go (sdtlab)", "language": "go"}}}
	var all []any
	for i, code := range cells {
		all = append(all, map[string]any{"cell_type": "code", "id": fmt.Sprint("c", i), "metadata": map[string]any{},
			"execution_count": nil, "outputs": []any{}, "source": code})
	}
	nb["cells"] = all
	text, err := json.Marshal(nb)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(shared, "notebooks-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// open opens a notebook of the shared folder, and waits for its kernel.
func (l *lab) open(path string) {
	l.t.Helper()
	below, err := filepath.Rel(shared, path)
	if err != nil {
		l.t.Fatal(err)
	}
	l.Go(l.server.base + "/lab/tree/" + (&url.URL{Path: filepath.ToSlash(below)}).EscapedPath() + "?reset&token=" + l.server.token)
	l.Until("the notebook "+below, `!!document.querySelector(".jp-NotebookPanel .jp-CodeCell")`)
	l.Until("its kernel", `(function () {
  var panel = jupyterapp.shell.currentWidget;
  return panel.sessionContext.isReady && panel.sessionContext.session.kernel.status === "idle";
})()`)
}

// labCell is a cell as JupyterLab shows it.
type labCell struct {
	Prompt, Text string
}

// lookAtCells is an expression for the code cells of the notebook that is shown.
const lookAtCells = `jupyterapp.shell.currentWidget.content.widgets.filter(function (w) { return w.model.type === "code"; }).map(function (w) {
  var s = { Prompt: w.node.querySelector(".jp-InputPrompt").textContent, Text: "" };
  w.node.querySelectorAll(".jp-OutputArea").forEach(function (area) { s.Text += area.innerText; });
  return s;
})`

// cells returns the notebook's cells of code.
func (l *lab) cells() []labCell {
	l.t.Helper()
	var cells []labCell
	if err := l.Value(&cells, lookAtCells); err != nil {
		l.t.Fatal(err)
	}
	return cells
}

// command has JupyterLab carry out one of its commands; it does not wait for the end.
func (l *lab) command(name string) {
	l.t.Helper()
	l.Do("jupyterapp.commands.execute(" + quoted(name) + ")")
}

// clean fails the test where the page's console has an error; JupyterLab warns of itself
// where it is slow.
func (l *lab) clean() {
	l.t.Helper()
	for _, wrong := range l.Wrong() {
		if !strings.HasPrefix(wrong, "warning: ") {
			l.t.Errorf("the page's console has %s", wrong)
		}
	}
}

// choose makes a cell of code the active one.
func (l *lab) choose(cell int) {
	l.t.Helper()
	l.Do(fmt.Sprintf(`(function (c) {
  c.activeCellIndex = c.widgets.indexOf(c.widgets.filter(function (w) { return w.model.type === "code"; })[%d]);
})(jupyterapp.shell.currentWidget.content)`, cell))
}

// start runs a cell and does not wait for its end.
func (l *lab) start(cell int) {
	l.t.Helper()
	l.choose(cell)
	l.command("notebook:run-cell")
}

// shows waits for a text in a cell's output.
func (l *lab) shows(cell int, text string) {
	l.t.Helper()
	l.Until(fmt.Sprintf("%q in cell %d", text, cell+1), fmt.Sprintf("%s[%d].Text.includes(%s)", lookAtCells, cell, quoted(text)))
}

// ended waits for a cell's end.
func (l *lab) ended(cell int) {
	l.t.Helper()
	l.Until(fmt.Sprintf("the end of cell %d", cell+1), fmt.Sprintf(`/\[\d+\]/.test(%s[%d].Prompt)`, lookAtCells, cell))
}

// runAll runs all cells and waits for their end.
func (l *lab) runAll() {
	l.t.Helper()
	l.command("notebook:run-all-cells")
	l.Until("the end of all cells", `jupyterapp.shell.currentWidget.content.widgets.every(function (w) { // hidden code has no prompt
  return w.model.type !== "code" || w.model.executionCount && w.model.executionState !== "running";
})`)
}

// quoted is a text in JavaScript.
func quoted(s string) string {
	text, _ := json.Marshal(s) // a string is never refused
	return string(text)
}

// labCells are a notebook for JupyterLab. The last cell fails.
var labCells = []string{
	"x := 40\nnames := []string{\"mug\", \"pen\"}",
	"x += 2\nfmt.Println(\"x is\", x)\nx",
	`webcam := sdt.Evaluation{Domain: "webcam", Classes: names,
	Labels: []int32{0, 0, 1, 1}, Predictions: []int32{0, 0, 1, 0}, Confidence: []float32{1, 1, 1, 1}}
plots.PerClassAccuracy(webcam).Display()`,
	"func pick(i int) string {\n\treturn names[i]\n}",
	"for range 9 {\n\tplots.ConfusionMatrix(webcam).Display()\n}",
	"third := 2\nfmt.Println(pick(third))",
}

// JupyterLab shows what our kernel gives it: values that live from cell to cell, the line
// that failed, and ten charts, without a network, by light and in the dark, also when the
// notebook is opened again. The chart script is beside the kernel and is loaded once.
func TestLab(t *testing.T) {
	b := openLab(t)
	file := writeNotebook(t, "small.ipynb", labCells)
	b.open(file)
	b.runAll()
	charts := func(when string) {
		t.Helper()
		s := b.Look(func(s browser.Seen) bool { return s.Charts == 10 && s.Settled() })
		if s.Charts != 10 || s.Drawn != 10 || len(s.Faint) > 0 {
			t.Errorf("%s: %+v, want ten charts, all drawn", when, s)
		}
		if len(s.Files) != 1 || !strings.HasPrefix(s.Files[0], b.server.base+"/kernelspecs/sdt/") {
			t.Errorf("%s: the chart script comes from %q, want the server, once", when, s.Files)
		}
	}
	charts("run")
	b.Shot("notebook")
	cells := b.cells()
	for i, c := range cells {
		if want := fmt.Sprintf("[%d]:", i+1); c.Prompt != want {
			t.Errorf("the prompt of cell %d is %q, want %q", i+1, c.Prompt, want)
		}
	}
	for _, want := range []struct {
		cell int
		text string
		why  string
	}{
		{1, "x is 42", "printed, of a value of another cell"},
		{1, "[2]:\n42", "the cell's value"},
		{2, "The numbers", "the chart's table"},
		{5, "index out of range [2] with length 2", "what failed"},
		{5, "Cell [4] Line 2", "where"},
		{5, "Cell [6] Line 2", "called from where"},
	} {
		if !strings.Contains(cells[want.cell].Text, want.text) {
			t.Errorf("cell %d does not show %q (%s), but\n%s", want.cell+1, want.text, want.why, cells[want.cell].Text)
		}
	}
	theme := func(name string) {
		b.Do(`jupyterapp.commands.execute("apputils:change-theme", { theme: ` + quoted(name) + ` })`)
		b.Until(name, `document.body.dataset.jpThemeName === `+quoted(name))
	}
	theme("JupyterLab Dark")
	charts("in the dark")
	b.Shot("dark")
	theme("JupyterLab Light")
	charts("by light")

	if err := b.Value(nil, `jupyterapp.commands.execute("docmanager:save").then(function () { return true; })`); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Size() > 300_000 {
		t.Errorf("saved: %v, %v, want ten charts in less than 300 kB", info, err)
	}
	b.open(file)
	charts("opened again")
	b.clean()
}
