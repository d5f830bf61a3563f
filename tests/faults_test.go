package tests

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The faults that a user's program is put through. Each answers with one sentence, of what,
// where, and what to do, and with exit status 1; or it does no harm. Nothing is lost: once
// the cause is gone the run goes on, and ends with the bits of a run left alone.
//
// Some have tests of their own beside this table:
//
//	SIGKILL at random moments, and inside a write   TestKilledRunEndsWithTheSameBits
//	any bit of a weights file or a checkpoint       sdt: TestSafetensorsFindEveryFlippedBit
//	a loss that is NaN                              sdt: TestDivergenceNamesLossAndStep
//	images of 16 bits, CMYK, palette, 1 × 1         datasets: TestReadFolder, TestKindsOfImages
//	250 files, as cameras and programs write them   datasets: TestImages, TestRefusedImages, TestKindsAreNamed
//	a changed image of one size and date, cached    datasets: TestCacheNoticesAChange
//	damaged images, IDX, .npy and split files       datasets: TestUnusableFilesAreNamed and the tests named Refuses
//	a folder that decodes to more than memory has   datasets: TestFolderBeyondMemory
//	an archive that climbs out of its folder        datasets: TestExtractRefuses
//	a download that is cut, stalls, or is another   datasets: the tests named TestFetch
//	the sentence in a notebook's cell               kernel/internal/repl: TestFailures
var faults = []struct {
	name string
	try  func(t *testing.T, u *user)
}{
	{"SIGKILL before each change of the run directory", killedAtEachChange},
	{"disk full", diskFull},
	{"read-only run directory", readOnly},
	{"two processes on one run directory", twoProcesses},
	{"clock moved back", clockMoved},
	{"one flipped bit in each file", flippedBits},
	{"a data file changed since the run began", changedData},
	{"files of a run are its user's alone", private},
	{"a folder of 100,000 files", manyFiles},
	{"what is in the data", dataFaults},
}

func TestFaults(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) { f.try(t, newUser(t)) })
	}
}

// user is the program and what it is given: two domains of features with labels in three
// classes, and a run directory.
type user struct {
	program        string
	dir            string // of all that follows
	source, target string
	classes        string
	run            string
}

// builtUser builds the program, without the race detector, which has its own tests.
var builtUser = sync.OnceValues(func() (string, error) {
	program := filepath.Join(shared, "user")
	s := command(context.Background(), root, nil, "go", "build", "-o", program, "./tests/internal/user")
	if s.err != nil {
		return "", fmt.Errorf("%w: %s", s.err, s.stderr)
	}
	return program, nil
})

// newUser writes data in a directory of its own. It is the same data each time.
func newUser(t *testing.T) *user {
	t.Helper()
	program, err := builtUser()
	if err != nil {
		t.Fatalf("build the user's program: %v", err)
	}
	dir := t.TempDir()
	u := &user{program: program, dir: dir, classes: "mug,pen,cup", run: filepath.Join(dir, "run"),
		source: filepath.Join(dir, "shop", "shop.npy"), target: filepath.Join(dir, "desk", "desk.npy")}
	writeFeatures(t, u.source, 1, nil)
	writeFeatures(t, u.target, 2, nil)
	return u
}

// args are the program's.
func (u *user) args(more ...string) []string {
	return append([]string{"-source", u.source, "-target", u.target, "-classes", u.classes, "-run", u.run}, more...)
}

// goes runs the program to its end and returns its steps.
func (u *user) goes(t *testing.T, more ...string) (steps []string) {
	t.Helper()
	out := command(t.Context(), "", nil, u.program, u.args(more...)...).must(t).stdout
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "accuracy ") {
		t.Fatalf("it ends with %q", last)
	}
	return slices.DeleteFunc(lines[:len(lines)-1], func(s string) bool { return strings.HasSuffix(s, " loaded") })
}

// fails runs the program and expects exit status 1 and one sentence that says all of that.
func (u *user) fails(t *testing.T, says []string, more ...string) said {
	t.Helper()
	s := command(t.Context(), "", nil, u.program, u.args(more...)...)
	s.sentence(t, says...)
	return s
}

// sentence checks how a program that failed has ended.
func (s said) sentence(t *testing.T, says ...string) {
	t.Helper()
	if s.err == nil || s.err.Error() != "exit status 1" {
		t.Errorf("it ended with %v, want exit status 1", s.err)
	}
	text, one := strings.CutPrefix(s.stderr, "error: ")
	if !one || strings.Index(text, "\n") != len(text)-1 {
		t.Errorf("want one sentence on one line, got %q", s.stderr)
	}
	for _, want := range says {
		if !strings.Contains(text, want) {
			t.Errorf("%q does not say %q", text, want)
		}
	}
	if t.Failed() {
		t.Logf("it printed %q", s.stdout)
	}
}

// undisturbed are the results of the run left alone, with the data of newUser.
var undisturbed map[string]string

// alone returns the results of the run left alone.
func alone(t *testing.T) map[string]string {
	t.Helper()
	if undisturbed == nil {
		u := newUser(t)
		if steps := u.goes(t); len(steps) != 6 {
			t.Fatalf("steps %q, want 3 of each training", steps)
		}
		undisturbed = results(t, u.run)
		if len(undisturbed) != 6 { // of two networks weights and history, soft labels, evaluation
			t.Fatalf("it leaves %v", slices.Collect(maps.Keys(undisturbed)))
		}
	}
	return undisturbed
}

// ends runs the program to its end and expects the results of the run left alone.
func (u *user) ends(t *testing.T) (steps []string) {
	t.Helper()
	want := alone(t)
	steps = u.goes(t)
	same(t, results(t, u.run), want)
	return steps
}
