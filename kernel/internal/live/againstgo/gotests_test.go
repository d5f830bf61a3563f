package againstgo

import (
	"bytes"
	"flag"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// goTests are further programs for TestGoPrograms, or all:
// go test ./kernel/internal/live/againstgo -run GoPrograms -gotests all -timeout 3h
var goTests = flag.String("gotests", "", "all, or a pattern of names: which of Go's own test programs TestGoPrograms runs")

// meansOther are words with which a program is about something that a cell does not have.
var meansOther = []struct{ words, why string }{
	{`import "C"`, "a cell has no C"},
	{`//go:build|//go:embed|//go:linkname`, "is about how a file is built"},
	{`runtime\.(Caller|Callers|CallersFrames|FuncForPC|Stack|GOROOT)\b|debug\.(Stack|ReadBuildInfo)`, "is about files and frames of its own, or of its executable"},
	{`os/exec|os\.StartProcess`, "runs the go command, or itself, as another process"},
}

// differentGo are programs that do another thing in cells, for a reason that stays.
var differentGo = map[string]string{}

// TestGoPrograms cuts programs that Go is tested with, those of GOROOT/test, into cells:
// these must do what the program does. They are cut in two ways, see fine and two.
func TestGoPrograms(t *testing.T) {
	s := open(t)
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(out)), "test")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("this Go came without its tests: %v", err)
	}
	names := slices.Concat(strings.Fields(goSample), slices.Collect(maps.Keys(goFailed)))
	if *goTests != "" {
		names = matching(t, root, *goTests)
	}
	cuts, right, count := [2]string{"two", "fine"}, [2]int{}, 0
	for batch := range slices.Chunk(names, 100) {
		var sources []string
		for _, name := range batch {
			src, err := os.ReadFile(filepath.Join(root, name))
			if err != nil {
				t.Fatal(err)
			}
			sources = append(sources, string(src))
		}
		for i, want := range goRuns(t, sources) {
			p, why := cuttable(batch[i], sources[i], want)
			if why != "" {
				t.Logf("left out: %s: %s", batch[i], why)
				continue
			}
			count++
			for n, cells := range [][]string{p.two(), p.fine()} {
				got, err := s.play(cells)
				switch {
				case err != nil:
					t.Errorf("%s, cut %s: %v", batch[i], cuts[n], err)
				case got != want.written:
					t.Errorf("%s, cut %s: %s", batch[i], cuts[n], firstDifference(got.stdout+got.stderr, want.stdout+want.stderr))
				default:
					right[n]++
				}
			}
		}
	}
	t.Logf("of %d programs, %d are right in two cells, %d in fine ones", count, right[0], right[1])
}

// matching returns the names of programs that are run without arguments: of all, or of
// those that match a pattern.
func matching(t *testing.T, root, pattern string) (names []string) {
	t.Helper()
	is := regexp.MustCompile(map[bool]string{true: "", false: pattern}[pattern == "all"])
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		src, err := os.ReadFile(path)
		name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		if bytes.HasPrefix(src, []byte("// run\n")) && is.MatchString(name) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// cuttable takes a program apart, or says why its cells would not do what it does.
func cuttable(name, src string, want ran) (*goProgram, string) {
	for _, m := range meansOther {
		if regexp.MustCompile(m.words).MatchString(src) {
			return nil, m.why
		}
	}
	if want.err != nil {
		return nil, "does not run as a program: " + strings.TrimSpace(want.err.Error())
	}
	p, err := readProgram(src)
	if err != nil {
		return nil, err.Error()
	}
	return p, differentGo[name]
}

// goFailed are programs that cells once failed, and what was wrong.
var goFailed = map[string]string{}
