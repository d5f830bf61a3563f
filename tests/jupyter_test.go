package tests

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/tests/browser"
)

// kernels are those that are installed: ours, whose cells share a process, and GoNB.
var kernels = []string{"sdt", "sdt-gonb"}

// jupyterAt installs the kernels under a prefix, once for all tests of a run, and returns
// the environment in which Jupyter finds them and nothing of this user's own.
func jupyterAt(t *testing.T) []string {
	t.Helper()
	from := checkout(t)
	env, err := jupyterHome(from)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// jupyterHome is for one checkout; it knows of no test, which may end before the others.
var jupyterHome = func() func(from string) ([]string, error) {
	var mu sync.Mutex
	var env []string
	return func(from string) ([]string, error) {
		mu.Lock()
		defer mu.Unlock()
		if env != nil {
			return env, nil
		}
		prefix := filepath.Join(shared, "jupyter")
		if s := command(context.Background(), from, nil, "go", "run", "./kernel", "install", "--prefix", prefix); s.err != nil {
			return nil, fmt.Errorf("install the kernels: %w\n%s", s.err, s.stderr)
		}
		env = []string{"JUPYTER_PATH=" + filepath.Join(prefix, "share", "jupyter")}
		for _, name := range []string{"JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"} {
			dir := filepath.Join(prefix, strings.ToLower(name))
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return nil, err
			}
			env = append(env, name+"="+dir)
		}
		return env, nil
	}
}()

// needsJupyter skips the test where a command of Jupyter is not there.
func needsJupyter(t *testing.T, subcommand string) {
	t.Helper()
	if testing.Short() {
		t.Skipf("%s: builds the kernels", t.Name())
	}
	if s := command(t.Context(), "", nil, "jupyter", subcommand, "--version"); s.err != nil {
		t.Skipf("%s: jupyter %s is not installed: %v", t.Name(), subcommand, s.err)
	}
}

// pythonWith returns a Python that has a module: Jupyter's own, or another.
func pythonWith(t *testing.T, module string) string {
	t.Helper()
	var all []string
	if jupyter, err := exec.LookPath("jupyter"); err == nil {
		all = append(all, filepath.Join(filepath.Dir(jupyter), "python3"))
	}
	for _, python := range append(all, "python3", "/usr/bin/python3") {
		if command(t.Context(), "", nil, python, "-c", "import "+module).err == nil {
			return python
		}
	}
	t.Skipf("%s: no Python with %s", t.Name(), module)
	return ""
}

// script returns the absolute path of a file in testdata.
func script(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// tiny is a notebook that declares in one cell, computes in another and shows a figure and
// the curves of what seems to be training.
const tiny = `{"nbformat": 4, "nbformat_minor": 5,
 "metadata": {"kernelspec": {"name": "KERNEL", "display_name": "Go", "language": "go"}},
 "cells": [
 {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": null, "outputs": [],
  "source": "%noautoget\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"time\"\n\n\t\"github.com/sdtlab/sdtlab/plots\"\n\t\"github.com/sdtlab/sdtlab/sdt\"\n)\n\nfunc evaluation() sdt.Evaluation {\n\treturn sdt.Evaluation{Domain: \"webcam\", Classes: []string{\"a\", \"b\"}, Labels: []int32{0, 0, 1, 1}, Predictions: []int32{0, 0, 1, 0}, Confidence: []float32{1, 1, 1, 1}}\n}"},
 {"cell_type": "code", "id": "b", "metadata": {}, "execution_count": null, "outputs": [],
  "source": "%%\nfmt.Printf(\"accuracy %.2f\\n\", evaluation().Accuracy())\nif err := plots.PerClassAccuracy(evaluation()).Display(); err != nil {\n\tpanic(err)\n}\nfollow := plots.Follow(os.Stdout)\nvar h sdt.History\nfor n := 1; n <= 3; n++ {\n\th.Step, h.ClassLoss = append(h.Step, n), append(h.ClassLoss, 1/float64(n))\n\tfollow(sdt.Progress{Stage: \"adapt\", Step: n, Steps: 3, History: h, Ended: n == 3})\n\ttime.Sleep(450 * time.Millisecond)\n}"},
 {"cell_type": "code", "id": "c", "metadata": {}, "execution_count": null, "outputs": [], "source": "LAST"}
 ]}`

// The kernels work in Jupyter itself: installed under a prefix, found there by name, each
// executes a notebook that uses our packages, and says when a cell fails.
func TestJupyter(t *testing.T) {
	needsJupyter(t, "nbconvert")
	jupyter := jupyterAt(t)
	list := command(t.Context(), "", jupyter, "jupyter", "kernelspec", "list", "--json").must(t)
	for _, want := range []string{`"display_name": "Go (sdtlab)"`, `"display_name": "Go (sdtlab, GoNB)"`} {
		if !strings.Contains(list.stdout, want) {
			t.Fatalf("Jupyter does not find the kernel with %s:\n%s", want, list.stdout)
		}
	}
	execute := func(t *testing.T, kernel, last string) (said, string) {
		dir := t.TempDir()
		file := filepath.Join(dir, "tiny.ipynb")
		code, err := json.Marshal(last)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("KERNEL", kernel, `"LAST"`, string(code)).Replace(tiny)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := command(t.Context(), dir, jupyter, "jupyter", "nbconvert", "--to", "notebook", "--execute",
			"--ExecutePreprocessor.timeout=300", "--ExecutePreprocessor.startup_timeout=300", "--output", "done.ipynb", file)
		return s, filepath.Join(dir, "done.ipynb")
	}
	for _, kernel := range kernels {
		t.Run(kernel, func(t *testing.T) {
			last := map[string]string{"sdt": "%echarts", "sdt-gonb": "%%\nfmt.Println(\"last\")"}[kernel]
			s, done := execute(t, kernel, last)
			s.must(t)
			data, err := os.ReadFile(done)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(data), "<figure class"); n != 2 || strings.Contains(string(data), "data-sdt-live") {
				t.Errorf("the executed notebook has %d figures, want two: the curves are one output, and no longer alive", n)
			}
			for _, want := range []string{`accuracy 0.75\n`, `3/3`, `Losses, step by step`, `"text/html"`, "<figure", "data-sdt-chart", `"execution_count": 3`} {
				if !strings.Contains(string(data), want) {
					t.Errorf("the executed notebook has no %s", want)
				}
			}
			t.Run("as HTML", func(t *testing.T) { converted(t, jupyter, done, kernel == "sdt") })
			s, _ = execute(t, kernel, "%%\npanic(\"on purpose\")")
			if s.err == nil || !strings.Contains(s.stderr, "on purpose") {
				t.Errorf("of a cell that fails nbconvert says %v\n%s", s.err, s.stderr)
			}
		})
	}
}

// converted looks at a notebook of two charts in nbconvert's HTML, which has the chart script
// inside, or must get it from the network.
func converted(t *testing.T, jupyter []string, notebook string, inside bool) {
	b := chromium(t)
	command(t.Context(), filepath.Dir(notebook), jupyter, "jupyter", "nbconvert", "--to", "html", notebook).must(t)
	page := "file://" + strings.TrimSuffix(notebook, ".ipynb") + ".html"
	look := func(net map[string][]byte) (browser.Seen, int) {
		p := b.Open(t, desk, net)
		p.Go(page)
		return p.Look(browser.Seen.Settled), p.Asked(plots.EChartsURL)
	}
	s, _ := look(nil)
	if inside {
		if s.Charts != 2 || s.Drawn != 2 {
			t.Errorf("without a network: %+v, want both charts drawn by the script inside", s)
		}
		renderedAlone(t, notebook)
		return
	}
	if s.Charts != 2 || len(s.Notes) != 2 || s.Open != 2 {
		t.Errorf("without a network: %+v, want a note in each chart's place and its table unfolded", s)
	}
	if s, asked := look(map[string][]byte{plots.EChartsURL: chartScript(t)}); s.Drawn != 2 || asked != 1 {
		t.Errorf("with a network: %+v, the script asked for %d times, want both charts drawn, by one script", s, asked)
	}
}

// renderedAlone puts a notebook's text/html outputs on a page as VS Code's renderer does,
// without a network: the script is the last of them.
func renderedAlone(t *testing.T, notebook string) {
	t.Helper()
	var all []string
	for _, c := range read(t, notebook).Cells {
		for _, o := range c.Outputs {
			var output struct{ Data map[string]any }
			if err := json.Unmarshal(o, &output); err != nil {
				t.Fatal(err)
			}
			if html := text(output.Data["text/html"]); html != "" {
				all = append(all, html)
			}
		}
	}
	list, err := json.Marshal(all) // which writes no <
	if err != nil {
		t.Fatal(err)
	}
	p := chromium(t).Open(t, desk, nil)
	p.Show(`<!DOCTYPE html><html style="--vscode-foreground: #cccccc"><body class="vscode-dark" style="background: #1f1f1f"><script>
` + string(list) + `.forEach(function (html) {
  var out = document.createElement("div");
  out.innerHTML = html;
  document.body.appendChild(out);
  Array.from(out.getElementsByTagName("script")).forEach(function (old) {
    var script = document.createElement("script");
    script.text = old.innerText;
    out.appendChild(script).parentNode.removeChild(script);
  });
});
</script></body></html>`)
	if s := p.Look(browser.Seen.Settled); s.Charts != 2 || s.Drawn != 2 || len(s.Faint) > 0 {
		t.Errorf("as VS Code renders it: %+v, want both charts drawn by the script behind it", s)
	}
}

// chartScript returns the script that is installed beside the kernel.
func chartScript(t *testing.T) []byte {
	t.Helper()
	jupyterAt(t)
	js, err := os.ReadFile(filepath.Join(shared, "jupyter", "share", "jupyter", "kernels", "sdt", "echarts.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// A notebook's cells share values in nbclient, which other programs execute notebooks by.
func TestJupyterNotebookClient(t *testing.T) {
	needsJupyter(t, "nbconvert")
	python := pythonWith(t, "nbclient")
	command(t.Context(), t.TempDir(), jupyterAt(t), python, script(t, "notebook.py"), "sdt").must(t)
}

// Jupyter's own client finds in the kernel what the protocol promises: see the checks in
// testdata/client.py.
func TestJupyterClient(t *testing.T) {
	needsJupyter(t, "kernelspec")
	python := pythonWith(t, "jupyter_client")
	s := command(t.Context(), t.TempDir(), jupyterAt(t), python, script(t, "client.py"), "sdt")
	lines := strings.Split(strings.TrimSpace(s.stdout), "\n")
	for _, line := range lines {
		result, rest, _ := strings.Cut(line, "\t")
		name, wrong, _ := strings.Cut(rest, "\t")
		if name == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			if result != "ok" {
				t.Error(wrong)
			}
		})
	}
	if s.err != nil || lines[len(lines)-1] != "done" {
		t.Errorf("the client did not come to its end: %v\n%s\n%s", s.err, s.stdout, s.stderr)
	}
	t.Log(s.stderr)
}

// What is typed in a terminal runs, and its values stay.
func TestJupyterConsole(t *testing.T) {
	needsJupyter(t, "console")
	jupyter := jupyterAt(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "jupyter", "console", "--kernel", "sdt", "--simple-prompt",
		"--ZMQTerminalInteractiveShell.kernel_timeout=240")
	c.Dir, c.Env = t.TempDir(), append(os.Environ(), jupyter...)
	c.Stdin = strings.NewReader("x := 1\nx + 1\nx = 40\nfmt.Println(\"sum\", x+2)\nmissing\n")
	c.WaitDelay = 30 * time.Second
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"Out[2]: 2", "sum 42", "undefined: missing"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the console does not show %q:\n%s", want, out)
		}
	}
}
