package dashboard

import (
	"encoding/json"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/sdt"
)

// two is a run of a pretraining and, unless it is under way, an adaptation of it.
func two(underWay bool) sdt.Run {
	at := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	stage := func(name, key string) sdt.Stage {
		s := sdt.Stage{Key: key, History: &sdt.History{Stage: name, Method: sdt.Full, Step: []int{1, 2}, ClassLoss: []float64{0.1, math.NaN()}, Seconds: 60}}
		s.Provenance.Made, s.Provenance.Data.Name = at, "a→b"
		s.Provenance.Inputs = sdt.StageInputs{Stage: name, Config: sdt.Config{Method: sdt.Full, Lambda: 1e-5, Seed: 1<<64 - 1}}
		return s
	}
	r := sdt.Run{Dir: "runs/x", Stages: []sdt.Stage{stage("pretrain", "01")}}
	if underWay {
		step := 1
		r.Stages[0].UnderWay = &step
		return r
	}
	r.Stages = append(r.Stages, stage("adapt", "02"), stage("adapt", "03"))
	return r
}

// files returns the files below a folder, with slashes, by path.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		all[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What programs of others read is tested in tests/dashboards_test.go. This is what depends on
// earlier writing, and on runs that are not done.
func TestRunThatIsNotDone(t *testing.T) {
	dir := t.TempDir()
	logs, mlruns := filepath.Join(dir, "logs"), filepath.Join(dir, "mlruns")
	write := func(r sdt.Run) (meta map[string]any, all map[string]string) {
		t.Helper()
		if err := WriteTensorBoard(logs, r); err != nil {
			t.Fatal(err)
		}
		if err := WriteMLflow(mlruns, r); err != nil {
			t.Fatal(err)
		}
		all = files(t, dir)
		for path, text := range all {
			if strings.HasSuffix(path, identity(r)+"/"+metaFile) {
				if err := json.Unmarshal([]byte(text), &meta); err != nil {
					t.Fatal(err)
				}
			}
		}
		return meta, all
	}
	meta, _ := write(two(true))
	if meta["status"] != float64(running) || meta["end_time"] != nil || meta["start_time"] != 1777863661e3 {
		t.Errorf("a run under way is %v", meta)
	}
	meta, all := write(two(false))
	if meta["status"] != float64(finished) || meta["end_time"] != 1777863721e3 {
		t.Errorf("a run that is done is %v", meta)
	}
	count := map[string]int{}
	for path, text := range all {
		count[filepath.Base(path)]++
		switch {
		case strings.HasSuffix(path, "metrics/adapt 2/L_C") && text != "1777863721000 0.1 1\n":
			t.Errorf("L_C, whose second value is not finite, is %q", text)
		case strings.HasSuffix(path, "params/Lambda") && text != "0.00001", strings.HasSuffix(path, "params/Seed") && text != "18446744073709551615":
			t.Errorf("%s is %q", path, text)
		}
	}
	if count[metaFile] != 3 || count[eventFile] != 1 || count["L_C"] != 3 || count["seconds"] != 3 {
		t.Errorf("there are %q, want one run, of three stages, and two experiments", slices.Sorted(maps.Keys(all)))
	}

	if err := os.MkdirAll(filepath.Join(mlruns, ".trash", meta["experiment_id"].(string)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := WriteMLflow(mlruns, two(false)); err == nil || !strings.Contains(err.Error(), "mlflow experiments restore") {
		t.Errorf("an experiment in the trash: %v", err)
	}
}

func TestFileNames(t *testing.T) {
	for _, row := range []struct {
		why           string
		classes, want []string
	}{
		{"letters of any script stay", []string{"mug", "קומקום", "back pack-2.0"}, []string{"mug", "קומקום", "back pack-2.0"}},
		{"a path is none", []string{"../../etc", "a/b", "..", ""}, []string{"_.._etc", "a_b", "_", "__"}},
		{"a system may not tell case apart", []string{"Mug", "mug", "mug_"}, []string{"Mug", "mug_", "mug__"}},
		{"what is not UTF-8 is replaced", []string{"a\xff"}, []string{"a_"}},
		{"Windows drops dots and spaces at the end", []string{"a. ", "a"}, []string{"a", "a_"}},
		{"a file's name has a limit", []string{strings.Repeat("é", 200)}, []string{strings.Repeat("é", 90)}},
	} {
		if got := fileNames(row.classes); !slices.Equal(got, row.want) {
			t.Errorf("%s: %q gives %q, want %q", row.why, row.classes, got, row.want)
		}
	}
}

// The record of "ab" is what tensorboard.summary.writer.record_writer of TensorBoard 2.21 writes.
func TestRecord(t *testing.T) {
	want := "x\x02\x00\x00\x00\x00\x00\x00\x00x'\x0b4ab\x1c\xb0\xf0\xf4"
	if got := string(appendRecord([]byte("x"), []byte("ab"))); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
