package plots_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/tests/browser"
)

// aliveScript does what a reader and a notebook do with the page: it switches between versions of
// figures with their controls, and puts FRAMES one after the other into an output, as JupyterLab
// does. It records in wrong what is not as expected.
const aliveScript = `<script>
var wrong = [], done = false;
function soon(f, frames) { requestAnimationFrame(function () { if (frames > 1) soon(f, frames - 1); else f(); }); }
function expect(so, what) { if (!so) wrong.push(what); }
function picture(figure) { return figure.querySelector("canvas").toDataURL(); }
function shownTables(figure) { return Array.from(figure.querySelectorAll(".sdt-caption")).filter(function (c) { return c.getClientRects().length; }).map(function (c) { return c.textContent; }); }
window.addEventListener("load", function () {
  soon(function () {
    var figures = document.querySelectorAll("figure"), heat = figures[0], list = figures[1];
    var slider = heat.querySelector("input[type=range]"), select = list.querySelector("select");
    expect(slider.labels[0].textContent.trim() === "Temperature" && select.labels[0].textContent.indexOf("Class") === 0, "a control has no label");
    expect(slider.getAttribute("aria-valuetext") === "τ = 1" && slider.tabIndex === 0, "the slider does not say its value");
    expect(shownTables(heat).join() === "What each class resembles, by the soft labels at τ = 1", "at first the tables are " + shownTables(heat));
    var before = picture(heat), text = heat.querySelector("figcaption").textContent, at = [];
    [3, 1].forEach(function (i) {
      slider.value = i;
      slider.dispatchEvent(new Event("input"));
      at.push(slider.getAttribute("aria-valuetext") + "|" + heat.querySelector("output").textContent + "|" + shownTables(heat).join());
    });
    expect(at.join(";") === "τ = 10|τ = 10|What each class resembles, by the soft labels at τ = 10;τ = 2|τ = 2|What each class resembles, by the soft labels at τ = 2", "the slider went through " + at.join(";"));
    var was = select.value;
    expect(shownTables(list).join() === "Images of " + list.querySelector("option:checked").textContent, "at first the tables are " + shownTables(list));
    var one = picture(list);
    select.value = was === "0" ? "1" : "0";
    select.dispatchEvent(new Event("change"));
    expect(shownTables(list).join() === "Images of " + select.selectedOptions[0].textContent, "of another class the tables are " + shownTables(list));
    soon(function () {
      expect(picture(heat) !== before && heat.querySelector("figcaption").textContent !== text, "the slider does not change the drawing");
      expect(picture(list) !== one, "the list does not change the drawing");
      follow();
    }, 10);
  }, 10);
});
function follow() {
  var frames = FRAMES, out = document.createElement("div"), canvas = null, i = 0, kept = 0;
  document.body.appendChild(out);
  (function next() {
    out.innerHTML = frames[i];
    out.querySelectorAll("script").forEach(function (old) {
      var script = document.createElement("script");
      script.textContent = old.textContent;
      old.replaceWith(script);
    });
    i++;
    soon(function () {
      var el = out.querySelector("[data-sdt-chart]"), now = el && el.querySelector("canvas");
      expect(out.querySelectorAll("figure").length === 1 && now, "frame " + i + " shows no chart");
      if (!now) { done = true; return; }
      var option = echarts.getInstanceByDom(el).getOption(), points = option.series[0].data, last = points[points.length - 1].value[0];
      expect(last === STEPS[i - 1], "frame " + i + " ends at step " + last + ", not " + STEPS[i - 1]);
      expect(option.xAxis[0].max === 90 && points[0].value.length === 4, "frame " + i + " has another axis or other points");
      if (canvas === now) kept++;
      canvas = now;
      if (i < frames.length) { next(); return; }
      expect(kept === UPDATES, kept + " frames kept the drawing of the one before");
      done = true;
    }, 3);
  })();
}
</script>`

// In a browser the controls change the drawing and the tables, and the outputs of Follow continue
// one drawing.
func TestFiguresAlive(t *testing.T) {
	js := echarts(t)
	h := ramped(90)
	w := watched{}
	w.run(w.follow(), h, 90, 90, 100*time.Millisecond)
	var frames []string
	var steps []int
	for i, d := range w.shown {
		frames, steps = append(frames, htmlOf(d)), append(steps, min(90, 1+4*i)) // of 100 ms, and 400 ms between outputs
	}
	frames, steps = append(frames[:5:5], frames[len(frames)-3:]...), append(steps[:5:5], steps[len(steps)-3:]...)
	updates := 0
	for _, frame := range frames {
		if !strings.Contains(frame, "<figure") {
			updates++
		}
	}
	if updates < 4 {
		t.Fatalf("%d of %d frames are updates", updates, len(frames))
	}
	inScript := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	var evals []sdt.Evaluation
	for _, m := range sdt.Methods() {
		evals = append(evals, madeUpEvaluation(m, office31, heldOut16))
	}
	page := rendered(t, plots.Page{Title: "x", ECharts: js, Figures: []plots.Figure{
		plots.SoftLabelsByTemperature(madeUpAt, 1, 2, 4, 10),
		plots.ClassByClass(evals...),
	}})
	script := strings.NewReplacer("FRAMES", inScript(frames), "STEPS", inScript(steps), "UPDATES", inScript(updates)).Replace(aliveScript)
	end := strings.LastIndex(page, "</body>") // echarts contains one too
	p := chromium(t).Open(t, browser.Window{Width: 1000, Height: 900}, nil)
	p.Show(page[:end] + script + page[end:])
	p.Until("the end of the script", "done")
	var wrong []string
	if err := p.Value(&wrong, "wrong"); err != nil {
		t.Fatal(err)
	}
	s := p.Look(browser.Seen.Settled)
	if wrong = append(wrong, p.Wrong()...); s.Charts != 3 || s.Drawn != 3 || len(wrong) > 0 {
		t.Errorf("%+v, %q: want three charts, all drawn, and nothing wrong", s, wrong)
	}
}
