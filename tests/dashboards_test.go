package tests

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/dashboard"
)

// dashboards is what dashboards.py prints: for each run its metrics, in pairs of step and
// value, and its settings.
type dashboards struct {
	TensorBoard map[string]struct {
		Metrics  map[string][][2]float64
		Settings map[string]any
		Status   int
		Ended    float64
	}
	MLflow map[string]struct {
		Experiment, Status string
		Metrics            map[string][][2]float64
		Settings, Tags     map[string]string
		Ended              float64
		Artifacts          []string
	}
	Experiments []string
}

// dashboardsPython returns a Python with the packages tensorboard and mlflow.
func dashboardsPython(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), filepath.Join(cache, "sdtlab", "jupyter", "bin")) {
		python := filepath.Join(dir, "python3")
		if exec.CommandContext(t.Context(), python, "-c", "import importlib.util as u, sys; sys.exit(not (u.find_spec('tensorboard') and u.find_spec('mlflow')))").Run() == nil {
			return python
		}
	}
	t.Skipf("%s: no python3 with tensorboard and mlflow: ./tests/setup installs them", t.Name())
	return ""
}

// TestDashboards writes runs as TensorBoard and MLflow have them, and has their own packages
// read them: every number, setting and name is that of sdt.
func TestDashboards(t *testing.T) {
	python := dashboardsPython(t)
	dir := filepath.Join(t.TempDir(), "attack")
	attacked(t, dir)
	runs, err := sdt.ReadRuns(dir)
	if err != nil {
		t.Fatal(err)
	}
	logs, mlruns := filepath.Join(t.TempDir(), "logs"), filepath.Join(t.TempDir(), "mlruns")
	write := func(runs ...sdt.Run) {
		t.Helper()
		if err := dashboard.WriteTensorBoard(logs, runs...); err != nil {
			t.Fatal(err)
		}
		if err := dashboard.WriteMLflow(mlruns, runs...); err != nil {
			t.Fatal(err)
		}
	}
	before := slices.Clone(runs) // as they were before they were evaluated
	for i := range before {
		before[i].Stages = slices.DeleteFunc(slices.Clone(runs[i].Stages), func(s sdt.Stage) bool { return s.Evaluation != nil })
	}
	write(before...)
	write(runs...)
	read := readDashboards(t, python, logs, mlruns)
	if len(read.TensorBoard) != len(runs) || len(read.MLflow) != len(runs) || len(read.Experiments) != 2 {
		t.Fatalf("TensorBoard has the runs %q, MLflow %q in the experiments %q, want %d", slices.Collect(maps.Keys(read.TensorBoard)), slices.Collect(maps.Keys(read.MLflow)), read.Experiments, len(runs))
	}
	for i, r := range runs {
		checkDashboards(t, read, r, numbers(t, runs, i))
	}

	// Written again, the files are the same, and what MLflow's user added stays.
	was := tree(t, logs, mlruns)
	write(runs...)
	if is := tree(t, logs, mlruns); !maps.Equal(is, was) {
		t.Errorf("written again, the files are %v, want %v", is, was)
	}
	if !slices.Contains(slices.Collect(maps.Values(was)), "ours") {
		t.Error("the tag that was added is not there")
	}
}

// The documentation names the versions that tests/setup installs.
func TestDashboardVersions(t *testing.T) {
	setup, err := os.ReadFile(filepath.Join(root, "tests", "setup"))
	if err != nil {
		t.Fatal(err)
	}
	versions := regexp.MustCompile(`tensorboard==(\S+) mlflow-skinny==([^\s)]+)`).FindSubmatch(setup)
	if versions == nil {
		t.Fatal("tests/setup installs no versions")
	}
	if want := fmt.Sprintf("TensorBoard %s and MLflow %s.", versions[1], versions[2]); !strings.Contains(page(t, "docs/notebooks.md").text, want) {
		t.Errorf("docs/notebooks.md does not say %q", want)
	}
}

// readDashboards has the packages read what was written.
func readDashboards(t *testing.T, python, logs, mlruns string) (read dashboards) {
	t.Helper()
	s := command(t.Context(), "", nil, python, "dashboards.py", logs, mlruns).must(t)
	if err := json.Unmarshal([]byte(s.stdout), &read); err != nil {
		t.Fatalf("%v in %s", err, s.stdout)
	}
	return read
}

// numbers returns what sdt.WriteCSV says about one of the runs, by the names of package
// dashboard.
func numbers(t *testing.T, runs []sdt.Run, i int) map[string][][2]float64 {
	t.Helper()
	var text bytes.Buffer
	if err := sdt.WriteCSV(&text, runs...); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][][2]float64{}
	for _, l := range lines[1:] {
		if l[0] != strconv.Itoa(i+1) {
			continue
		}
		name := l[3] + "/" + l[7]
		if class := l[6]; class == scriptName {
			name = l[7] + " of class/_script_alert_1___script_"
		} else if class != "" {
			name = l[7] + " of class/" + class
		}
		step, _ := strconv.ParseFloat(l[5], 64) // none: 0
		value, err := strconv.ParseFloat(l[9], 64)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = append(all[name], [2]float64{step, value})
	}
	if len(all) < 8 {
		t.Fatalf("run %d has only %v", i+1, all)
	}
	return all
}

// checkDashboards compares a run as both have read it with its numbers and its settings.
func checkDashboards(t *testing.T, read dashboards, r sdt.Run, want map[string][][2]float64) {
	t.Helper()
	var name string
	for n, run := range read.MLflow {
		if run.Tags["sdtlab.key"] == r.Key() {
			name = n
		}
	}
	flow, board := read.MLflow[name], read.TensorBoard["attack/"+name]
	if !maps.EqualFunc(flow.Metrics, want, slices.Equal) {
		t.Errorf("%s: MLflow reads\n%v, want\n%v", name, flow.Metrics, want)
	}
	narrow := map[string][][2]float64{}
	for n, points := range want {
		for _, p := range points {
			narrow[n] = append(narrow[n], [2]float64{p[0], float64(float32(p[1]))})
		}
	}
	if !maps.EqualFunc(board.Metrics, narrow, slices.Equal) {
		t.Errorf("%s: TensorBoard reads\n%v, want\n%v", name, board.Metrics, narrow)
	}
	text, err := json.Marshal(r.Config())
	if err != nil {
		t.Fatal(err)
	}
	var settings map[string]any
	if err := json.Unmarshal(text, &settings); err != nil {
		t.Fatal(err)
	}
	for n, v := range settings {
		if v == "" || v == nil {
			delete(settings, n)
		}
	}
	if len(settings) < 10 || fmt.Sprint(board.Settings) != fmt.Sprint(settings) || fmt.Sprint(flow.Settings) != fmt.Sprint(settings) {
		t.Errorf("%s has the settings\n%v in TensorBoard,\n%v in MLflow, want\n%v", name, board.Settings, flow.Settings, settings)
	}
	made := r.Provenance().Made
	if board.Status != 1 || board.Ended != float64(made.UnixNano())/1e9 || flow.Status != "FINISHED" || flow.Ended != float64(made.UnixMilli()) {
		t.Errorf("%s ended with %d at %v in TensorBoard, with %s at %v in MLflow, want %v", name, board.Status, board.Ended, flow.Status, flow.Ended, made)
	}
	if flow.Experiment != "sdtlab/"+scriptName || flow.Tags["sdtlab.directory"] != r.Dir || flow.Tags["sdtlab.method"] != r.Method().String() || len(flow.Artifacts) > 0 {
		t.Errorf("%s is in the experiment %q with the tags %q and the artifacts %q", name, flow.Experiment, flow.Tags, flow.Artifacts)
	}
}

// tree returns the content of every file in folders by its path.
func tree(t *testing.T, folders ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			all[path] = strings.TrimSpace(string(data))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}
