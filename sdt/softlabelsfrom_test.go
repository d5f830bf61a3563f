package sdt

import (
	"reflect"
	"slices"
	"testing"
)

// TestSoftLabelsFrom adapts a network to soft labels from elsewhere. The run that is read has
// them, says where they come from, and has its own network's pretraining, not theirs.
func TestSoftLabelsFrom(t *testing.T) {
	task, config := blobs(1, 4, 12, 3, true), quick(Full)
	config.PretrainSteps, config.AdaptSteps = 4, 4
	source := func(dir string, steps int) (*Lab, *Model, *SoftLabels) {
		t.Helper()
		c := config
		c.PretrainSteps = steps
		lab, err := Open(dir, task, c)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lab.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		soft, err := lab.SoftLabels(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		return lab, m, soft
	}
	dir, elsewhere := t.TempDir(), t.TempDir()
	lab, mine, own := source(dir, 4)
	_, _, longer := source(dir, 9)
	_, _, same := source(elsewhere, 4)
	_, other, others := source(elsewhere, 7)
	edited := cloned(*own)
	edited.L[3], edited.L[2] = edited.L[2], edited.L[3]
	read := func(dir, key string) Run {
		t.Helper()
		runs, err := ReadRuns(dir)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(runs, func(r Run) bool { return r.Key() == key })
		if at < 0 {
			t.Fatalf("no run has the key %s", key)
		}
		return runs[at]
	}
	third := t.TempDir()
	there, mineThere, _ := source(third, 4)
	given, err := there.Adapt(t.Context(), mineThere, &edited)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why   string
		soft  *SoftLabels
		from  string
		given bool
		own   bool // the training continues from their stage, under the key that it has always had
	}{
		{"of the source network", own, "source network", false, true},
		{"of it, made in another directory", same, "source network", false, true},
		{"of a network that was trained longer, in the directory", longer, "network " + longer.inputs.Before, false, true},
		{"of a network of another directory", others, "network " + other.Key, false, true},
		{"read from another directory", read(third, given.Key).SoftLabels(), "given " + edited.content()[:12], true, true},
		{"given again", &edited, "given " + edited.content()[:12], true, false},
	} {
		m, err := lab.Adapt(t.Context(), mine, row.soft)
		if err != nil {
			t.Fatal(row.why, err)
		}
		if row.own && m.inputs.Before != mine.Key+" "+row.soft.Key {
			t.Errorf("%s: the training continues from %s, want the soft labels %s", row.why, m.inputs.Before, row.soft.Key)
		}
		r := read(dir, m.Key)
		soft := r.SoftLabels()
		if soft == nil || !reflect.DeepEqual(soft.L, row.soft.L) {
			t.Errorf("%s: the run has the soft labels %+v", row.why, soft)
			continue
		}
		if r.SoftLabelsFrom() != row.from || soft.Given() != row.given {
			t.Errorf("%s: they are from %q, given: %t, want %q, %t", row.why, r.SoftLabelsFrom(), soft.Given(), row.from, row.given)
		}
		if c := r.Config(); c.PretrainSteps != 4 || len(r.Histories()) != 2 || r.Stages[0].Key != mine.Key {
			t.Errorf("%s: the run has %d stages, %d trainings and %d steps of pretraining, want 4", row.why, len(r.Stages), len(r.Histories()), c.PretrainSteps)
		}
	}
	if changed := cloned(*own); changed.Given() {
		t.Error("a copy of soft labels that a stage made is given")
	} else if changed.L[0][0] = 0.5; !changed.Given() {
		t.Error("soft labels that were changed are those that the stage made")
	}
	// The soft labels of a pretraining that nothing has adapted are not what it learnt from.
	pretraining := Stage{Key: mine.Key, History: &mine.History, Provenance: Provenance{Inputs: mine.inputs}}
	if r := (Run{Stages: []Stage{pretraining, {Key: own.Key, SoftLabels: own}}}); r.SoftLabelsFrom() != "" || r.SoftLabels() != own {
		t.Errorf("a pretraining learnt from %q", r.SoftLabelsFrom())
	}
}
