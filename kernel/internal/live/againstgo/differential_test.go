package againstgo

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// Random programs without end: go test ./kernel/internal/live -run Differential -minutes 60 -timeout 70m
var (
	minutes = flag.Int("minutes", 0, "how long TestDifferential runs further random programs")
	from    = flag.Uint64("seed", 0, "the only seed that TestDifferential runs")
)

// failedOnce are seeds whose programs were not what Go makes of them, and what was wrong.
var failedOnce = []struct {
	seed uint64
	why  string
}{}

// TestDifferential runs random programs cut into random cells: they print what the
// programs print. Each seed is two programs, one of which declares names again.
func TestDifferential(t *testing.T) {
	s := open(t)
	var seeds []uint64
	for seed := range uint64(12) {
		seeds = append(seeds, seed)
	}
	for _, f := range failedOnce {
		seeds = append(seeds, f.seed)
	}
	if *from > 0 {
		seeds = []uint64{*from}
	}
	differ(t, s, seeds)
	began := time.Now()
	for next := uint64(began.Unix()); time.Since(began) < time.Duration(*minutes)*time.Minute; next += uint64(len(seeds)) {
		seeds = seeds[:0]
		for i := range uint64(50) {
			seeds = append(seeds, next+i)
		}
		differ(t, s, seeds)
	}
}

// trial is a program and its cells.
type trial struct {
	seed   uint64
	pieces []piece
	cut    cut
}

// differ runs the programs of some seeds in both ways.
func differ(t *testing.T, s *session, seeds []uint64) {
	t.Helper()
	var trials []trial
	var programs []string
	for _, seed := range seeds {
		for _, pieces := range [][]piece{randomProgram(seed)} {
			trials = append(trials, trial{seed, pieces, randomCut(pieces, rand.New(rand.NewPCG(seed, 3)))})
			programs = append(programs, trials[len(trials)-1].cut.whole(pieces))
		}
	}
	for i, want := range goRuns(t, programs) {
		one := trials[i]
		if want.err != nil {
			t.Errorf("seed %d: no program: %v\n%s", one.seed, want.err, programs[i])
			continue
		}
		if got := s.cells(one.cut, one.pieces); got != want.stdout {
			small, got, want := s.shrink(t, one, got, want.stdout)
			t.Errorf("seed %d: cells print\n%s\nthe program prints\n%s\nfirst difference: %s\n%s\n// cell\n%s", one.seed, got, want,
				firstDifference(got, want), small.cut.whole(small.pieces), strings.Join(small.cut.text(small.pieces), "\n// cell\n"))
		}
	}
}

// cells runs the cells of a cut and returns what they print and why one fails.
func (s *session) cells(c cut, pieces []piece) string {
	got, err := s.play(c.text(pieces))
	if err != nil {
		return got.stdout + err.Error() + "\n"
	}
	return got.stdout
}

// shrink drops pieces, then joins cells, for as long as the difference stays, and for two
// minutes at most.
func (s *session) shrink(t *testing.T, one trial, got, want string) (trial, string, string) {
	end := time.Now().Add(2 * time.Minute)
	try := func(c cut) bool {
		if time.Now().After(end) {
			return false
		}
		w := goRuns(t, []string{c.whole(one.pieces)})[0]
		if w.err != nil {
			return false
		}
		g := s.cells(c, one.pieces)
		if g == w.stdout {
			return false
		}
		one.cut, got, want = c, g, w.stdout
		return true
	}
	for size := (len(one.pieces) + 1) / 2; size > 0; size /= 2 {
		for first := len(one.pieces); first > 0; first -= size {
			drop := map[int]bool{}
			for i := max(0, first-size); i < first; i++ {
				drop[i] = true
			}
			if smaller := one.cut.without(drop); len(smaller) > 0 {
				try(smaller)
			}
		}
	}
	for i := 0; i+1 < len(one.cut); {
		joined := append(cut{}, one.cut[:i]...)
		joined = append(joined, append(append([]int{}, one.cut[i]...), one.cut[i+1]...))
		if !try(append(joined, one.cut[i+2:]...)) {
			i++
		}
	}
	return one, got, want
}

// firstDifference returns the first line that differs.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return fmt.Sprintf("%q, want %q", g[i], append(w, make([]string, i+1)...)[i])
		}
	}
	return fmt.Sprintf("nothing more, want %q", w[len(g)])
}
