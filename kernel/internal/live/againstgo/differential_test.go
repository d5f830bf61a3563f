package againstgo

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// To run for an hour: go test ./kernel/internal/live/againstgo -run Differential -minutes
// 60 -timeout 90m
var (
	seeds   = flag.Int("seeds", 12, "how many seeds TestDifferential runs")
	minutes = flag.Int("minutes", 0, "how long TestDifferential runs further seeds, up to one that fails")
	onlyOne = flag.Uint64("seed", 0, "the only seed that TestDifferential runs, if not 0")
)

// failedOnce are seeds with programs that once differed from Go's result, and the fault.
var failedOnce = []struct {
	seed uint64
	why  string
}{
	{18, "a type assertion failed after a method of *T and then one of T had come in later cells"},
	{20, "the same in a type switch"},
	{21, "the same: json did not see MarshalJSON"},
	{22, "the same: fmt did not see String of a field"},
	{23, "the same: json did not see MarshalText"},
	{25, "a method that came later ended the process: type offset out of range"},
	{26, "a type assertion failed after methods had come later"},
	{30, "fmt did not see a Format that came later"},
	{1796007315349189032, "nor that of a generic type whose argument was an array"},
}

// TestDifferential runs random programs cut into random cells: they print what the programs
// print. Each seed gives two programs, one of which declares names again.
func TestDifferential(t *testing.T) {
	s := open(t)
	var first []uint64
	for seed := range *seeds {
		first = append(first, uint64(seed)+1)
	}
	for _, f := range failedOnce {
		first = append(first, f.seed)
	}
	if *onlyOne != 0 {
		first = []uint64{*onlyOne}
	}
	differ(t, s, first)
	began, next, count := time.Now(), uint64(time.Now().UnixNano()), len(first)
	for !t.Failed() && time.Since(began) < time.Duration(*minutes)*time.Minute {
		var more []uint64
		for range 50 {
			next++
			more = append(more, next)
		}
		differ(t, s, more)
		count += len(more)
	}
	t.Logf("%d seeds", count)
}

// trial is a program and its cells.
type trial struct {
	seed    uint64
	pieces  []piece
	cut     cut
	imports bool // its first cell imports what it uses; otherwise packages are imported automatically
}

// program returns the complete program.
func (t trial) program() string { return t.cut.whole(t.pieces) }

// cells returns the cells' code.
func (t trial) cells() []string {
	cells := t.cut.text(t.pieces)
	if t.imports {
		cells = slices.Insert(cells, 0, importsOf(strings.Join(cells, "\n")))
	}
	return cells
}

// differ runs the programs of some seeds in both ways. It shrinks the first few that
// differ.
func differ(t *testing.T, s *session, seeds []uint64) {
	t.Helper()
	var trials []trial
	var programs []string
	for _, seed := range seeds {
		for _, pieces := range [][]piece{randomProgram(seed), declaredAgain(seed)} {
			r := rand.New(rand.NewPCG(seed, 3))
			one := trial{seed, pieces, randomCut(pieces, r), r.IntN(2) == 0}
			trials, programs = append(trials, one), append(programs, one.program())
		}
	}
	failed := 0
	for i, r := range goRuns(t, programs) {
		one, want := trials[i], unmarked(r.stdout)
		if r.err != nil {
			t.Errorf("seed %d: no program: %v\n%s", one.seed, r.err, programs[i])
			continue
		}
		got := s.show(one)
		if got == want {
			continue
		}
		if failed++; failed <= 5 {
			one, got, want = s.shrink(t, one, got, want)
		}
		t.Errorf("seed %d: cells print\n%s\nthe program prints\n%s\nfirst difference: %s\n%s\n// cell\n%s", one.seed, got, want,
			firstDifference(got, want), one.program(), strings.Join(one.cells(), "\n// cell\n"))
	}
}

// show runs the cells of a program and returns what they print and why one fails.
func (s *session) show(t trial) string {
	got, err := s.play(t.cells())
	if err != nil {
		return got.stdout + err.Error() + "\n"
	}
	return got.stdout
}

// unmarked returns output without the versions of names.
func unmarked(text string) string { return versions.ReplaceAllString(text, "") }

var versions = regexp.MustCompile(mark + `\d+`)

// shrink drops pieces, then joins cells, as long as the difference remains, for two minutes
// at most.
func (s *session) shrink(t *testing.T, one trial, got, want string) (trial, string, string) {
	end := time.Now().Add(2 * time.Minute)
	try := func(c cut) bool {
		if time.Now().After(end) || len(c) == 0 || fmt.Sprint(c) == fmt.Sprint(one.cut) {
			return false
		}
		smaller := one
		smaller.cut = c
		r := goRuns(t, []string{smaller.program()})[0]
		shown := s.show(smaller)
		if r.err != nil || shown == unmarked(r.stdout) {
			return false
		}
		one, got, want = smaller, shown, unmarked(r.stdout)
		return true
	}
	needs := needed(one.pieces)
	for size := (len(one.pieces) + 1) / 2; size > 0; size /= 2 {
		for first := len(one.pieces); first > 0; first -= size {
			drop := map[int]bool{}
			for i := max(0, first-size); i < first; i++ {
				drop[i] = true
			}
			if !try(one.cut.without(withUsers(drop, needs))) {
				try(one.cut.without(drop))
			}
		}
	}
	for i := 0; i+1 < len(one.cut); {
		a, b := one.cut[i], one.cut[i+1]
		apart := one.pieces[a[len(a)-1]].closes || one.pieces[b[0]].opens
		if apart || !try(slices.Concat(one.cut[:i], cut{slices.Concat(a, b)}, one.cut[i+2:])) {
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
