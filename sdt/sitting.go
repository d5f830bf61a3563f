package sdt

import (
	"math"
	"time"
)

// sitting reports the progress of one call of a training, which resumes where the last call
// stopped, or of one computation of what the frozen part returns.
type sitting struct {
	Progress
	report func(Progress)
	start  int // steps taken before
	began  time.Time
	before float64 // seconds of earlier sittings
	saved  time.Time
}

func (l *Lab) sit(t training, h *History, start int) *sitting {
	now := time.Now()
	note := l.why
	l.why = ""
	return &sitting{Progress: Progress{Stage: t.stage, Method: t.config.Method, Note: note, Step: start, Steps: t.steps, DomainAccuracy: math.NaN()},
		report: l.progress, start: start, began: now, before: h.Seconds, saved: now}
}

// stepped records that step (from 1) was taken.
func (s *sitting) stepped(h *History, step int, shown []Loss) {
	s.Losses = shown
	if n := len(h.Lambda); n > 0 {
		s.Lambda = h.Lambda[n-1]
	}
	if n := len(h.DomainAccuracy); n > 0 {
		s.DomainAccuracy = h.DomainAccuracy[n-1]
	}
	s.at(step)
	h.Seconds = s.before + s.Elapsed.Seconds()
}

// at notes that step is reached, and the times that follow from it.
func (s *sitting) at(step int) {
	s.Step, s.Elapsed = step, time.Since(s.began)
	s.Left = s.Elapsed / time.Duration(step-s.start) * time.Duration(s.Steps-step)
}

// show reports the progress; ended marks the last report.
func (s *sitting) show(h History, ended bool) {
	s.History, s.Ended = h, ended
	s.report(s.Progress)
	s.Note = ""
}

// due reports whether it is time for a checkpoint.
func (s *sitting) due(every time.Duration) bool {
	if every == 0 {
		every = 30 * time.Second
	}
	return time.Since(s.saved) >= every
}
