package plots_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/tests/browser"
)

// brokenWords returns, for all visible tables, the words that are on more than one line, the rows
// higher than four lines, and the captions wider than the page.
const brokenWords = `(function () {
  var seen = { Broken: [], High: [], Outside: [] };
  document.querySelectorAll("details").forEach(function (d) { d.open = true; });
  document.querySelectorAll(".sdt-table").forEach(function (table) {
    table.querySelectorAll("tr").forEach(function (row) {
      if (row.getBoundingClientRect().height > 5.5 * parseFloat(getComputedStyle(row).fontSize) * 1.5) seen.High.push(row.textContent);
    });
    var walk = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      var node = walk.currentNode, words = /[^\s\/-]+/g, word;
      while ((word = words.exec(node.data))) {
        var range = document.createRange();
        range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
        var tops = Array.from(range.getClientRects()).map(function (r) { return Math.round(r.top); });
        if (tops.some(function (top) { return top !== tops[0]; })) seen.Broken.push(word[0]);
      }
    }
  });
  document.querySelectorAll(".sdt-caption").forEach(function (c) {
    if (c.getBoundingClientRect().right > innerWidth || c.scrollWidth > c.clientWidth + 1) seen.Outside.push(c.textContent);
  });
  return seen;
})()`

// Tables of words are legible on a screen and on a phone: no word, key or date is broken, no row is
// a stack of single words, and no caption is wider than the page.
func TestTablesCanBeRead(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: starts a browser", t.Name())
	}
	run := func(dir string) sdt.Run {
		data := sdt.TaskSummary{Name: "catalogue→webcam", Protocol: "semi-supervised", Classes: office31, Sets: []sdt.SetSummary{
			{Role: "target, labelled", Domain: "webcam", Count: 150, Shape: []int{32, 32, 3}, SHA256: strings.Repeat("0123456789abcdef", 4)},
			{Role: "target, unlabelled", Domain: "webcam", Count: 645, Shape: []int{32, 32, 3}, SHA256: strings.Repeat("123456789abcdef0", 4)}}}
		return sdt.Run{Dir: dir, Stages: []sdt.Stage{{Key: "57a75dc4ac121c08", History: &sdt.History{}, Provenance: sdt.Provenance{Data: data,
			Command: "go run ./kernel run notebooks/05_your_own_data.ipynb", Made: time.Date(2026, 11, 30, 12, 44, 0, 0, time.UTC),
			Environment: sdt.Environment{Go: "go1.26.8-X:simd", Platform: "linux/amd64", CPUs: 16, GoMLX: "v0.28.2"}}}}}
	}
	few := []sdt.Run{run("runs/quickstart"), run("studies/mugs/runs"), run("/home/someone/experiments")}
	figures := []plots.Figure{plots.Origins(few...), plots.Origins(append(few, few...)...), plots.DataTable(few...),
		plots.SoftLabels(madeUpSoftLabels(office31)), plots.ConfusionMatrix(madeUpEvaluation(sdt.Full, office31, heldOut16))}
	js, b := echarts(t), chromium(t)
	for _, width := range []int{1100, 390} {
		p := b.Open(t, browser.Window{Width: width, Height: 900}, nil)
		p.Show(rendered(t, plots.Page{Title: "x", ECharts: js, Figures: figures}))
		p.Until("charts", `Array.from(document.querySelectorAll("[data-sdt-chart]")).every(function (el) { return el.querySelector("canvas"); })`)
		var seen struct{ Broken, High, Outside []string }
		if err := p.Value(&seen, brokenWords); err != nil {
			t.Fatal(err)
		}
		if len(seen.Broken)+len(seen.High)+len(seen.Outside) > 0 {
			t.Errorf("at %d px words are broken %q, rows are towers %q, captions leave the page %q", width, seen.Broken, seen.High, seen.Outside)
		}
		// Heat maps are wider than a phone, and say so.
		var notes int
		if err := p.Value(&notes, `Array.from(document.querySelectorAll(".sdt-more")).filter(function (m) { return m.getClientRects().length; }).length`); err != nil {
			t.Fatal(err)
		}
		if want := map[int]int{1100: 0, 390: 2}[width]; notes != want {
			t.Errorf("at %d px %d drawings say that they are wider than the page, want %d", width, notes, want)
		}
		p.Shot(map[int]string{1100: "tables on a screen", 390: "tables on a telephone"}[width])
	}
}

// jupyterLab is how JupyterLab 4 styles tables in outputs.
const jupyterLab = `<style>
.jp-RenderedHTMLCommon td, .jp-RenderedHTMLCommon th, .jp-RenderedHTMLCommon tr { vertical-align: middle; padding: 0.5em; line-height: normal; white-space: normal; max-width: none; border: none; }
:not(.jp-RenderedMarkdown).jp-RenderedHTMLCommon td, :not(.jp-RenderedMarkdown).jp-RenderedHTMLCommon th, :not(.jp-RenderedMarkdown).jp-RenderedHTMLCommon tr { text-align: right; }
</style>`

// In JupyterLab, whose style aligns all cells to the right, words are on the left of their
// column, as elsewhere, and numbers on the right.
func TestTablesInJupyterLab(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: starts a browser", t.Name())
	}
	table := plots.Table{Caption: "c", Head: []string{"class", "images", "most similar"}, Text: []int{2},
		Rows: [][]string{{"mug", "20", "cup, pen"}}, Foot: [][]string{{"all", "20", "none"}}}
	p := chromium(t).Open(t, browser.Window{Width: 1100, Height: 900}, nil)
	p.Show("<!DOCTYPE html><html><head>" + jupyterLab + `</head><body><div class="jp-RenderedHTMLCommon">` + rendered(t, table) + "</div></body></html>")
	var seen [][]string
	if err := p.Value(&seen, `Array.from(document.querySelectorAll("tr")).map(function (row) {
  return Array.from(row.cells).map(function (cell) { return getComputedStyle(cell).textAlign; });
})`); err != nil {
		t.Fatal(err)
	}
	for i, row := range seen {
		wantRows(t, []string{"head", "row", "foot"}[i], [][]string{row}, [][]string{{"start", "right", "start"}})
	}
	if len(seen) != 3 {
		t.Errorf("%d rows, want 3", len(seen))
	}
}

// The short name of a row is on one line, however many columns of numbers there are.
func TestNamesOfRowsAreNotBroken(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: starts a browser", t.Name())
	}
	table := plots.Table{Caption: "c", Head: []string{"method", "A→W", "A→D", "W→A", "W→D", "D→A", "D→W", "average"}}
	for _, m := range sdt.Methods()[:5] {
		table.Rows = append(table.Rows, []string{m.String(), "21.7±0.9", "55.3±2.8", "38.4±2.4", "44.4±1.2", "60.6±2.6", "35.4±1.7", "42.6±1.2"})
	}
	b := chromium(t)
	for _, width := range []int{1100, 700, 390} {
		p := b.Open(t, browser.Window{Width: width, Height: 900}, nil)
		p.Show("<!DOCTYPE html>" + rendered(t, table))
		var lines []int
		if err := p.Value(&lines, `Array.from(document.querySelectorAll("tbody th bdi")).map(function (name) {
  return new Set(Array.from(name.getClientRects()).map(function (r) { return Math.round(r.top); })).size;
})`); err != nil {
			t.Fatal(err)
		}
		if len(lines) != 5 || slices.Max(lines) != 1 {
			t.Errorf("at %d px the names have %v lines", width, lines)
		}
	}
}
