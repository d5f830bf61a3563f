package tests

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
)

// executed is what became of a notebook: what the command printed, and its files.
type executed struct {
	stdout           string
	notebook, report string // paths
}

// demo runs `go run ./kernel demo` in the fresh checkout, once for all tests.
func demo(t *testing.T) executed {
	t.Helper()
	if testing.Short() {
		t.Skip("trains the quickstart's networks, minutes")
	}
	dir := checkout(t)
	e, err := demonstrated(dir)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var demonstrated = func() func(dir string) (executed, error) {
	var once sync.Once
	var e executed
	var err error
	return func(dir string) (executed, error) {
		once.Do(func() {
			said := command(context.Background(), dir, onONNX(), "go", "run", "./kernel", "demo")
			if err = said.err; err != nil {
				err = fmt.Errorf("go run ./kernel demo: %w\n%s\n%s", err, said.stdout, said.stderr)
				return
			}
			e = executed{said.stdout, filepath.Join(dir, "out", "00_quickstart.ipynb"), filepath.Join(dir, "out", "00_quickstart.html")}
		})
		return e, err
	}
}()

// environment is what the fresh checkout needs of this one's: where the data is.
func environment() []string {
	if dir, err := dataDir(); err == nil {
		return []string{"SDT_DATA=" + dir}
	}
	return nil
}

// onONNX is environment with ONNX Runtime, where it is here: notebooks train several times
// as fast on it. The tests of package sdt train on pure Go.
func onONNX() []string {
	if os.Getenv("ONNXRUNTIME_SHARED_LIBRARY_PATH") == "" {
		return environment()
	}
	return append(environment(), "GOMLX_BACKEND=onnx:cpu")
}

// dataDir returns the directory of the test data, $SDT_DATA.
func dataDir() (string, error) {
	dir := os.Getenv("SDT_DATA")
	if info, err := os.Stat(dir); dir == "" || err != nil || !info.IsDir() {
		return "", errors.New("no test data at $SDT_DATA")
	}
	return filepath.Abs(dir)
}

// The demo, from a fresh checkout to its report: it says where the files are, prints the
// accuracy of three methods, and the report has every figure of the notebook.
func TestQuickstart(t *testing.T) {
	e := demo(t)
	for _, path := range []string{"out/00_quickstart.ipynb", "out/00_quickstart.html"} {
		if !strings.Contains(e.stdout, filepath.FromSlash(path)) {
			t.Errorf("it does not say that it wrote %s:\n%s", path, e.stdout)
		}
	}
	adapts(t, e)
}

// The quickstart on XLA, in a run directory of its own.
func TestQuickstartOnXLA(t *testing.T) {
	setting := os.Getenv("SDT_TEST_XLA")
	if setting == "" || testing.Short() {
		t.Skipf("%s: trains on XLA for a minute, if $SDT_TEST_XLA is set", t.Name())
	}
	const name = "00_quickstart"
	out := t.TempDir()
	s := command(t.Context(), checkout(t), environment(), "go", "run", "./kernel", "run", "notebooks/"+name+".ipynb",
		"--backend", setting, "-p", "runFolder="+filepath.Join(out, "run"), "-o", out).must(t)
	adapts(t, executed{s.stdout, filepath.Join(out, name+".ipynb"), filepath.Join(out, name+".html")})
	runs, err := sdt.ReadRuns(filepath.Join(out, "run"))
	if err != nil || len(runs) == 0 {
		t.Fatal(runs, err)
	}
	if on := runs[0].Stages[0].Provenance.Inputs.Backend; on != "xla-cpu" {
		t.Errorf("it was trained on %s, want XLA", on)
	}
}

// adapts checks what an execution of the quickstart says and shows.
func adapts(t *testing.T, e executed) {
	t.Helper()
	accuracy := map[string]float64{}
	for _, row := range regexp.MustCompile(`(?m)^(\S.*?) {2,}([0-9.]+) +([0-9.]+)$`).FindAllStringSubmatch(e.stdout, -1) {
		accuracy[row[1]], _ = strconv.ParseFloat(row[2], 64)
	}
	const chance = 100.0 / 31
	if len(accuracy) != 3 || accuracy["source only"] < 2*chance {
		t.Fatalf("the table it prints has %v, want source only well above chance, and two others:\n%s", accuracy, e.stdout)
	}
	// A seed of a small run, not a result: what adaptation is worth stands in README.
	if full := accuracy["confusion + soft labels"]; full < accuracy["source only"] {
		t.Errorf("adapted %.1f %%, not adapted %.1f %%", full, accuracy["source only"])
	}
	code := source(t, filepath.Join(root, "notebooks", "00_quickstart.ipynb"))
	shown := strings.Count(code, "nb.Show(plots.") // one figure each
	if have := reported(t, e); have != shown || shown < 5 {
		t.Errorf("the report has %d figures, the notebook displays %d", have, shown)
	}
}

// figure is how a figure of package plots begins.
const figure = `<figure class="sdt-figure"`

// reported returns how many figures an executed notebook and its report both have.
func reported(t *testing.T, e executed) int {
	t.Helper()
	report, err := os.ReadFile(e.report)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(e.notebook)
	if err != nil {
		t.Fatal(err)
	}
	var nb struct {
		Cells []struct {
			Outputs []struct {
				Data map[string]any `json:"data"`
			} `json:"outputs"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(data, &nb); err != nil {
		t.Fatalf("%s: %v", e.notebook, err)
	}
	figures := 0
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			if html := text(o.Data["text/html"]); strings.Contains(html, figure) {
				figures++
			}
		}
	}
	if n := strings.Count(string(report), figure); n != figures {
		t.Errorf("%s has %d figures, the notebook %d", filepath.Base(e.report), n, figures)
	}
	return figures
}

// text joins what a notebook may hold as one string or as a list of lines.
func text(v any) string {
	if lines, ok := v.([]any); ok {
		var b strings.Builder
		for _, l := range lines {
			fmt.Fprint(&b, l)
		}
		return b.String()
	}
	s, _ := v.(string)
	return s
}
