package tests

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sdtlab/sdtlab/tests/browser"
)

// started is the browser of all tests of a run.
var started = sync.OnceValues(func() (*browser.Browser, error) {
	b, err := browser.Start()
	if err == nil {
		atEnd = append(atEnd, b.Close)
	}
	return b, err
})

// chromium returns the browser; without one the test is skipped.
func chromium(t *testing.T) *browser.Browser {
	t.Helper()
	b, err := started()
	if errors.Is(err, browser.ErrMissing) {
		t.Skipf("%s: %v", t.Name(), err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// looksRight opens a report without a network: every chart must be drawn, by light and in
// the dark, and nothing go wrong.
func looksRight(t *testing.T, report string, w browser.Window) {
	t.Helper()
	b := chromium(t)
	page, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	charts := strings.Count(string(page), `class="sdt-chart"`)
	p := b.Open(t, w, nil)
	p.Go("file://" + report)
	for _, dark := range []bool{false, true} {
		p.Dark(dark)
		s := p.Look(browser.Seen.Settled)
		if s.Charts != charts || s.Drawn != charts || s.Hidden > 0 || len(s.Faint) > 0 {
			t.Errorf("%s, dark %v: %+v, want %d charts, all drawn", filepath.Base(report), dark, s, charts)
		}
	}
	if wrong := p.Wrong(); len(wrong) > 0 {
		t.Errorf("%s: the page's console has\n%s", filepath.Base(report), strings.Join(wrong, "\n"))
	}
}

// desk and telephone are windows to look at pages in.
var desk, telephone = browser.Window{Width: 1200, Height: 900}, browser.Window{Width: 400, Height: 800}

// The demo's report shows every chart.
func TestBrowser(t *testing.T) {
	e := demo(t)
	t.Run("at a desk", func(t *testing.T) { looksRight(t, e.report, desk) })
	t.Run("on a telephone", func(t *testing.T) { looksRight(t, e.report, telephone) })
}

// The inspection itself finds a chart that is not drawn, one that cannot be read, and a
// script that fails.
func TestBrowserSeesWhatIsWrong(t *testing.T) {
	p := chromium(t).Open(t, desk, nil)
	p.Show(`<!DOCTYPE html><html><head><title>x</title></head><body>
<figure><div data-sdt-chart="a" aria-label="blank"><canvas width=99 height=99></canvas></div></figure>
<figure><div data-sdt-chart="b" aria-label="faint" style="color: #999"><canvas id="c" width=99 height=99></canvas></div></figure>
<script>
var c = document.getElementById("c").getContext("2d");
["#999", "red", "green", "blue"].forEach(function (colour, i) { c.fillStyle = colour; c.fillRect(20 * i, 0, 20, 20); });
</script>
<figure style="display:none"></figure><script>missing()</script><img src="nowhere.png"></body></html>`)
	s := p.Look(func(browser.Seen) bool { return true })
	if s.Charts != 2 || s.Drawn != 1 || strings.Join(s.Blank, "") != "blank" || strings.Join(s.Faint, "") != "faint" || s.Hidden != 1 || s.Settled() {
		t.Errorf("%+v, want one blank chart, one that is faint, one hidden figure", s)
	}
	if wrong := p.Wrong(); len(wrong) != 2 {
		t.Errorf("%q, want two errors", wrong)
	}
}
