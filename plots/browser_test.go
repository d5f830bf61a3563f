package plots_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/plots"
)

// seen is what a page looked like in a browser.
type seen struct {
	Charts int      // containers
	Drawn  int      // containers with a canvas of more than one colour
	Notes  []string // in containers that are not drawn
	Open   int      // tables unfolded
	Tips   int      // tooltips that showed
	Wrong  []string // errors, and elements in tooltips that only an escape could have made
}

// inspect is a script that looks at the page a while after it is loaded, however long
// that takes on a busy machine, and leaves a seen in the title.
const inspect = `<script>
var wrong = [];
window.onerror = function (m) { wrong.push(String(m)); };
window.hacked = function () { wrong.push("a name ran as script"); };
window.addEventListener("load", function () { setTimeout(function () {
  var s = { Charts: 0, Drawn: 0, Notes: [], Open: document.querySelectorAll("details[open]").length, Tips: 0, Wrong: wrong };
  document.querySelectorAll("[data-sdt-chart]").forEach(function (el) {
    s.Charts++;
    var canvas = el.querySelector("canvas");
    if (!canvas) { s.Notes.push(el.textContent); return; }
    var px = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data, colours = {};
    for (var i = 0; i < px.length; i += 4) if (px[i + 3]) colours[px[i] + "," + px[i + 1] + "," + px[i + 2]] = 1;
    if (Object.keys(colours).length > 3) s.Drawn++;
    var chart = echarts.getInstanceByDom(el);
    [0, 5, 11].forEach(function (i) {
      chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: i });
      el.querySelectorAll("script, img, svg").forEach(function (x) { wrong.push("tooltip holds " + x.outerHTML); });
      if (Array.prototype.some.call(el.children, function (x) { return x.textContent.trim(); })) s.Tips++;
    });
  });
  document.title = JSON.stringify(s);
}, 3000); });
</script>`

// browse opens the page in Chromium and returns what it saw.
func browse(t *testing.T, page string, flags ...string) seen {
	t.Helper()
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			chromium = path
			break
		}
	}
	if chromium == "" {
		t.Skip("chromium is not installed")
	}
	dir, err := os.MkdirTemp("", "plots-browser-") // not t.TempDir: the browser may still write when it is told to go
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(strings.Replace(page, "<head>", "<head>"+inspect, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--window-size=1000,900", "--virtual-time-budget=10000", "--dump-dom"}, flags...)
	dom, err := exec.CommandContext(ctx, chromium, append(args, "file://"+file)...).Output()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	title := regexp.MustCompile(`(?s)<title>(.*?)</title>`).FindSubmatch(dom)
	if title == nil {
		t.Fatalf("no title in what chromium wrote: %.500s", dom)
	}
	var s seen
	if err := json.Unmarshal([]byte(html.UnescapeString(string(title[1]))), &s); err != nil {
		t.Fatalf("%v in %.500s", err, title[1])
	}
	return s
}

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
		t.Skip("npm is not installed, and SDT_ECHARTS is not set: no echarts to draw with")
	}
	dir := t.TempDir()
	pack := exec.CommandContext(t.Context(), npm, "pack", "--silent", "echarts@"+plots.EChartsVersion)
	pack.Dir = dir
	if out, err := pack.CombinedOutput(); err != nil {
		t.Skipf("npm could not fetch echarts: %v: %.200s", err, out)
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

// figures returns one of each figure, and how many of them are charts.
func figures(classes []string) (all []plots.Figure, charts int) {
	for _, c := range everyFigure(classes) {
		all = append(all, c)
		if string(c.Option()) != "null" {
			charts++
		}
	}
	return all, charts
}

// TestBrowser looks at every figure as a reader would.
func TestBrowser(t *testing.T) {
	js := echarts(t)
	all, charts := figures(office31)

	t.Run("script in the page", func(t *testing.T) {
		twice := append(all[:len(all):len(all)], all...) // the same figure may stand twice
		s := browse(t, rendered(t, plots.Page{Title: "x", ECharts: js, Figures: twice}))
		if s.Charts != 2*charts || s.Drawn != 2*charts || s.Tips < 2*charts || len(s.Wrong) > 0 {
			t.Errorf("%+v: want %d charts, all drawn, with tooltips, nothing wrong", s, 2*charts)
		}
	})

	t.Run("hostile names", func(t *testing.T) {
		all, charts := figures(hostile)
		s := browse(t, rendered(t, plots.Page{Title: "x", ECharts: js, Figures: all}))
		if s.Drawn != charts || len(s.Wrong) > 0 {
			t.Errorf("%+v: want %d charts, all drawn, and no name to have left its place", s, charts)
		}
	})

	// JupyterLab and VS Code set innerHTML, which runs no script, and then put a new
	// <script> in the place of each, or at the end of the output.
	t.Run("as notebooks insert it", func(t *testing.T) {
		var outputs []string
		for _, f := range all {
			outputs = append(outputs, rendered(t, f))
		}
		list, err := json.Marshal(outputs)
		if err != nil {
			t.Fatal(err)
		}
		s := browse(t, `<html><head><title>x</title><script>`+strings.ReplaceAll(string(js), "</script", `<\/script`)+`</script></head><body><script>
`+string(list)+`.forEach(function (html, i) {
  var out = document.createElement("div");
  out.innerHTML = html;
  document.body.appendChild(out);
  out.querySelectorAll("script").forEach(function (old) {
    var script = document.createElement("script");
    script.textContent = old.textContent;
    if (i % 2) old.replaceWith(script); else out.appendChild(script).remove();
  });
});
</script></body></html>`)
		if s.Drawn != charts || len(s.Wrong) > 0 {
			t.Errorf("%+v: want %d charts, all drawn", s, charts)
		}
	})

	// The script by reference, served by this test under the name of the real host:
	// the browser checks it by its hash, and asks once for all charts.
	t.Run("script by reference", func(t *testing.T) {
		var asked atomic.Int32
		server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if want := "/npm/echarts@" + plots.EChartsVersion + "/dist/echarts.min.js"; r.URL.Path != want {
				http.NotFound(w, r)
				return
			}
			asked.Add(1)
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Content-Type", "application/javascript")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(js))
		}))
		defer server.Close()
		_, port, err := net.SplitHostPort(server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		// A module loader on the page, as nbconvert's has, must not take echarts for itself.
		page := strings.Replace(rendered(t, plots.Page{Title: "x", Figures: all}), "<head>",
			`<head><script>window.define = function () { throw "define was called"; }; define.amd = {};</script>`, 1)
		s := browse(t, page, "--ignore-certificate-errors",
			fmt.Sprintf("--host-resolver-rules=MAP cdn.jsdelivr.net:443 127.0.0.1:%s", port))
		if s.Drawn != charts || asked.Load() != 1 || len(s.Wrong) > 0 {
			t.Errorf("%+v, script asked for %d times: want %d drawn, asked once", s, asked.Load(), charts)
		}
	})
}

// Without echarts and without a network there is a note in each chart's place, and
// the tables are unfolded.
func TestBrowserOffline(t *testing.T) {
	all, charts := figures(office31)
	s := browse(t, rendered(t, plots.Page{Title: "x", Figures: all}), "--host-resolver-rules=MAP * ~NOTFOUND")
	if s.Charts != charts || s.Drawn != 0 || len(s.Notes) != charts || s.Open < charts || len(s.Wrong) > 0 {
		t.Errorf("%+v: want %d notes and as many tables", s, charts)
	}
	for _, note := range s.Notes {
		if !strings.Contains(note, "Is there a network?") {
			t.Errorf("note %q does not say what to do", note)
		}
	}
}
