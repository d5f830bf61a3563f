package sdt

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func labelled(domain string, classes []string, labels ...int32) Labelled {
	l := Labelled{Examples: Examples{Domain: domain, Shape: []int{2}}, Classes: classes, Labels: labels}
	for i := range labels {
		l.Values = append(l.Values, float32(i), float32(-i))
	}
	return l
}

func TestAlign(t *testing.T) {
	source := labelled("a", []string{"bike", "mug", "ruler"}, 0, 1, 2)
	for _, c := range []struct {
		name   string
		target Labelled
		a      Alignment
		labels []int32 // nil: an error
		want   string  // in the error
	}{
		{"the same", labelled("b", []string{"bike", "mug", "ruler"}, 2, 0), Alignment{}, []int32{2, 0}, ""},
		{"another order", labelled("b", []string{"ruler", "bike", "mug"}, 0, 1, 2), Alignment{}, []int32{2, 0, 1}, ""},
		{"a renamed class", labelled("b", []string{"bicycle", "mug", "ruler"}, 0, 2), Alignment{Map: map[string]string{"bicycle": "bike"}}, []int32{0, 2}, ""},
		{"classes that do not match", labelled("b", []string{"bicycle", "mug"}, 0, 1), Alignment{}, nil, "bicycle"},
		{"a class that only the source has", labelled("b", []string{"bike", "mug"}, 0, 1), Alignment{}, nil, "ruler"},
		{"partial overlap, allowed", labelled("b", []string{"pen", "mug"}, 0, 1, 1), Alignment{Partial: true}, []int32{1, 1}, ""},
		{"no overlap", labelled("b", []string{"pen"}, 0), Alignment{Partial: true}, nil, "share no class"},
		{"a map of no class", labelled("b", []string{"bike", "mug", "ruler"}, 0), Alignment{Map: map[string]string{"cup": "mug"}}, nil, "cup"},
		{"two classes to one", labelled("b", []string{"bike", "bicycle", "mug", "ruler"}, 0), Alignment{Map: map[string]string{"bicycle": "bike"}}, nil, `Align.Map gives the classes "bike" and "bicycle" of "b" the same name, "bike"`},
		{"two of the map to one", labelled("b", []string{"cycle", "bicycle", "mug", "ruler"}, 0), Alignment{Map: map[string]string{"bicycle": "bike", "cycle": "bike"}}, nil, `"cycle" and "bicycle" of "b" the same name`},
		{"a class that is there twice", labelled("b", []string{"bike", "mug", "ruler", "mug"}, 0), Alignment{Map: map[string]string{"ruler": "ruler"}}, nil, `class "mug" appears twice`},
		{"a map the wrong way round", labelled("b", []string{"bicycle", "mug", "ruler"}, 0), Alignment{Map: map[string]string{"bike": "bicycle"}}, nil, `names "bike", which is a class of "a", not of "b": write target name: source name, {"bicycle": "bike"}`},
		{"a source class to one that is not there", labelled("b", []string{"bicycle", "mug", "ruler"}, 0), Alignment{Map: map[string]string{"bike": "cycle"}}, nil, `is a class of "a", not of "b": write target name: source name`},
	} {
		got, err := Align(source, c.target, c.a)
		switch {
		case c.labels == nil && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: error %v does not name %q", c.name, err, c.want)
		case c.labels != nil && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.labels != nil && (!slices.Equal(got.Labels, c.labels) || !slices.Equal(got.Classes, source.Classes) || got.Validate() != nil):
			t.Errorf("%s: labels %v, want %v", c.name, got.Labels, c.labels)
		}
	}
	var e *AlignmentError
	_, err := Align(source, labelled("b", []string{"pen", "mug"}, 0), Alignment{})
	if !errors.As(err, &e) || !slices.Equal(e.OnlySource, []string{"bike", "ruler"}) || !slices.Equal(e.OnlyTarget, []string{"pen"}) {
		t.Errorf("error %v lists %+v", err, e)
	}
}

func TestTaskValidate(t *testing.T) {
	classes := []string{"x", "y"}
	good := func() Task {
		return Task{Name: "t", Sources: []Labelled{labelled("a", classes, 0, 1)}, Target: labelled("b", classes, 0),
			Unlabelled: labelled("b", classes, 1).Examples, Test: labelled("b", classes, 0, 1)}
	}
	if err := good().Validate(); err != nil {
		t.Fatal(err)
	}
	pixels := func(e *Examples) { e.Pixels, e.Values = make([]uint8, len(e.Values)), nil }
	for name, c := range map[string]struct {
		spoil func(*Task)
		want  string
	}{
		"no source":             {func(t *Task) { t.Sources = nil }, "no source"},
		"an empty domain":       {func(t *Task) { t.Test = labelled("b", classes) }, "no examples"},
		"a label out of range":  {func(t *Task) { t.Target.Labels[0] = 2 }, "label 2"},
		"a negative label":      {func(t *Task) { t.Test.Labels[1] = -1 }, "label -1"},
		"NaN in the data":       {func(t *Task) { t.Sources[0].Values[3] = float32(math.NaN()) }, "row 1"},
		"other classes":         {func(t *Task) { t.Target.Classes = []string{"x", "z"} }, "z"},
		"classes in disorder":   {func(t *Task) { t.Test.Classes = []string{"y", "x"} }, "Align"},
		"another shape":         {func(t *Task) { t.Test.Shape = []int{1}; t.Test.Labels = []int32{0, 0, 0, 0} }, "shape"},
		"unlabelled of a shape": {func(t *Task) { t.Unlabelled.Shape = []int{1} }, "shape"},
		"held-out class":        {func(t *Task) { t.HeldOut = []int{2} }, "held-out class 2"},
		"held out twice":        {func(t *Task) { t.HeldOut = []int{1, 1} }, `class "y" is held out twice`},
		"held out, but labels":  {func(t *Task) { t.HeldOut = []int{1, 0} }, `class "x" is held out, but Target has labelled examples of it (1)`},
		"labels of nothing":     {func(t *Task) { t.Target = Labelled{Labels: []int32{5}} }, "no shape"},
		"the name's UTF-8":      {func(t *Task) { t.Name = "a\xff" }, `task "a\xff": its name is not UTF-8`},
		"the source's UTF-8":    {func(t *Task) { t.Sources[0].Domain = "a\xff" }, `examples "a\xff": the name of the domain is not UTF-8`},
		"the target's UTF-8":    {func(t *Task) { t.Unlabelled.Domain = "\xc3" }, `the name of the domain is not UTF-8`},
		"a class's UTF-8":       {func(t *Task) { t.Test.Classes = []string{"x", "\xfc"} }, `class "\xfc" is not UTF-8`},
		"target of pixels":      {func(t *Task) { pixels(&t.Target.Examples) }, `the source examples of "a" are values (float32), the labelled target examples of "b" are pixels (uint8, 0…255)`},
		"unlabelled of pixels":  {func(t *Task) { pixels(&t.Unlabelled) }, `the unlabelled target examples of "b" are pixels`},
		"test of pixels":        {func(t *Task) { pixels(&t.Test.Examples) }, `the test examples of "b" are pixels`},
		"source of pixels":      {func(t *Task) { pixels(&t.Sources[0].Examples) }, `the source examples of "a" are pixels (uint8, 0…255), the labelled target examples of "b" are values (float32)`},
		"validation of pixels": {func(t *Task) {
			t.Validation = labelled("a", classes, 0)
			pixels(&t.Validation.Examples)
		}, `the validation examples of "a" are pixels`},
		"the second source of pixels": {func(t *Task) {
			t.Sources = append(t.Sources, labelled("c", classes, 0))
			pixels(&t.Sources[1].Examples)
		}, `the source examples of "c" are pixels`},
		"half an example":     {func(t *Task) { t.Test.Values = t.Test.Values[:3] }, "multiple of the size"},
		"labels missing":      {func(t *Task) { t.Test.Labels = t.Test.Labels[:1] }, "1 labels for 2"},
		"pixels and values":   {func(t *Task) { t.Test.Pixels = make([]uint8, 4) }, "both"},
		"names missing":       {func(t *Task) { t.Test.Names = []string{"one"} }, "1 names"},
		"a class named twice": {func(t *Task) { t.Test.Classes = []string{"x", "x"} }, "twice"},
		"a shape of nothing":  {func(t *Task) { t.Sources[0].Shape = nil }, "no shape"},
	} {
		task := good()
		c.spoil(&task)
		if err := task.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v does not say %q", name, err, c.want)
		}
	}
}

func TestTestLabelsCannotReachTraining(t *testing.T) {
	task := blobs(1, 4, 20, 3, false)
	_, a, _, e := stages(t, t.Context(), t.TempDir(), task, quick(Full))
	for i := range task.Test.Labels {
		task.Test.Labels[i] = int32(i % 4)
	}
	_, b, _, garbage := stages(t, t.Context(), t.TempDir(), task, quick(Full))
	if !equalWeights(a, b) || !slices.Equal(e.Predictions, garbage.Predictions) {
		t.Error("other test labels trained another network")
	}
	if e.Accuracy() == garbage.Accuracy() {
		t.Error("other test labels were not evaluated")
	}
	if a.Key != b.Key {
		t.Error("test labels are part of the key of training")
	}
}

func TestEvaluationByHand(t *testing.T) {
	e := Evaluation{Classes: []string{"a", "b", "c"}, Labels: []int32{0, 0, 0, 1, 1}, Predictions: []int32{0, 1, 0, 1, 2}}
	if got, want := e.Accuracy(), 3.0/5; got != want {
		t.Errorf("accuracy %v, want %v", got, want)
	}
	per := e.PerClass()
	if per[0] != 2.0/3 || per[1] != 0.5 || !math.IsNaN(per[2]) {
		t.Errorf("per class %v, want ⅔, ½ and NaN for the empty class", per)
	}
	if got, want := e.MeanPerClass(), (2.0/3+0.5)/2; math.Abs(got-want) > 1e-15 {
		t.Errorf("mean per class %v, want %v", got, want)
	}
	if m := e.ConfusionMatrix(); m[0][0] != 2 || m[0][1] != 1 || m[1][2] != 1 || m[2][2] != 0 {
		t.Errorf("confusion matrix %v", m)
	}
	e.HeldOut = []int{} // as in a report of all classes that was written by hand, or read
	if got, want := e.Accuracy(), 3.0/5; got != want {
		t.Errorf("accuracy without a held-out class %v, want %v, on all", got, want)
	}
	e.HeldOut = []int{1, 2, 1} // as earlier versions allowed it
	if got, want := e.MeanPerClass(), 0.5; got != want || e.Accuracy() != 0.5 || len(e.Reported()) != 2 {
		t.Errorf("a class held out twice counts twice: %v, %v of %v", got, e.Accuracy(), e.Reported())
	}
	e.HeldOut = []int{0, 2, 0}
	if got, want := e.Accuracy(), 2.0/3; got != want {
		t.Errorf("accuracy on a class held out twice %v, want %v", got, want)
	}
	e.HeldOut = []int{1, 2}
	if got := e.Accuracy(); got != 0.5 {
		t.Errorf("accuracy on the held-out classes %v, want ½", got)
	}
	if got := e.MeanPerClass(); got != 0.5 {
		t.Errorf("mean over the held-out classes %v, want ½: the empty class does not count", got)
	}
}
