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

// meansOther are words that show that a program is about something that a cell does not
// have.
var meansOther = []struct{ words, why string }{
	{`import "C"`, "a cell has no C"},
	{`//go:embed|//go:linkname`, "is about how a file is built"},
	{`runtime\.(Caller|Callers|CallersFrames|FuncForPC|Stack|GOROOT)\b|debug\.(Stack|ReadBuildInfo)`, "is about files and frames of its own, or of its executable"},
	{`os/exec|os\.StartProcess`, "runs the go command, or itself, as another process"},
}

// differentGo are programs that behave differently in cells, for a lasting reason.
var differentGo = map[string]string{
	"closure.go":               "counts what is allocated, and the variables of cells are",
	"nilptr.go":                "wants a variable of 256 MB at the low addresses of a program's own data",
	"typeparam/nested.go":      "its main has a type of its own with an outer one's name, which in cells is that type declared again",
	"fixedbugs/issue17039.go":  "appends a variable to itself: Go itself does another thing if it is outside of a function, or on the heap",
	"fixedbugs/issue27518b.go": notCollected,
	"fixedbugs/issue32477.go":  notCollected,
	"fixedbugs/issue46725.go":  notCollected,
}

const notCollected = "wants a variable of main to be collected before main ends; those of cells stay"

// differentFine are those that do so if each declaration is a cell.
var differentFine = map[string]string{
	"fixedbugs/issue43444.go": "begins its variables in another order than that of its cells",
}

// TestGoPrograms cuts programs with which Go is tested, those of GOROOT/test, into cells:
// these must write what the program writes, most of them nothing, and not fail. They are
// cut in two ways, see [goProgram.two] and [goProgram.fine].
func TestGoPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a hundred programs")
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(out)), "test")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("this Go came without its tests: %v", err)
	}
	names := slices.Concat(strings.Fields(goSample), slices.Sorted(maps.Keys(goFailed)))
	if *goTests != "" {
		names = matching(t, root, *goTests)
	}
	cases := goCases(t, root, names)
	for name, cut := range map[string]func(*goProgram) []string{"two": (*goProgram).two, "fine": (*goProgram).fine} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			right := 0
			for _, c := range cases {
				if why := differentGo[c.name] + map[string]string{"fine": differentFine[c.name]}[name]; why != "" {
					t.Logf("%s: %s", c.name, why)
					continue
				}
				got, err := s.play(cut(c.program))
				switch {
				case err != nil:
					t.Errorf("%s: %v", c.name, err)
				case got != c.want:
					t.Errorf("%s: %s", c.name, firstDifference(got.stdout+got.stderr, c.want.stdout+c.want.stderr))
				default:
					right++
				}
			}
			t.Logf("%d of %d programs are right", right, len(cases))
		})
	}
}

// goCase is a program of Go's and its output.
type goCase struct {
	name    string
	program *goProgram
	want    written
}

// goCases reads programs and runs them. It skips those with cells that would behave
// differently from the program, and says why.
func goCases(t *testing.T, root string, names []string) (cases []goCase) {
	t.Helper()
	for batch := range slices.Chunk(names, 100) {
		var sources []string
		for _, name := range batch {
			src, err := os.ReadFile(filepath.Join(root, name))
			if err != nil {
				t.Fatal(err)
			}
			sources = append(sources, string(src))
		}
		for i, r := range goRuns(t, sources) {
			if p, why := cuttable(batch[i], sources[i], r); why != "" {
				t.Logf("left out: %s: %s", batch[i], why)
			} else {
				cases = append(cases, goCase{batch[i], p, r.written})
			}
		}
	}
	return cases
}

// matching returns the names of the programs that run without arguments: all, or those that
// match a pattern.
func matching(t *testing.T, root, pattern string) (names []string) {
	t.Helper()
	is := regexp.MustCompile(map[bool]string{true: "", false: pattern}[pattern == "all"])
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".dir") {
			return fs.SkipDir // a program of several packages
		}
		if err != nil || filepath.Ext(path) != ".go" {
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

// cuttable parses a program, or says why its cells would behave differently.
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
	return p, ""
}

// goFailed are programs that once failed as cells, and the fault.
var goFailed = map[string]string{
	"bigalg.go":               "a variable of size zero was not known to later cells",
	"blank.go":                "the session panicked over blank fields and parameters",
	"fixedbugs/bug130.go":     "os.Exit took the values with it",
	"fixedbugs/bug227.go":     "a variable without a value became zero after it had been counted up",
	"fixedbugs/bug295.go":     "a dot import was not understood beside a name that it hides",
	"fixedbugs/bug514.go":     "a variable that may not be on the heap was refused",
	"fixedbugs/issue42032.go": "a variable that may not be on the heap was refused",
	"fixedbugs/issue42076.go": "a variable of no size that may not be on the heap was refused",
	"fixedbugs/issue46903.go": "a type that may not be on a stack had a method by what it embeds",
	"fixedbugs/bug352.go":     "a variable of size zero was not known to later cells",
	"fixedbugs/bug497.go":     "the same, of a struct that holds nothing",
	"fixedbugs/issue43444.go": "variables of one cell did not begin in the order of their dependencies",
	"fixedbugs/issue22326.go": "variables that use one another were not known",
}
