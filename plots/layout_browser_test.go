package plots_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/tests/browser"
)

// lettering returns the text in each chart: all texts, those that leave the drawing, those that
// overlap, those that are cut, and those of the legend that the reader has to scroll to. The place of a text is a rectangle that may be rotated; two are
// apart if they are separated along a side of one of them (separating axes).
const lettering = `Array.from(document.querySelectorAll("[data-sdt-chart]")).map(function (el) {
  var chart = echarts.getInstanceByDom(el), seen = { Label: el.getAttribute("aria-label").slice(0, 60), Texts: [], Outside: [], Together: [], Cut: [], Away: [] };
  var texts = chart.getZr().storage.getDisplayList(true).filter(function (d) { return d.type === "tspan" && !d.invisible && String(d.style.text).trim(); }).map(function (d) {
    var r = d.getBoundingRect(), m = d.transform || [1, 0, 0, 1, 0, 0];
    for (var up = d; up && up.__legendDataIndex === undefined; ) up = up.__hostTarget || up.parent;
    return { text: d.style.text, legend: !!up, corners: [[r.x + 1, r.y + 1], [r.x + r.width - 1, r.y + 1], [r.x + r.width - 1, r.y + r.height - 1], [r.x + 1, r.y + r.height - 1]].map(function (p) {
      return [m[0] * p[0] + m[2] * p[1] + m[4], m[1] * p[0] + m[3] * p[1] + m[5]];
    }) };
  }).filter(function (t) { return t.corners[0][0] > -5000; });
  function along(t, axis) {
    var at = t.corners.map(function (c) { return c[0] * axis[0] + c[1] * axis[1]; });
    return [Math.min.apply(null, at), Math.max.apply(null, at)];
  }
  function apart(a, b) {
    return [a, b].some(function (t) {
      return [[t.corners[1][0] - t.corners[0][0], t.corners[1][1] - t.corners[0][1]], [t.corners[3][0] - t.corners[0][0], t.corners[3][1] - t.corners[0][1]]].some(function (axis) {
        var x = along(a, axis), y = along(b, axis);
        return x[1] < y[0] || y[1] < x[0];
      });
    });
  }
  texts.forEach(function (t, i) {
    seen.Texts.push(t.text);
    if (t.corners.some(function (c) { return c[0] < -1 || c[1] < -1 || c[0] > chart.getWidth() + 1 || c[1] > chart.getHeight() + 1; })) seen.Outside.push(t.text);
    if (/(…|\.\.\.)$/.test(t.text)) seen.Cut.push(t.text);
    var page = el.parentNode.clientWidth, sight = page < el.clientWidth ? page - 40 : page; // its side fades out
    if (t.legend && t.corners[1][0] > sight + 1) seen.Away.push(t.text);
    texts.slice(0, i).forEach(function (u) { if (!apart(t, u)) seen.Together.push(u.text + " | " + t.text); });
  });
  return seen;
})`

// letters is what lettering returns for one chart.
type letters struct {
	Label                               string
	Texts, Outside, Together, Cut, Away []string
}

// eightRuns are evaluations and histories with the names that a report gives to runs that differ in
// two settings.
func eightRuns(classes []string) (evals []sdt.Evaluation, histories []sdt.History) {
	for i := range 8 {
		e, h := madeUpEvaluation(sdt.Methods()[i%6], classes, []int{1, 2}), madeUpHistory(sdt.Methods()[i%6], 200)
		e.Name = fmt.Sprintf("confusion + soft labels, λ = %v, PretrainSteps = %d, in mugs%d", 0.01*float64(i), 100*i, i)
		h.Name = e.Name
		evals, histories = append(evals, e), append(histories, h)
	}
	return evals, histories
}

// TestLayout checks the text of every figure on a page as wide as a screen and then, without
// loading it again, as wide as a phone.
func TestLayout(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: draws a hundred charts", t.Name())
	}
	js, b := echarts(t), chromium(t)
	ten := []string{"calculator", "headphones", "keyboard", "paper_notebook", "mobile_phone", "letter_tray"}
	many := make([]string, 120)
	for i := range many {
		many[i] = fmt.Sprintf("category_%d", i)
	}
	evals, histories := eightRuns(ten)
	long := madeUpTrials("amazon → webcam, held-out classes", "my_photographs_of_the_shop→desk, 3 per class", "amazon → dslr", "webcam → amazon")
	for name, all := range map[string]map[string]plots.Chart{
		"31 classes":    everyFigure(office31),
		"six classes":   everyFigure(ten),
		"wide names":    everyFigure([]string{"WWWWWWWWWW", "MMMMMMMMMMMM", "mmmmmmmmmm", "headphones", "@@@@@@@@"}),
		"long names":    everyFigure([]string{"laptop computer with a sticker", "mug", "desk_lamp_without_a_bulb", "ЩЩЩЩЩЩЩЩЩЩ", "Ελληνικά"}),
		"many classes":  {"ConfusionMatrix": plots.ConfusionMatrix(madeUpEvaluation(sdt.Full, many, nil)), "PerClassAccuracy": plots.PerClassAccuracy(madeUpEvaluation(sdt.Full, many, nil))},
		"endless names": everyFigure([]string{strings.Repeat("one word after another ", 80), strings.Repeat("x", 2000), "mug"}),
		"names to turn": everyFigure([]string{"mug", "كوب", "שלום", "pen"}),
		"eight runs": {"PerClassAccuracy": plots.PerClassAccuracy(evals...), "ClassByClass": plots.ClassByClass(evals...), "LossCurves": plots.LossCurves(histories...),
			"Comparison": plots.Comparison(long...), "Differences": plots.Differences(sdt.SourceTarget, long...)},
	} {
		t.Run(name, func(t *testing.T) {
			var figures []plots.Figure
			for _, key := range slices.Sorted(maps.Keys(all)) {
				figures = append(figures, all[key])
			}
			p := b.Open(t, browser.Window{Width: 1100, Height: 900}, nil)
			p.Show(rendered(t, plots.Page{Title: "x", ECharts: js, Figures: figures}))
			for _, width := range []int{1100, 390} {
				// In between a reader looks at another tab, while a stage continues.
				p.Do(`(function () {
					document.body.style.display = "none";
					var plots = window[Object.keys(window).find(function (k) { return k.indexOf("sdtPlots_") === 0; })];
					document.querySelectorAll("[data-sdt-chart]").forEach(function (el) { plots.show(el, el.sdtOption, true); });
					document.body.style.display = "";
				})()`)
				p.Ask(nil, "Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false})
				p.Until("charts of the page's width", `Array.from(document.querySelectorAll("[data-sdt-chart]")).every(function (el) {
					var c = echarts.getInstanceByDom(el); return c && c.getWidth() === el.clientWidth && c.getHeight() === el.clientHeight && el.sdtWidth === el.clientWidth; })`)
				var seen []letters
				if err := p.Value(&seen, lettering); err != nil {
					t.Fatal(err)
				}
				for _, s := range seen {
					mayCut := name == "endless names" || strings.HasPrefix(s.Label, "One class at a time") // names within pieces of bars
					if len(s.Outside) > 0 || len(s.Together) > 0 || len(s.Cut) > 0 && !mayCut || len(s.Away) > 0 || len(s.Texts) == 0 {
						t.Errorf("at %d px, %q: outside %q, together %q, cut %q, out of sight %q", width, s.Label, s.Outside, s.Together, s.Cut, s.Away)
					}
				}
				if name == "eight runs" {
					checkLegends(t, width, seen, evals)
				}
				p.Shot(fmt.Sprintf("%s %d", name, width))
			}
		})
	}
}

// checkLegends checks that all names are visible, each on as many lines as it needs.
func checkLegends(t *testing.T, width int, seen []letters, evals []sdt.Evaluation) {
	for _, s := range seen {
		if !strings.HasPrefix(s.Label, "Accuracy on") {
			continue
		}
		bare := strings.NewReplacer(" ", "")
		text := bare.Replace(strings.Join(s.Texts, ""))
		for _, e := range evals {
			if !strings.Contains(text, bare.Replace(e.Name)) {
				t.Errorf("at %d px, %q: the legend lacks %q: %q", width, s.Label, e.Name, s.Texts)
			}
		}
	}
}

// The number beside a mean of zero is above the axis, which would cross it.
func TestNumberOfZero(t *testing.T) {
	if testing.Short() {
		t.Skipf("%s: starts a browser", t.Name())
	}
	js := echarts(t)
	p := chromium(t).Open(t, browser.Window{Width: 1100, Height: 900}, nil)
	p.Show(rendered(t, plots.Page{Title: "x", ECharts: js, Figures: []plots.Figure{plots.Comparison(
		plots.Trials{Method: sdt.SourceOnly, Accuracies: []float64{.4}}, plots.Trials{Method: sdt.TargetOnly, Accuracies: []float64{0}})}}))
	p.Until("the chart", `!!document.querySelector("[data-sdt-chart] canvas")`)
	var above []float64
	if err := p.Value(&above, `(function () {
  var chart = echarts.getInstanceByDom(document.querySelector("[data-sdt-chart]")), axis = chart.convertToPixel({ gridIndex: 0 }, [0, 0])[1];
  return chart.getZr().storage.getDisplayList(true).filter(function (d) { return d.type === "tspan" && d.style.text === "0.0"; }).map(function (d) {
    var r = d.getBoundingRect();
    return axis - (d.transform ? d.transform[5] : 0) - r.y - r.height;
  });
})()`); err != nil {
		t.Fatal(err)
	}
	if len(above) != 1 || above[0] < 0 {
		t.Errorf("the number is %v px above the axis", above)
	}
}
