package sdt

import (
	"reflect"
	"testing"
)

// An empty list of held-out classes is no list, as in JSON: an evaluation is the same when it is
// made, when it is loaded, and when a report reads it.
func TestNoHeldOutClass(t *testing.T) {
	for name, held := range map[string][]int{"nil": nil, "empty": {}} {
		task, dir := blobs(1, 4, 12, 3, false), t.TempDir()
		task.HeldOut = held
		config := quick(SourceTarget)
		config.EarlyStop = Oracle // needs a reported class
		_, _, _, made := stages(t, t.Context(), dir, task, config)
		_, _, _, loaded := stages(t, t.Context(), dir, task, config)
		runs, err := ReadRuns(dir)
		if err != nil {
			t.Fatal(err)
		}
		if acc := made.Accuracy(); !(acc > 0.5) || !(made.MeanPerClass() > 0.5) || len(made.Reported()) != 4 {
			t.Errorf("%s: accuracy %v on classes %v", name, acc, made.Reported())
		}
		if !reflect.DeepEqual(made, loaded) || !reflect.DeepEqual(made, *runs[0].Evaluation()) {
			t.Errorf("%s: made\n%+v, loaded\n%+v, read\n%+v", name, made, loaded, *runs[0].Evaluation())
		}
		if !task.TestsReported() {
			t.Errorf("%s: no test example is of a reported class", name)
		}
	}
}
