package tests

import (
	"context"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// seen is what a report looked like in a browser.
type seen struct {
	Charts int      // places for a chart
	Drawn  int      // of them with a canvas of several colours
	Blank  []string // names of those without
	Hidden int      // figures of no height
	Wrong  []string // what the page's console would hold of errors
}

// inspect leaves a seen in the page's title when the page is loaded and every chart had
// the time to be drawn: the charts move into place, and no event says that they are done.
const inspect = `<script>
(function () {
  var wrong = [];
  window.addEventListener("error", function (e) { wrong.push(e.message || "not loaded: " + (e.target.src || e.target.href)); }, true);
  window.addEventListener("unhandledrejection", function (e) { wrong.push("rejected: " + e.reason); });
  ["error", "warn"].forEach(function (f) {
    var was = console[f];
    console[f] = function () { wrong.push(f + ": " + Array.prototype.join.call(arguments, " ")); was.apply(console, arguments); };
  });
  window.addEventListener("load", function () { setTimeout(function () {
    var s = { Charts: 0, Drawn: 0, Blank: [], Hidden: 0, Wrong: wrong };
    document.querySelectorAll("figure").forEach(function (f) { if (f.getBoundingClientRect().height < 20) s.Hidden++; });
    document.querySelectorAll("[data-sdt-chart]").forEach(function (el) {
      s.Charts++;
      var canvas = el.querySelector("canvas"), colours = {};
      if (canvas) {
        var px = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        for (var i = 0; i < px.length; i += 4) if (px[i + 3]) colours[px[i] + "," + px[i + 1] + "," + px[i + 2]] = 1;
      }
      if (Object.keys(colours).length > 3) s.Drawn++; else s.Blank.push(el.getAttribute("aria-label"));
    });
    document.title = JSON.stringify(s);
  }, 4000); });
})();
</script>`

// browse opens a report in Chromium and returns what it saw.
func browse(t *testing.T, report string, flags ...string) seen {
	t.Helper()
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			chromium = path
			break
		}
	}
	if chromium == "" {
		t.Skipf("%s: chromium is not installed", t.Name())
	}
	page, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(shared, "browser-") // the browser may still write when it is told to go
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "report.html")
	watched := regexp.MustCompile(`<head[^>]*>`).ReplaceAllStringFunc(string(page), func(head string) string { return head + inspect })
	if watched == string(page) {
		t.Fatalf("%s has no <head>", report)
	}
	if err := os.WriteFile(file, []byte(watched), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--window-size=1200,900", "--virtual-time-budget=15000", "--dump-dom"}, flags...)
	dom, err := exec.CommandContext(ctx, chromium, append(args, "file://"+file)...).Output()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	title := regexp.MustCompile(`(?s)<title>(\{.*?)</title>`).FindSubmatch(dom)
	if title == nil {
		t.Fatalf("the page did not say what it looks like; it begins %.300s", dom)
	}
	var s seen
	if err := json.Unmarshal([]byte(html.UnescapeString(string(title[1]))), &s); err != nil {
		t.Fatalf("%v in %.300s", err, title[1])
	}
	return s
}

// offline keeps the browser from every host.
const offline = "--host-resolver-rules=MAP * ~NOTFOUND"

// looksRight opens a report without a network: every chart must be drawn, and nothing go
// wrong.
func looksRight(t *testing.T, report string, flags ...string) {
	t.Helper()
	page, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	charts := strings.Count(string(page), `class="sdt-chart"`)
	if len(flags) == 0 {
		flags = []string{offline}
	}
	s := browse(t, report, flags...)
	if s.Charts != charts || s.Drawn != charts || s.Hidden > 0 || len(s.Wrong) > 0 {
		t.Errorf("%s: %+v, want %d charts, all drawn, and nothing wrong", filepath.Base(report), s, charts)
	}
}

// The demo's report shows every chart, with a network and without.
func TestBrowser(t *testing.T) {
	e := demo(t)
	t.Run("without a network", func(t *testing.T) { looksRight(t, e.report, offline) })
	t.Run("with a network", func(t *testing.T) { looksRight(t, e.report, "--window-size=1200,900") })
	t.Run("on a telephone", func(t *testing.T) { looksRight(t, e.report, offline, "--window-size=500,900") })
}

// The inspection itself finds a chart that is not drawn, and a script that fails.
func TestBrowserSeesWhatIsWrong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.html")
	const page = `<!DOCTYPE html><html><head><title>x</title></head><body>
<figure><div data-sdt-chart="a" aria-label="blank"><canvas width=99 height=99></canvas></div></figure>
<figure style="display:none"></figure><script>missing()</script><img src="nowhere.png"></body></html>`
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	s := browse(t, file, offline)
	if s.Charts != 1 || s.Drawn != 0 || s.Hidden != 1 || len(s.Wrong) != 2 {
		t.Errorf("%+v, want one blank chart, one hidden figure, two errors", s)
	}
}
