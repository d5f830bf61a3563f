package plots_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/tests/browser"
)

// Tests compute in pure Go where no back end is set, not on the fastest of the machine.
func TestMain(m *testing.M) {
	os.Setenv("GOMLX_BACKEND", cmp.Or(os.Getenv("GOMLX_BACKEND"), "go"))
	m.Run()
}

// showTip defines a function that shows the tooltip of a datum. In parallel coordinates echarts
// finds no place for it by itself: the reader points at the line, so that is done here.
const showTip = `function showTip(chart, series, i) {
  if (!chart.getOption().parallel) return chart.dispatchAction({ type: "showTip", seriesIndex: series, dataIndex: i });
  var of = chart.getModel().getSeriesByIndex(series), line = of && of.getData().getItemGraphicEl(i);
  if (!line) return;
  var p = line.shape.points;
  chart.dispatchAction({ type: "showTip", x: (p[0][0] + 3 * p[1][0]) / 4, y: (p[0][1] + 3 * p[1][1]) / 4 });
}`

// tips shows tooltips of every chart. It returns how many appeared, and the elements in them that
// only broken escaping could have made.
const tips = `(function () {
  ` + showTip + `
  var s = { Tips: 0, Wrong: [] };
  document.querySelectorAll("[data-sdt-chart]").forEach(function (el) {
    var chart = echarts.getInstanceByDom(el);
    [0, 5, 11].forEach(function (i) {
      showTip(chart, 0, i);
      el.querySelectorAll("script, img, svg").forEach(function (x) { s.Wrong.push("tooltip holds " + x.outerHTML); });
      if (Array.prototype.some.call(el.children, function (x) { return x.textContent.trim(); })) s.Tips++;
    });
  });
  if (window.wasHacked) s.Wrong.push("a name ran as script");
  return s;
})()`

// echarts returns the text of echarts.min.js: $SDT_ECHARTS, or from npm.
func echarts(t *testing.T) []byte {
	t.Helper()
	if path := os.Getenv("SDT_ECHARTS"); path != "" {
		js, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("SDT_ECHARTS: %v", err)
		}
		return js
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skipf("%s: npm is not installed, and SDT_ECHARTS is not set: no echarts to draw with", t.Name())
	}
	dir := t.TempDir()
	pack := exec.CommandContext(t.Context(), npm, "pack", "--silent", "--prefer-offline", "echarts@"+plots.EChartsVersion)
	pack.Dir = dir
	if out, err := pack.CombinedOutput(); err != nil {
		t.Skipf("%s: npm could not fetch echarts: %v: %.200s", t.Name(), err, out)
	}
	untar := exec.CommandContext(t.Context(), "tar", "xzf", "echarts-"+plots.EChartsVersion+".tgz")
	untar.Dir = dir
	if out, err := untar.CombinedOutput(); err != nil {
		t.Fatalf("tar: %v: %s", err, out)
	}
	js, err := os.ReadFile(filepath.Join(dir, "package", "dist", "echarts.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// figures returns one of each figure, and how many of them are charts; these come first.
func figures(classes []string) (all []plots.Figure, charts int) {
	every := everyFigure(classes)
	for _, name := range slices.Sorted(maps.Keys(every)) {
		if c := every[name]; string(c.Option()) != "null" {
			all = slices.Insert(all, charts, plots.Figure(c))
			charts++
		} else {
			all = append(all, c)
		}
	}
	return all, charts
}

// outputs returns figures in the form in which a notebook holds them, in JavaScript.
func outputs(t *testing.T, all []plots.Figure) string {
	t.Helper()
	var html []string
	for _, f := range all {
		html = append(html, rendered(t, f))
	}
	list, err := json.Marshal(html)
	if err != nil {
		t.Fatal(err)
	}
	return string(list)
}

// notebooks puts outputs on a page as notebooks do: innerHTML runs no script, so each <script> is
// replaced by a new one (JupyterLab), or appended to the output and removed again (VS Code's
// renderer of text/html, which passes on only the script's text).
const notebooks = `function show(outputs) {
  outputs.forEach(function (html, i) {
    var out = document.createElement("div");
    out.innerHTML = html;
    document.body.appendChild(out);
    out.querySelectorAll("script").forEach(function (old) {
      var script = document.createElement("script");
      script.text = old.innerText;
      if (lab) old.replaceWith(script); else out.appendChild(script).parentNode.removeChild(script);
    });
  });
}
`

// chromium returns a browser; without one the test is skipped.
func chromium(t *testing.T) *browser.Browser {
	t.Helper()
	b, err := browser.Start()
	if errors.Is(err, browser.ErrMissing) {
		t.Skipf("%s: %v", t.Name(), err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// TestBrowser checks every figure in a browser.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: a minute under the race detector", t.Name())
	}
	js := echarts(t)
	b := chromium(t)
	window, cdn := browser.Window{Width: 1000, Height: 900}, map[string][]byte{plots.EChartsURL: js}
	all, charts := figures(office31)
	drawn := func(t *testing.T, p *browser.Tab, want int) {
		t.Helper()
		if s := p.Look(browser.Seen.Settled); s.Charts != want || s.Drawn != want || len(s.Faint) > 0 || len(p.Wrong()) > 0 {
			t.Errorf("%+v, wrong %q: want %d charts, all drawn", s, p.Wrong(), want)
		}
		var s struct {
			Tips  int
			Wrong []string
		}
		if err := p.Value(&s, tips); err != nil || s.Tips < want || len(s.Wrong) > 0 {
			t.Errorf("%v: %+v: want tooltips of %d charts, nothing wrong", err, s, want)
		}
	}

	t.Run("script in the page", func(t *testing.T) {
		p := b.Open(t, window, nil)
		twice := append(all[:len(all):len(all)], all...) // the same figure may be on the page twice
		p.Show(rendered(t, plots.Page{Title: "x", ECharts: js, Figures: twice}))
		drawn(t, p, 2*charts)
	})

	t.Run("hostile names", func(t *testing.T) {
		all, charts := figures(hostile)
		var evals []sdt.Evaluation // with names that become series and appear in legends
		var groups []plots.Points
		for i, name := range hostile {
			e := madeUpEvaluation(sdt.Methods()[i%6], hostile, nil)
			e.Name = name
			evals, groups = append(evals, e), append(groups, plots.Points{Name: name, XY: [][2]float64{{float64(i), 1}}})
		}
		all = slices.Insert(all, charts, []plots.Figure{plots.PerClassAccuracy(evals...), plots.Scatter(plots.ScatterText{Title: "Points"}, groups...)}...)
		charts += 2
		p := b.Open(t, window, nil)
		p.Show(strings.Replace(rendered(t, plots.Page{Title: "x", ECharts: js, Figures: all}), "<head>",
			`<head><script>function hacked() { window.wasHacked = true; }</script>`, 1))
		drawn(t, p, charts)
	})

	// By URL: the browser checks the script against its hash, and requests it once for all charts.
	// All text is legible for a reader who prefers dark pages, or switches to them.
	t.Run("script by reference", func(t *testing.T) {
		p := b.Open(t, window, cdn)
		// A module loader on the page, as in nbconvert's, must not take echarts for itself.
		p.Show(strings.Replace(rendered(t, plots.Page{Title: "x", Figures: all}), "<head>",
			`<head><script>window.define = function () { throw "define was called"; }; define.amd = {};</script>`, 1))
		drawn(t, p, charts)
		for _, dark := range []bool{true, false} {
			p.Dark(dark)
			if s := p.Look(browser.Seen.Settled); s.Drawn != charts || len(s.Faint) > 0 {
				t.Errorf("dark %v: %d of %d charts drawn, lettering faint in %q", dark, s.Drawn, charts, s.Faint)
			}
		}
		if n := p.Asked(plots.EChartsURL); n != 1 {
			t.Errorf("the script was asked for %d times for %d charts, want once", n, charts)
		}
	})

	// From a Jupyter server, here one with a path, as in a hub: the pages of JupyterLab and of the
	// classic Notebook each have their way of naming the server's address.
	for name, says := range map[string]string{
		"script from JupyterLab's server":   `<body><script id="jupyter-config-data" type="application/json">{"baseUrl": "/user/ada/"}</script>`,
		"script from the Notebook's server": `<body data-base-url="/user/ada/">`,
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/":
					io.WriteString(w, strings.Replace(rendered(t, plots.Page{Title: "x", Figures: all[:2]}), "<body>", says, 1))
				case "/user/ada/kernelspecs/sdt/echarts.min.js":
					asked.Add(1)
					w.Header().Set("Content-Type", "text/javascript")
					w.Write(js)
				default:
					w.WriteHeader(http.StatusNoContent) // the page's icon
				}
			}))
			defer server.Close()
			p := b.Open(t, window, nil)
			p.Go(server.URL)
			drawn(t, p, 2)
			if n := asked.Load(); n != 1 {
				t.Errorf("the server was asked for the script %d times for two charts, want once", n)
			}
		})
	}

	t.Run("another script than the one by reference", func(t *testing.T) {
		p := b.Open(t, window, map[string][]byte{plots.EChartsURL: append(js[:len(js):len(js)], ' ')})
		p.Show(rendered(t, plots.Page{Title: "x", Figures: all[:1]}))
		if s := p.Look(browser.Seen.Settled); s.Drawn != 0 || len(s.Notes) != 1 {
			t.Errorf("%+v: want the chart not drawn by a script that was changed", s)
		}
	})

	for name, lab := range map[string]string{"in JupyterLab's way": "true", "in VS Code's way": "false"} {
		t.Run(name, func(t *testing.T) {
			p := b.Open(t, window, cdn)
			p.Show(`<html style="--vscode-foreground: #cccccc"><head><title>x</title></head><body class="vscode-dark" style="background: #1f1f1f">
<script>var lab = ` + lab + `;` + notebooks + `show(` + strings.ReplaceAll(outputs(t, all), "</", `<\/`) + `);</script></body></html>`)
			drawn(t, p, charts)
			if n := p.Asked(plots.EChartsURL); n != 1 {
				t.Errorf("the script was asked for %d times for %d charts, want once", n, charts)
			}
		})
	}

	// Without echarts and without a network there is a note in place of each chart, and the tables
	// are unfolded, until a later output brings the script.
	t.Run("without a network", func(t *testing.T) {
		p := b.Open(t, window, nil)
		p.Show(rendered(t, plots.Page{Title: "x", Figures: all}))
		s := p.Look(browser.Seen.Settled)
		if s.Charts != charts || s.Drawn != 0 || len(s.Notes) != charts || s.Open < charts {
			t.Errorf("%+v: want %d notes and as many tables", s, charts)
		}
		for _, note := range s.Notes {
			if !strings.Contains(note, "Check the network") {
				t.Errorf("note %q does not say what to do", note)
			}
		}
		for _, wrong := range p.Wrong() {
			if !strings.Contains(wrong, plots.EChartsURL) {
				t.Errorf("wrong: %s", wrong)
			}
		}
		text, err := json.Marshal(string(js))
		if err != nil {
			t.Fatal(err)
		}
		p.Do(`(0, eval)(` + string(text) + `), window.dispatchEvent(new Event("sdt-echarts"))`)
		if s := p.Look(browser.Seen.Settled); s.Drawn != charts {
			t.Errorf("%+v: want %d charts, drawn when the script came", s, charts)
		}
	})
}
