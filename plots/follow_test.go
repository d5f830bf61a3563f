package plots_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
)

// ramped is a made-up history of the full method with a rising λ.
func ramped(steps int) sdt.History {
	h := madeUpHistory(sdt.Full, steps)
	for i := range steps {
		h.Lambda = append(h.Lambda, 0.1*math.Tanh(5*float64(i)/float64(steps)))
	}
	return h
}

// upTo returns the first steps of a history.
func upTo(h sdt.History, n int) sdt.History {
	v := reflect.ValueOf(&h).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && f.Len() > n {
			f.Set(f.Slice3(0, n, n))
		}
	}
	return h
}

// watched is a notebook simulated by the test: what was sent, and a clock.
type watched struct {
	shown []*protocol.DisplayData
	at    []time.Duration
	clock time.Duration
	cost  time.Duration // time to show something
	out   strings.Builder
	err   error // of the pipe
	ids   int
}

func (w *watched) follow() func(sdt.Progress) { return w.by(plots.FollowIn) }

// by plays the notebook for FollowIn or WatchIn.
func (w *watched) by(in func(io.Writer, func() time.Time, func(*protocol.DisplayData), func() error, func() string) func(sdt.Progress)) func(sdt.Progress) {
	start := time.Unix(0, 0)
	return in(&w.out, func() time.Time { return start.Add(w.clock) },
		func(d *protocol.DisplayData) {
			w.shown, w.at = append(w.shown, d), append(w.at, w.clock)
			w.clock += w.cost
		},
		func() error { return w.err },
		func() string { w.ids++; return fmt.Sprint(w.ids) })
}

// run trains a stage with made-up numbers, each step taking the given time.
func (w *watched) run(follow func(sdt.Progress), h sdt.History, steps, stop int, each time.Duration) {
	for n := 1; n <= stop; n++ {
		w.clock += each
		follow(sdt.Progress{Stage: "adapt", Method: h.Method, Step: n, Steps: steps, History: upTo(h, n), Elapsed: w.clock, Ended: n == stop})
	}
}

func htmlOf(d *protocol.DisplayData) string { return d.Data[protocol.MIMETextHTML].(string) }

// A stage is one output that is updated a few times a second, with small updates, and ends as the
// final figure.
func TestFollow(t *testing.T) {
	const steps = 3000
	h := ramped(steps)
	var w watched
	follow := w.follow()
	w.run(follow, h, steps, steps, 10*time.Millisecond) // 30 s
	n := len(w.shown)
	if n < 60 || n > 77 { // 30 s at 400 ms are 75
		t.Errorf("%d outputs in 30 s", n)
	}
	whole, largest := 0, 0
	for i, d := range w.shown[:n-1] {
		if d.DisplayID != "sdt-follow-1" {
			t.Fatalf("output %d has the display id %q", i, d.DisplayID)
		}
		if i > 0 && w.at[i]-w.at[i-1] < 400*time.Millisecond {
			t.Errorf("output %d comes %v after the one before", i, w.at[i]-w.at[i-1])
		}
		if page := htmlOf(d); strings.Contains(page, "<figure") {
			whole++
		} else {
			largest = max(largest, len(page))
		}
		if plain := d.Data[protocol.MIMETextPlain].(string); !strings.HasPrefix(plain, "adapt ") || strings.Contains(plain, "\n") || !strings.Contains(htmlOf(d), plain) {
			t.Errorf("output %d has the text %q", i, plain)
		}
	}
	// The first, the two in which the running means begin, and one every ten seconds.
	if whole < 3 || whole > 6 {
		t.Errorf("%d of %d outputs have the complete figure", whole, n)
	}
	if largest == 0 || largest > 15_000 {
		t.Errorf("the largest update has %d bytes", largest)
	}
	last := w.shown[n-1]
	if htmlOf(last) != rendered(t, plots.LossCurves(h)) || last.Data[protocol.MIMETextPlain] != plots.LossCurves(h).String() || last.DisplayID != "sdt-follow-1" {
		t.Error("what stays is not the figure of LossCurves in the same output")
	}
	if line := w.out.String(); !strings.Contains(line, "3000/3000") || strings.Count(line, "\n") != 1 {
		t.Errorf("written: %q", line)
	}

	var again watched
	again.run(again.follow(), h, steps, steps, 10*time.Millisecond)
	if !reflect.DeepEqual(w.shown, again.shown) {
		t.Error("the same stage gave other bytes")
	}
}

// Updates that are slow to show come less often.
func TestFollowTakesAFiftieth(t *testing.T) {
	w := watched{cost: 100 * time.Millisecond}
	w.run(w.follow(), ramped(3000), 3000, 3000, 10*time.Millisecond)
	if n := len(w.shown); n < 6 || n > 8 {
		t.Errorf("%d outputs of 100 ms each in 30 s, want one each 5 s and the last", n)
	}
}

// The output of a stage that does not finish, of one that is loaded, and of one without a history;
// each stage has its own output.
func TestFollowEnds(t *testing.T) {
	h := ramped(200)
	var w watched
	follow := w.follow()
	w.run(follow, h, 200, 50, 50*time.Millisecond)
	stopped := w.shown[len(w.shown)-1]
	if htmlOf(stopped) != rendered(t, plots.LossCurves(upTo(h, 50))) || !strings.Contains(w.out.String(), "50/200") || !strings.Contains(w.out.String(), "stopped after") {
		t.Errorf("of a stage that is interrupted there remain %.200q and %q", htmlOf(stopped), w.out.String())
	}
	w.run(follow, h, 200, 200, 50*time.Millisecond)
	if last := w.shown[len(w.shown)-1]; last.DisplayID != "sdt-follow-2" || htmlOf(last) != rendered(t, plots.LossCurves(h)) {
		t.Errorf("the next stage has the output %q", last.DisplayID)
	}

	n := len(w.shown)
	w.out.Reset()
	follow(sdt.Progress{Stage: "adapt", Loaded: true, Ended: true, History: h})
	follow(sdt.Progress{Stage: "soft", Loaded: true})
	if len(w.shown) != n+1 || htmlOf(w.shown[n]) != rendered(t, plots.LossCurves(h)) || w.shown[n].DisplayID != "" {
		t.Errorf("two stages that are loaded show %d outputs", len(w.shown)-n)
	}
	if lines := w.out.String(); strings.Count(lines, "loaded from the run directory") != 2 {
		t.Errorf("written: %q", lines)
	}

	w.err = errors.New("broken pipe")
	follow(sdt.Progress{Stage: "adapt", Loaded: true, Ended: true, History: h})
	n = len(w.shown)
	w.out.Reset()
	w.run(follow, h, 200, 200, 50*time.Millisecond)
	if len(w.shown) != n || !strings.Contains(w.out.String(), "200/200") {
		t.Errorf("without a notebook any more: %d outputs, and %q", len(w.shown)-n, w.out.String())
	}
}

// Outside a notebook it is the bar.
func TestFollowElsewhere(t *testing.T) {
	if gonbui.IsNotebook {
		t.Fatal("the tests run in a notebook")
	}
	var follow, bar strings.Builder
	for w, f := range map[*strings.Builder]func(sdt.Progress){&follow: plots.Follow(&follow), &bar: sdt.Bar(&bar)} {
		for n := 1; n <= 40; n++ {
			f(sdt.Progress{Stage: "adapt", Step: n, Steps: 40, History: upTo(ramped(40), n), Ended: n == 40})
		}
		if strings.Contains(w.String(), "\r") || strings.Count(w.String(), "\n") != 10 {
			t.Errorf("in a file there are not ten plain lines:\n%s", w)
		}
	}
	if follow.String() != bar.String() {
		t.Errorf("Follow writes\n%s\nBar\n%s", &follow, &bar)
	}
}
