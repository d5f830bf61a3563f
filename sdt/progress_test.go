package sdt

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// A stage reports each step once, with λ according to the ramp and the domain classifier's
// accuracy, and it makes a last report whether it is done, interrupted or fails.
func TestProgressHasEveryStepAndAnEnd(t *testing.T) {
	config := quick(Full)
	config.LambdaRamp = true
	lab, err := Open(t.TempDir(), blobs(1, 4, 20, 3, false), config)
	if err != nil {
		t.Fatal(err)
	}
	var all []Progress
	stopAt := 0
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	lab.OnProgress = func(p Progress) {
		all = append(all, p)
		if p.Step == stopAt {
			cancel()
		}
	}
	ends := func(what string, step int) {
		t.Helper()
		for i, p := range all {
			if p.Ended != (i == len(all)-1) {
				t.Errorf("%s: report %d of %d, step %d, says ended %t", what, i+1, len(all), p.Step, p.Ended)
			}
		}
		if last := all[len(all)-1]; last.Step != step || len(last.History.Step) != step || len(last.Losses) == 0 {
			t.Errorf("%s: the last report is of step %d with %d steps and losses %v, want step %d", what, last.Step, len(last.History.Step), last.Losses, step)
		}
		all = nil
	}
	source, err := lab.Pretrain(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if p := all[30]; p.Lambda != 0 || !math.IsNaN(p.DomainAccuracy) || p.History.Lambda != nil {
		t.Errorf("pretraining reports λ %v, domain accuracy %v", p.Lambda, p.DomainAccuracy)
	}
	ends("done", 60)
	soft, err := lab.SoftLabels(ctx, source)
	if err != nil {
		t.Fatal(err)
	}
	stopAt = 20
	var stopped *Interrupted
	if _, err := lab.Adapt(ctx, source, soft); !errors.As(err, &stopped) {
		t.Fatal(err)
	}
	ends("interrupted", 20)
	stopAt = 0
	m, err := lab.Adapt(t.Context(), source, soft)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range all {
		// λ(2/(1 + exp(−10 t/T)) − 1) is λ tanh(5 t/T): Ganin et al. with γ = 10.
		if want := 0.1 * math.Tanh(5*float64(20+i)/60); p.Step != 21+i || math.Abs(p.Lambda-want) > 1e-12 {
			t.Errorf("report %d is of step %d with λ %v, want step %d, λ %v", i, p.Step, p.Lambda, 21+i, want)
		}
		h := p.History
		if len(h.Step) != p.Step || len(h.Lambda) != p.Step || h.Lambda[p.Step-1] != p.Lambda || h.DomainAccuracy[p.Step-1] != p.DomainAccuracy || p.DomainAccuracy < 0 || p.DomainAccuracy > 1 {
			t.Errorf("step %d: the history has %d steps, %d λ; domain accuracy %v", p.Step, len(h.Step), len(h.Lambda), p.DomainAccuracy)
		}
	}
	ends("resumed", 60)
	if _, err := lab.Adapt(t.Context(), source, soft); err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || !all[0].Loaded || !all[0].Ended || !slices.Equal(all[0].History.Lambda, m.History.Lambda) {
		t.Errorf("loaded: %d reports, the first %+v", len(all), all[0])
	}

	config = quick(SourceTarget)
	config.LearningRate = 1e30
	if lab, err = Open(t.TempDir(), blobs(1, 4, 20, 3, false), config); err != nil {
		t.Fatal(err)
	}
	all = nil
	lab.OnProgress = func(p Progress) { all = append(all, p) }
	var diverged *Diverged
	if _, err = lab.Pretrain(t.Context()); !errors.As(err, &diverged) {
		t.Fatal(err)
	}
	ends("diverged", diverged.Step-1)
}

// A checkpoint of an earlier version has no λ: it is filled in.
func TestLambdaOfEarlierCheckpoints(t *testing.T) {
	config := quick(Full)
	config.LambdaRamp = true
	for method, want := range map[Method]int{Full: 3, SoftOnly: 0} {
		config.Method = method
		h := History{Step: []int{1, 2, 3}}
		h.fillLambda(training{config: config, steps: 60})
		if len(h.Lambda) != want {
			t.Errorf("%v: λ %v, want %d values", method, h.Lambda, want)
		} else if want > 0 && (h.Lambda[0] != config.lambda(0, 60) || h.Lambda[2] != config.lambda(2, 60)) {
			t.Errorf("%v: λ %v", method, h.Lambda)
		}
	}
}

// In a file the bar is plain lines, one for each tenth of the steps, and the last state.
func TestBarInAFile(t *testing.T) {
	t.Setenv("GONB_PIPE", "")
	var b strings.Builder
	bar := Bar(&b)
	for step := 1; step <= 17; step++ {
		bar(Progress{Stage: "adapt", Step: step, Steps: 40, Losses: []Loss{{"L_C", 1}}, Left: time.Second})
	}
	bar(Progress{Stage: "adapt", Step: 17, Steps: 40, Losses: []Loss{{"L_C", 1}}, Elapsed: 3 * time.Second, Ended: true})
	want := ""
	for _, line := range []string{
		"██░░░░░░░░░░░░░░░░░░ 4/40  L_C 1.000  1s left", "████░░░░░░░░░░░░░░░░ 8/40  L_C 1.000  1s left",
		"██████░░░░░░░░░░░░░░ 12/40  L_C 1.000  1s left", "████████░░░░░░░░░░░░ 16/40  L_C 1.000  1s left",
		"████████░░░░░░░░░░░░ 17/40  L_C 1.000  stopped after 3s",
	} {
		want += "adapt     " + line + "\n"
	}
	if b.String() != want {
		t.Errorf("the file has\n%s\nwant\n%s", b.String(), want)
	}
}
