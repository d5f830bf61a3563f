package plots_test

import (
	"strings"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
)

// While a stage trains, Watch draws what Follow draws. When it is done, one line stands in
// the place of the curves; when it is interrupted, the curves stay.
func TestWatch(t *testing.T) {
	h := ramped(200)
	var w watched
	watch := w.by(plots.WatchIn)
	w.run(watch, h, 200, 200, 50*time.Millisecond) // 10 s
	n := len(w.shown)
	if n < 10 {
		t.Fatalf("%d outputs in 10 s", n)
	}
	for i, d := range w.shown[:n-1] {
		if d.DisplayID != "sdt-follow-1" || htmlOf(d) == "" {
			t.Errorf("output %d has the display id %q", i, d.DisplayID)
		}
	}
	last := w.shown[n-1]
	if line, _ := last.Data[protocol.MIMETextPlain].(string); last.DisplayID != "sdt-follow-1" || len(last.Data) != 1 || !strings.Contains(line, "200/200") || strings.Contains(line, "\n") {
		t.Errorf("what stays in output %q is %v, want one line", last.DisplayID, last.Data)
	}
	if w.out.Len() > 0 {
		t.Errorf("written beside it: %q", w.out.String())
	}

	w.run(watch, h, 200, 50, 50*time.Millisecond)
	stopped := w.shown[len(w.shown)-1]
	if stopped.DisplayID != "sdt-follow-2" || htmlOf(stopped) != rendered(t, plots.LossCurves(upTo(h, 50))) || !strings.Contains(w.out.String(), "stopped after") {
		t.Errorf("an interrupted stage leaves %.200q and %q", htmlOf(stopped), w.out.String())
	}
}

// A stage that is loaded shows nothing; one that is too short for curves leaves its line.
func TestWatchShowsLittle(t *testing.T) {
	var w watched
	watch := w.by(plots.WatchIn)
	watch(sdt.Progress{Stage: "adapt", Loaded: true, Ended: true, History: ramped(200)})
	watch(sdt.Progress{Stage: "soft", Loaded: true})
	if len(w.shown) > 0 || w.out.Len() > 0 {
		t.Errorf("two loaded stages show %d outputs and %q", len(w.shown), w.out.String())
	}
	watch(sdt.Progress{Stage: "adapt", Step: 1, Steps: 1, History: upTo(ramped(2), 1), Ended: true})
	if len(w.shown) > 0 || strings.Count(w.out.String(), "\n") != 1 || !strings.Contains(w.out.String(), "1/1") {
		t.Errorf("a stage of one step shows %d outputs and %q", len(w.shown), w.out.String())
	}
}

// While the frozen part of a network is computed, which has no losses, a line is shown that
// says how far it has come.
func TestWatchFrozen(t *testing.T) {
	var w watched
	watch := w.by(plots.WatchIn)
	watch(sdt.Progress{Stage: "frozen", Step: 32, Steps: 320})
	if len(w.shown) != 1 || !strings.Contains(htmlOf(w.shown[0]), "32/320") || strings.Contains(htmlOf(w.shown[0]), "<script") {
		t.Fatalf("shown: %v, want a line", w.shown)
	}
	watch(sdt.Progress{Stage: "frozen", Step: 320, Steps: 320, Ended: true})
	if last := w.shown[len(w.shown)-1]; last.DisplayID != w.shown[0].DisplayID || !strings.Contains(last.Data[protocol.MIMETextPlain].(string), "320/320") {
		t.Errorf("at the end: %v", last)
	}
}

// Outside a notebook Watch is the bar, but silent about loaded stages.
func TestWatchElsewhere(t *testing.T) {
	var watch, bar strings.Builder
	for _, f := range []func(sdt.Progress){plots.Watch(&watch), sdt.Bar(&bar)} {
		for n := 1; n <= 40; n++ {
			f(sdt.Progress{Stage: "adapt", Step: n, Steps: 40, History: upTo(ramped(40), n), Ended: n == 40})
		}
	}
	plots.Watch(&watch)(sdt.Progress{Stage: "adapt", Loaded: true, Ended: true})
	if watch.String() != bar.String() || bar.Len() == 0 {
		t.Errorf("Watch writes\n%s\nBar\n%s", &watch, &bar)
	}
}
