package sdt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// jsonOf returns the runs of a directory as WriteJSON writes them.
func jsonOf(t *testing.T, dir string) string {
	t.Helper()
	runs, err := ReadRuns(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := WriteJSON(&b, runs...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// copied copies a file or a folder to a path beside it.
func copied(to func(name string) string) func(path string) error {
	return func(path string) error {
		at := filepath.Join(filepath.Dir(path), to(filepath.Base(path)))
		if isFolder(path) {
			return os.CopyFS(at, os.DirFS(path))
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(at, data, 0o600)
	}
}

// TestFilesOfTheUsersOwn checks that files that the lab has not written change no run and stop no
// report: a user's own files, and copies with the names that systems and programs give them.
func TestFilesOfTheUsersOwn(t *testing.T) {
	whole, _, _ := inDirectory(t)
	want := jsonOf(t, whole)
	own := func(names ...string) func(dir string) error {
		return func(dir string) error {
			for _, name := range names {
				if err := os.WriteFile(filepath.Join(dir, name), []byte("{}"), 0o600); err != nil {
					return err
				}
			}
			return nil
		}
	}
	each := func(pattern string, do func(path string) error) func(dir string) error {
		return func(dir string) error {
			paths, err := filepath.Glob(filepath.Join(dir, pattern))
			if err == nil && len(paths) == 0 {
				err = errors.New("nothing is " + pattern)
			}
			for _, path := range paths {
				err = errors.Join(err, do(path))
			}
			return err
		}
	}
	folder := func(name string) func(dir string) error {
		return func(dir string) error { return os.MkdirAll(filepath.Join(dir, name), 0o700) }
	}
	link := func(name, to string) func(dir string) error {
		return func(dir string) error { return os.Symlink(to, filepath.Join(dir, name)) }
	}
	for name, do := range map[string]func(dir string) error{
		"figures and notes":               own("soft-labels.csv", "evaluate-plot.png", "evaluate-notes.txt", "evaluate-best.json", "adapt-notes", "pretrain.json", "soft-.json", "evaluate-"),
		"a folder of figures":             folder("evaluate-figures"),
		"a folder like a training":        folder("adapt-figures"),
		"a training that has not begun":   folder("adapt-0123456789abcdef"),
		"a file like a training":          own("pretrain-0123456789abcdef"),
		"a key of more digits":            own("evaluate-0123456789abcdef0.json", "soft-00123456789abcdef.json"),
		"a key of other digits":           own("evaluate-0123456789abcdeg.json", "soft-0123456789ABCDEF.json"),
		"a link to nothing":               link("evaluate-x.json", "nowhere"),
		"a link to itself":                link("soft-mine.json", "soft-mine.json"),
		"a folder's link to nothing":      link("adapt-0123456789abcdef", "nowhere"),
		"another kind's name":             own("train-0123456789abcdef.json", "evaluate-0123456789abcdef", "adapt-0123456789abcdef.json"),
		"results, packed":                 each("*-*.json", func(path string) error { return os.WriteFile(path+".gz", []byte{0x1f, 0x8b}, 0o600) }),
		"copies of a download":            each("*-*.json", copied(func(n string) string { return strings.TrimSuffix(n, ".json") + " (1).json" })),
		"copies of a Mac":                 each("*-*", copied(func(n string) string { return n + " copy" })),
		"copies of a file":                each("*-*.json", copied(func(n string) string { return strings.TrimSuffix(n, ".json") + " copy.json" })),
		"copies of Windows":               each("*-*", copied(func(n string) string { return n + " - Copy" })),
		"copies of an editor":             each("*-*.json", copied(func(n string) string { return n + "~" })),
		"copies of a careful user":        each("*-*", copied(func(n string) string { return n + ".bak" })),
		"copies under a name of its own":  each("*-*", copied(func(n string) string { return "old-" + n })),
		"copies that a folder sync makes": each("*-*.json", copied(func(n string) string { return strings.TrimSuffix(n, ".json") + " (conflicted copy).json" })),
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			if err := do(dir); err != nil {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(jsonOf(t, dir), dir, whole); got != want {
				t.Errorf("the runs are\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestCopyOfATrainingUnderWay checks that a folder that was copied during training does not
// replace the finished training, whatever the copy's name.
func TestCopyOfATrainingUnderWay(t *testing.T) {
	dir, config := t.TempDir(), quick(SourceTarget)
	ctx, cancel := context.WithCancel(t.Context())
	l, err := Open(dir, blobs(1, 4, 20, 3, false), config)
	if err != nil {
		t.Fatal(err)
	}
	source, err := l.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l.OnProgress = func(p Progress) {
		if p.Step == 10 {
			cancel()
		}
	}
	if _, err := l.Adapt(ctx, source, nil); !errors.As(err, new(*Interrupted)) {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(dir, "adapt-*"))
	if err != nil || len(folders) != 1 {
		t.Fatal(folders, err)
	}
	for _, ending := range []string{" copy", ".bak", "-old", "~"} {
		if err := copied(func(name string) string { return name + ending })(folders[0]); err != nil {
			t.Fatal(err)
		}
	}
	m, err := l.Adapt(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Evaluate(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	runs, err := ReadRuns(dir)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	h := runs[0].Histories()[1]
	if !slices.Equal(h.Step, m.History.Step) || len(h.Step) != config.AdaptSteps || runs[0].Stages[1].UnderWay != nil || runs[0].Evaluation() == nil {
		t.Errorf("the run has %d of %d steps", len(h.Step), config.AdaptSteps)
	}
}

// TestUnderWayAtTheStart checks that a training that was stopped before its first step is not
// read as finished.
func TestUnderWayAtTheStart(t *testing.T) {
	task, ended := blobs(1, 4, 20, 3, false), func() context.Context {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		return ctx
	}()
	for _, stage := range []string{"pretrain", "adapt"} {
		dir := t.TempDir()
		l, err := Open(dir, task, quick(SourceTarget))
		if err != nil {
			t.Fatal(err)
		}
		if stage == "pretrain" {
			_, err = l.Pretrain(ended)
		} else {
			source, e := l.Pretrain(t.Context())
			if e != nil {
				t.Fatal(e)
			}
			_, err = l.Adapt(ended, source, nil)
		}
		if !errors.As(err, new(*Interrupted)) {
			t.Fatal(err)
		}
		runs, err := ReadRuns(dir)
		if err != nil || len(runs) != 1 {
			t.Fatal(runs, err)
		}
		last := runs[0].last()
		if last.Name() != stage || last.UnderWay == nil || *last.UnderWay != 0 {
			t.Errorf("%s has %v saved steps, want 0", last.Name(), last.UnderWay)
		}
		if text := jsonOf(t, dir); strings.Count(text, `"under_way": 0`) != 1 {
			t.Errorf("%s: metrics.json does not say that it is under way:\n%s", stage, text)
		}
	}
}

// TestReadRunsSaysWhere checks the message for a directory without results.
func TestReadRunsSaysWhere(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"runs/mugs", "runs/cups", "many/a", "many/b", "many/c", "many/d", "one/x [1]", "empty/notes"} {
		if err := os.MkdirAll(filepath.FromSlash(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if name != "runs/cups" && name != "empty/notes" {
			if err := os.WriteFile(filepath.Join(name, "evaluate-0123456789abcdef.json"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.MkdirAll("runs/mugs/adapt-0123456789abcdef", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("file", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open("", blobs(1, 4, 5, 3, false), quick(Full)); fmt.Sprint(err) != "run directory: the name is empty" {
		t.Errorf("Open without a name: %v", err)
	}
	for dir, want := range map[string]string{
		"":                                 "run directory: the name is empty",
		"nowhere":                          "run directory nowhere does not exist",
		"runs/":                            "run directory runs/ has no results; runs/mugs has",
		"runs":                             "run directory runs has no results; runs/mugs has",
		"many":                             "run directory many has no results; many/a, many/b and 2 more have",
		"one":                              "run directory one has no results; one/x [1] has",
		"empty":                            "run directory empty has no results: check that it is the directory passed to sdt.Open",
		"file":                             "run directory file is a file, want a folder",
		"runs/mugs/adapt-0123456789abcdef": "run directory runs/mugs/adapt-0123456789abcdef has no results: it is a stage of the run directory runs/mugs",
	} {
		if _, err := ReadRuns(dir); fmt.Sprint(err) != want {
			t.Errorf("%q: %v, want %s", dir, err, want)
		}
	}
}
