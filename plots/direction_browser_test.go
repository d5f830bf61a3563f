package plots_test

import (
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/tests/browser"
)

// directions finds sentences in which a name and a number have changed places: on each line,
// isolated text (U+2068) and the digits outside of it must appear from left to right in the order
// of the text. Text with a letter of a right-to-left script and a digit, but nothing to separate
// them, is wrong too.
const directions = `(function () {
  ` + showTip + `
  var seen = { Sentences: 0, Wrong: [] };
  var turned = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]|\ud83a[\udd00-\udd5f]/;
  document.querySelectorAll("[data-sdt-chart]").forEach(function (el) {
    var chart = echarts.getInstanceByDom(el), tips = [];
    if (getComputedStyle(el.querySelector("canvas")).direction !== "ltr") seen.Wrong.push("a drawing from right to left");
    for (var i = 0; i < 4; i++) for (var j = 0; j < 12; j++) {
      showTip(chart, i, j);
      el.querySelectorAll("bdi").forEach(look);
    }
  });
  document.querySelectorAll("bdi, caption, figcaption strong, figcaption span, option, dd").forEach(look);
  function look(el) {
    if (!el.firstChild || el.firstChild.nodeType !== 3) return;
    var text = el.textContent, node = el.firstChild, parts = /\u2068[^\u2069]*\u2069|[0-9]+/g, m, last = null;
    if (turned.test(text.replace(/\u2068[^\u2069]*\u2069/g, "")) && /[0-9]/.test(text)) seen.Wrong.push("not kept apart: " + text);
    if (text.indexOf("\u2068") < 0) return;
    seen.Sentences++;
    while ((m = parts.exec(text))) {
      var range = document.createRange();
      range.setStart(node, m.index); range.setEnd(node, m.index + m[0].length);
      var r = range.getBoundingClientRect();
      if (r.width && last && Math.abs(r.top - last.top) < 3 && r.left < last.right - 1) seen.Wrong.push("turned round: " + text);
      if (r.width) last = r;
    }
  }
  return seen;
})()`

// Arabic, Hebrew, Syriac, Thaana, N'Ko and Adlam, which html/template's readers and browsers lay
// out from right to left, and Arabic digits, which count as right-to-left.
var fromRight = []string{"كوب", "שלום", "ܟܣܐ", "ދިވެހި", "ߒߞߏ", "𞤀𞤣𞤤𞤢𞤥", "٣٤", "mug"}

// If a name is beside a number, the name comes first, in any script, and also on a page from right
// to left.
func TestDirection(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: shows a thousand tooltips", t.Name())
	}
	js, b := echarts(t), chromium(t)
	every := everyFigure(fromRight)
	k := len(fromRight)
	e := sdt.Evaluation{Domain: "مكتب", Classes: fromRight, Name: "شوط"} // each image of the first class is taken for one of the next
	for i := range k {
		for j := range k {
			for range 1 + (j+k-i)%k {
				e.Labels, e.Predictions, e.Confidence = append(e.Labels, int32(i)), append(e.Predictions, int32(j)), append(e.Confidence, 0.5)
			}
		}
	}
	before := e
	before.Predictions = append(e.Predictions[5:len(e.Predictions):len(e.Predictions)], e.Predictions[:5]...)
	held := e
	held.HeldOut = []int{0}
	figures := []plots.Figure{plots.ConfusionMatrix(e), plots.HeldOutMistakes(held), plots.ClassByClass(before, e), plots.PerClassAccuracy(before, e, before),
		plots.Gallery(madeUpImages(len(e.Labels), 8, 8, 1), before, e)}
	for _, name := range []string{"SoftLabels", "SoftLabelBars", "SoftLabelsByTemperature", "Selection", "Distributions", "Scatter"} {
		figures = append(figures, every[name])
	}
	html := rendered(t, plots.Page{Title: "x", ECharts: js, Figures: figures})
	for name, page := range map[string]string{"page": html, "page from right to left": strings.Replace(html, `<html lang="en">`, `<html lang="ar" dir="rtl">`, 1)} {
		t.Run(name, func(t *testing.T) {
			p := b.Open(t, browser.Window{Width: 1100, Height: 900}, nil)
			p.Show(page)
			p.Do(`document.querySelectorAll("details").forEach(function (d) { d.open = true; })`)
			p.Look(browser.Seen.Settled)
			var seen struct {
				Sentences int
				Wrong     []string
			}
			if err := p.Value(&seen, directions); err != nil {
				t.Fatal(err)
			}
			if len(seen.Wrong) > 0 || seen.Sentences < 40 {
				t.Errorf("of %d sentences with names to keep apart, wrong: %q", seen.Sentences, seen.Wrong)
			}
		})
	}
}
