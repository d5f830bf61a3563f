package toolchain

import (
	"fmt"
	"runtime"
	"time"
)

// tally counts the packages of a build, and estimates the time left from their costs.
type tally struct {
	began   time.Time          // when the first package began
	started []string           // in the order in which they began
	costs   map[string]float64 // of all packages to compile, in bytes of source; nil if not known yet
	cores   int                // how many packages are compiled at once
}

func newTally() *tally { return &tally{cores: runtime.NumCPU()} }

// begin records that the compiler has begun with a package.
func (t *tally) begin(path string, now time.Time) {
	if len(t.started) == 0 {
		t.began = now
	}
	t.started = append(t.started, path)
}

// expect records what is to be compiled. A package that was up to date when this was found
// out, because it had just been compiled, still counts.
func (t *tally) expect(all []expected) {
	compiled := map[string]bool{}
	for _, p := range t.started {
		compiled[p] = true
	}
	t.costs = map[string]float64{}
	for _, p := range all {
		if p.stale || compiled[p.path] {
			t.costs[p.path] = p.cost
		}
	}
}

// state returns what to show: how many packages have begun, of how many, and the time left.
// The total is that of the packages to compile: those in Go's cache are not counted. It is ""
// while the total is not known.
func (t *tally) state(now time.Time) string {
	if t.costs == nil {
		return ""
	}
	state := fmt.Sprintf("compiling %d of %d packages", len(t.started), max(len(t.costs), len(t.started)))
	if left := roundedLeft(t.left(now)); left != "" {
		state += ", " + left
	}
	return state
}

// Less than this of the work, or of time, is too little to estimate the rest from.
const (
	enoughDone = 0.03
	enoughTime = 5 * time.Second
)

// left estimates the time left, at the rate so far: each cost counts when its package ends,
// and half before that. It is negative if nothing is known yet.
func (t *tally) left(now time.Time) time.Duration {
	var done, total float64
	for _, cost := range t.costs {
		total += cost
	}
	for i, p := range t.started {
		if i < len(t.started)-t.cores {
			done += t.costs[p]
		} else {
			done += t.costs[p] / 2
		}
	}
	spent := now.Sub(t.began)
	if spent < enoughTime || done < enoughDone*total || done == 0 {
		return -1
	}
	return time.Duration(float64(spent) * (total - done) / done)
}

// roundedLeft returns a text for the time left, no more precise than the estimate; "" for a
// negative time, or one so long that it must be wrong.
func roundedLeft(d time.Duration) string {
	up := func(unit time.Duration) time.Duration { return (d + unit - 1) / unit * unit }
	switch {
	case d < 0 || d > time.Hour:
		return ""
	case d <= 5*time.Second:
		return "a few seconds left"
	case d <= 50*time.Second:
		return fmt.Sprintf("about %d s left", up(10*time.Second)/time.Second)
	case d > 5*time.Minute:
		return fmt.Sprintf("about %d min left", up(time.Minute)/time.Minute)
	}
	d = up(20 * time.Second)
	if seconds := d % time.Minute / time.Second; seconds > 0 {
		return fmt.Sprintf("about %d min %d s left", d/time.Minute, seconds)
	}
	return fmt.Sprintf("about %d min left", d/time.Minute)
}
