package sdt

import (
	"math"
	"time"
)

// sitting is what one call of a training shows of itself: it goes on where the last one
// stopped.
type sitting struct {
	Progress
	report func(Progress)
	start  int // steps that were taken before
	began  time.Time
	before float64 // seconds of the sittings before
	saved  time.Time
}

func (l *Lab) sit(t training, h *History, start int) *sitting {
	now := time.Now()
	return &sitting{Progress: Progress{Stage: t.stage, Method: t.config.Method, Step: start, Steps: t.steps, DomainAccuracy: math.NaN()},
		report: l.progress, start: start, began: now, before: h.Seconds, saved: now}
}

// stepped notes a step that was taken, the step-th from 1.
func (s *sitting) stepped(h *History, step int, shown []Loss) {
	s.Losses = shown
	if n := len(h.Lambda); n > 0 {
		s.Lambda = h.Lambda[n-1]
	}
	if n := len(h.DomainAccuracy); n > 0 {
		s.DomainAccuracy = h.DomainAccuracy[n-1]
	}
	s.Step, s.Elapsed = step, time.Since(s.began)
	s.Left = s.Elapsed / time.Duration(step-s.start) * time.Duration(s.Steps-step)
	h.Seconds = s.before + s.Elapsed.Seconds()
}

// show reports the progress; ended says that it is the last report.
func (s *sitting) show(h History, ended bool) {
	s.History, s.Ended = h, ended
	s.report(s.Progress)
}

// due tells whether a checkpoint is, every so often.
func (s *sitting) due(every time.Duration) bool {
	if every == 0 {
		every = 30 * time.Second
	}
	return time.Since(s.saved) >= every
}
