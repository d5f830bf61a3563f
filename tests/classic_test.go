package tests

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/tests/browser"
)

// classicPython returns a Python that has the classic Notebook, before its release 7, which
// is JupyterLab in other clothes.
func classicPython(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		s := command(t.Context(), "", nil, python, "-c", "import notebook; assert notebook.version_info[0] < 7")
		if s.err == nil {
			return python
		}
	}
	t.Skipf("%s: no Python with notebook before 7 (Debian's python3-notebook)", t.Name())
	return ""
}

// The classic Notebook runs cells on our kernel, and draws a chart without a network.
func TestClassicNotebook(t *testing.T) {
	needsJupyter(t, "kernelspec")
	b := chromium(t)
	python := classicPython(t)
	free, err := net.Listen("tcp", "127.0.0.1:0") // it takes a port of 0 at its word
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	s, err := serve(jupyterAt(t), "nbserver-*.json", python, "-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1",
		fmt.Sprint("--port=", port), "--NotebookApp.token="+serverToken, "--notebook-dir="+shared)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.endKernels(t)
		if t.Failed() {
			t.Logf("Notebook:\n%s", s.log)
		}
	})
	file, err := filepath.Rel(shared, writeNotebook(t, "classic.ipynb", labCells))
	if err != nil {
		t.Fatal(err)
	}
	p := b.Open(t, desk, nil)
	p.Go(s.base + "/notebooks/" + (&url.URL{Path: filepath.ToSlash(file)}).EscapedPath() + "?token=" + s.token)
	p.Until("a kernel", `!!window.Jupyter && !!Jupyter.notebook && !!Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected() && !Jupyter.notebook.kernel_busy`)
	p.Do(`Jupyter.notebook.execute_all_cells()`)
	p.Until("the end of all cells", fmt.Sprintf(`Jupyter.notebook.get_cells().every(function (c) { return c.input_prompt_number > 0; }) && Jupyter.notebook.get_cells().length === %d`, len(labCells)))
	seen := p.Look(func(s browser.Seen) bool { return s.Charts == 10 && s.Settled() })
	p.Shot("classic")
	if seen.Charts != 10 || seen.Drawn != 10 || len(seen.Faint) > 0 || len(seen.Files) != 1 {
		t.Errorf("%+v, want ten charts, all drawn, and the script from the server once", seen)
	}
	var shown string
	if err := p.Value(&shown, `Array.from(document.querySelectorAll(".output_area"), function (a) { return a.innerText; }).join("\n")`); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"x is 42", "index out of range [2] with length 2", "Cell [4] Line 2"} {
		if !strings.Contains(shown, want) {
			t.Errorf("it does not show %q, but\n%s", want, shown)
		}
	}
}
