package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// A new report removes what a killed one left, and nothing else.
func TestStagesOfKilledReports(t *testing.T) {
	out := t.TempDir()
	running, err := newStage(out)
	if err != nil {
		t.Fatal(err)
	}
	killed, err := newStage(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := killed.lock.Close(); err != nil { // as the system does
		t.Fatal(err)
	}
	for _, name := range []string{
		filepath.Join(killed.path, "report.ipynb"), filepath.Join(killed.path, "deep", "x"), filepath.Join(running.path, "report.ipynb"),
		filepath.Join(out, ".report-2026", "notes.txt"), filepath.Join(out, ".report-mine", stageLock), filepath.Join(out, "report.html"),
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(out, ".report-1"), 0o700); err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	if err := os.WriteFile(filepath.Join(elsewhere, stageLock), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(out, ".report-2")); err != nil {
		t.Fatal(err)
	}
	next, err := newStage(out)
	if err != nil {
		t.Fatal(err)
	}
	for why, row := range map[string]struct {
		path string
		want bool
	}{
		"of a killed report":                            {killed.path, false},
		"of one killed before it had its lock":          {filepath.Join(out, ".report-1"), false},
		"of a report that runs":                         {filepath.Join(running.path, "report.ipynb"), true},
		"of this report":                                {filepath.Join(next.path, stageLock), true},
		"a folder of the user, without a report's lock": {filepath.Join(out, ".report-2026", "notes.txt"), true},
		"a folder of the user with another name":        {filepath.Join(out, ".report-mine", stageLock), true},
		"a link of the user":                            {filepath.Join(elsewhere, stageLock), true},
		"an earlier report":                             {filepath.Join(out, "report.html"), true},
	} {
		if _, err := os.Stat(row.path); (err == nil) != row.want {
			t.Errorf("%s: %v, want it there: %v", why, err, row.want)
		}
	}
	running.remove(false)
	next.remove(true)
	if left, _ := filepath.Glob(filepath.Join(out, ".report-*[0-9]")); len(left) != 2 { // .report-2 and .report-2026
		t.Errorf("left: %q", left)
	}
}

// Reports that begin and end at the same time in one folder never take each other's stage.
func TestStagesAtTheSameTime(t *testing.T) {
	out := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				s, err := newStage(out)
				if err == nil {
					err = os.WriteFile(filepath.Join(s.path, "report.ipynb"), nil, 0o600)
				}
				if err != nil {
					t.Error(err)
					return
				}
				s.remove(false)
			}
		})
	}
	all.Wait()
	if left, _ := os.ReadDir(out); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// A report that fails leaves no folder that was made for it, and each that was there.
func TestFailedReportRemovesItsFolders(t *testing.T) {
	for _, row := range []struct{ why, before, out, left string }{
		{"it was there", "out", "out", "out"},
		{"one is new", "out", "out/new", "out"},
		{"three are", "out", "out/a/b/c/", "out"},
		{"through one that is not there", "out", "out/a/../b", "out"},
		{"none was there", ".", "out/a", "."},
	} {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, row.before), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, failed := range []bool{false, true} {
			s, err := newStage(dir + "/" + row.out)
			if err != nil {
				t.Fatalf("%s: %v", row.why, err)
			}
			s.remove(failed)
			want := row.out
			if failed {
				want = row.left
			}
			if got := deepest(t, dir); got != filepath.Clean(want) {
				t.Errorf("%s, failed: %v: %q is left, want %q", row.why, failed, got, want)
			}
			s.removeMade() // so that the next begins as this one did
		}
	}
}

// deepest returns the path within dir of the last of its folders, each of which has only one.
func deepest(t *testing.T, dir string) (path string) {
	t.Helper()
	if err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		path = p
		return err
	}); err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Rel(dir, path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
