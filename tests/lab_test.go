package tests

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/plots"
)

// labCells are a notebook for JupyterLab. The last cell fails.
var labCells = []string{
	"x := 40\nnames := []string{\"mug\", \"pen\"}",
	"x += 2\nfmt.Println(\"x is\", x)\nx",
	`webcam := sdt.Evaluation{Domain: "webcam", Classes: names,
	Labels: []int32{0, 0, 1, 1}, Predictions: []int32{0, 0, 1, 0}, Confidence: []float32{1, 1, 1, 1}}
plots.PerClassAccuracy(webcam).Display()`,
	"func pick(i int) string {\n\treturn names[i]\n}",
	"third := 2\nfmt.Println(pick(third))",
}

// writeNotebook writes cells of code as a notebook for our kernel.
func writeNotebook(t *testing.T, file string, cells []string) {
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
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// openLab starts JupyterLab in a folder and returns its address, without a path, and its
// token.
func openLab(t *testing.T, dir string) (base, token string) {
	t.Helper()
	runtime, config := t.TempDir(), t.TempDir()
	settings := filepath.Join(config, "lab", "user-settings", "@jupyterlab", "apputils-extension")
	if err := os.MkdirAll(settings, 0o700); err != nil {
		t.Fatal(err)
	}
	news := []byte(`{"fetchNews": "false", "checkForUpdates": false}`) // it would ask first
	if err := os.WriteFile(filepath.Join(settings, "notification.jupyterlab-settings"), news, 0o600); err != nil {
		t.Fatal(err)
	}
	token = "a-token-of-the-test"
	c := exec.Command("jupyter", "lab", "--no-browser", "--allow-root", "--expose-app-in-browser",
		"--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--ServerApp.root_dir="+dir, "--IdentityProvider.token="+token,
		"--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")
	c.Dir = dir
	c.Env = append(append(os.Environ(), jupyterAt(t)...), "JUPYTER_RUNTIME_DIR="+runtime, "JUPYTER_CONFIG_DIR="+config)
	var log strings.Builder
	c.Stdout, c.Stderr = &log, &log
	c.WaitDelay = 10 * time.Second
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			c.Process.Kill()
			<-ended
			t.Error("JupyterLab does not end")
		}
		if t.Failed() {
			t.Logf("JupyterLab:\n%s", log.String())
		}
	})
	for deadline := time.Now().Add(3 * time.Minute); ; {
		files, _ := filepath.Glob(filepath.Join(runtime, "jpserver-*.json"))
		if len(files) == 1 {
			var server struct{ Port int }
			text, err := os.ReadFile(files[0])
			if err == nil && json.Unmarshal(text, &server) == nil && server.Port != 0 {
				base = fmt.Sprintf("http://127.0.0.1:%d", server.Port)
				if r, err := http.Get(base + "/api?token=" + token); err == nil {
					r.Body.Close()
					return base, token
				}
			}
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("JupyterLab ended: %v\n%s", err, log.String())
		case <-time.After(100 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("JupyterLab does not come up")
		}
	}
}

// echartsScript returns the script that charts are drawn with.
func echartsScript(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	s := command(t.Context(), dir, nil, "npm", "pack", "--silent", "echarts@"+plots.EChartsVersion)
	if errors.Is(s.err, exec.ErrNotFound) {
		t.Skipf("%s: npm is not installed", t.Name())
	}
	s.must(t)
	command(t.Context(), dir, nil, "tar", "xzf", "echarts-"+plots.EChartsVersion+".tgz").must(t)
	js, err := os.ReadFile(filepath.Join(dir, "package", "dist", "echarts.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// labCell is a cell as JupyterLab shows it.
type labCell struct {
	Prompt, Text string
	Charts       int
	Drawn        int // charts with a canvas of several colours
}

// lookAtCells is an expression for the cells that are shown.
const lookAtCells = `Array.from(document.querySelectorAll(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell"), function (cell) {
  var s = { Prompt: cell.querySelector(".jp-InputPrompt").textContent, Text: "", Charts: 0, Drawn: 0 };
  cell.querySelectorAll(".jp-OutputArea").forEach(function (area) { s.Text += area.innerText; });
  cell.querySelectorAll("[data-sdt-chart]").forEach(function (el) {
    s.Charts++;
    var canvas = el.querySelector("canvas"), colours = {};
    if (!canvas) return;
    var px = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    for (var i = 0; i < px.length; i += 4) if (px[i + 3]) colours[px[i] + "," + px[i + 1] + "," + px[i + 2]] = 1;
    if (Object.keys(colours).length > 3) s.Drawn++;
  });
  return s;
})`

// openNotebook opens a notebook in JupyterLab and waits for its kernel.
func (b *tab) openNotebook(base, token, name string) {
	b.t.Helper()
	b.ask(nil, "Page.navigate", map[string]any{"url": base + "/lab/tree/" + url.PathEscape(name) + "?reset&token=" + token})
	b.until("the notebook "+name, `!!document.querySelector(".jp-NotebookPanel .jp-CodeCell")`)
	b.until("its kernel", `(function () {
  var panel = jupyterapp.shell.currentWidget;
  return panel.sessionContext.isReady && panel.sessionContext.session.kernel.status === "idle";
})()`)
}

// JupyterLab shows what our kernel gives it: values that live from cell to cell, a chart,
// and the line that failed.
func TestLab(t *testing.T) {
	needsJupyter(t, "lab")
	chromium(t)
	echarts := echartsScript(t)
	dir := t.TempDir()
	writeNotebook(t, filepath.Join(dir, "small.ipynb"), labCells)
	base, token := openLab(t, dir)
	b := openTab(t, map[string][]byte{plots.EChartsURL: echarts}, "--window-size=1300,1500")
	b.openNotebook(base, token, "small.ipynb")
	if err := b.value(nil, `jupyterapp.commands.execute("notebook:run-all-cells").then(function () { return true; })`); err != nil {
		t.Fatal(err)
	}
	b.until("the end of all cells", `(function () {
  var prompts = Array.from(document.querySelectorAll(".jp-CodeCell .jp-InputPrompt"), function (p) { return p.textContent; });
  return prompts.length === `+fmt.Sprint(len(labCells))+` && prompts.every(function (p) { return /\[\d+\]/.test(p); });
})()`)
	b.until("the chart", lookAtCells+`.some(function (c) { return c.Drawn; })`)
	b.shot("notebook")
	var cells []labCell
	if err := b.value(&cells, lookAtCells); err != nil {
		t.Fatal(err)
	}
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
		{4, "index out of range [2] with length 2", "what failed"},
		{4, "Cell [4] Line 2", "where"},
		{4, "Cell [5] Line 2", "called from where"},
	} {
		if !strings.Contains(cells[want.cell].Text, want.text) {
			t.Errorf("cell %d does not show %q (%s), but\n%s", want.cell+1, want.text, want.why, cells[want.cell].Text)
		}
	}
	if c := cells[2]; c.Charts != 1 || c.Drawn != 1 {
		t.Errorf("%d charts, %d of them drawn, want one", c.Charts, c.Drawn)
	}
	b.mu.Lock()
	wrong := slices.Clone(b.wrong)
	b.mu.Unlock()
	if len(wrong) > 0 {
		t.Errorf("the page's console has\n%s", strings.Join(wrong, "\n"))
	}
}
