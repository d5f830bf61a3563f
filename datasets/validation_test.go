package datasets

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sdtlab/sdtlab/sdt"
)

// Examples set aside come from the source, are not trained on, and change no other choice.
func TestValidationIsSetAside(t *testing.T) {
	source, target := toy("amazon", "a b c", 30, 25, 21), toy("webcam", "a b c", 10, 9, 8)
	plain, err := Supervised(source, target, Protocol{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	task, err := Supervised(source, target, Protocol{Seed: 7, Validation: 4})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := task.Validation.Counts(), []int{4, 4, 1}; !slices.Equal(got, want) {
		t.Errorf("validation counts %v, want %v: what 20 per class leave", got, want)
	}
	checkRowsAre(t, "validation", task.Validation.Examples, source, task.Split.Validation)
	apart(t, task.Split.Source, task.Split.Validation)
	if !cmp.Equal(plain.Split.Source, task.Split.Source) || !cmp.Equal(plain.Split.Test, task.Split.Test) {
		t.Error("setting examples aside changed what is trained on")
	}
	again, err := FromSplit(source, target, task.Split, sdt.Alignment{})
	if err != nil || !cmp.Equal(again, task) {
		t.Errorf("the split saved does not make the task: %v", err)
	}

	all, err := SemiSupervised(source, target, Protocol{Validation: 5})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := all.Sources[0].Counts(), []int{25, 20, 16}; !slices.Equal(got, want) {
		t.Errorf("source counts %v, want %v: all but five", got, want)
	}
	apart(t, all.Split.Source, all.Split.Validation)

	drawn, err := Unsupervised(source, target, sdt.Labelled{}, Sample{Source: 40, Target: 20, Validation: 36})
	if err != nil {
		t.Fatal(err)
	}
	if drawn.Validation.Len() != 36 {
		t.Errorf("%d validation examples, want 36", drawn.Validation.Len())
	}
	apart(t, drawn.Split.Source, drawn.Split.Validation)
	if _, err := Unsupervised(source, target, sdt.Labelled{}, Sample{Source: 40, Target: 20, Validation: 37}); err == nil || !strings.Contains(err.Error(), "36") {
		t.Errorf("more than there are: %v", err)
	}
	if _, err := Supervised(source, target, Protocol{Validation: -1}); err == nil {
		t.Error("a negative count was accepted")
	}
	task.Split.Validation[0] = task.Split.Source[0]
	if _, err := FromSplit(source, target, task.Split, sdt.Alignment{}); err == nil {
		t.Error("a row that is trained on was accepted for validation")
	}
}

func apart(t *testing.T, a, b []int) {
	t.Helper()
	for _, r := range b {
		if slices.Contains(a, r) {
			t.Errorf("row %d is trained on and set aside", r)
		}
	}
}

func TestMoreSources(t *testing.T) {
	amazon, dslr := toy("amazon", "a b c", 30, 25, 21), toy("dslr", "c a b", 12, 9, 7)
	webcam := toy("webcam", "a b c", 10, 9, 8)
	task, err := Supervised(amazon, webcam, Protocol{Seed: 7, More: []sdt.Labelled{dslr}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := task.Domains(), []string{"amazon", "dslr", "webcam"}; !slices.Equal(got, want) || task.Name != "amazon + dslr→webcam" {
		t.Errorf("domains %v of %q", got, task.Name)
	}
	if got, want := task.Sources[1].Counts(), []int{8, 7, 8}; !slices.Equal(got, want) {
		t.Errorf("dslr's counts %v, want %v: 8 per class in the order of amazon's classes", got, want)
	}
	for i, y := range task.Sources[1].Labels { // toy's value is 100·its class + number; dslr calls a class 1
		if got, want := int(task.Sources[1].Values[i])/100, []int{1, 2, 0}[y]; got != want {
			t.Errorf("example %d of class %q came from dslr's class %d, want %d", i, task.Classes()[y], got, want)
		}
	}
	if got := task.Split.Capped["dslr/b"]; got != 7 {
		t.Errorf("capped %v", task.Split.Capped)
	}
	if _, err := FromSplit(amazon, webcam, task.Split, sdt.Alignment{}); err == nil || !strings.Contains(err.Error(), "dslr") {
		t.Errorf("a split of three domains from two: %v", err)
	}
	if _, err := Supervised(amazon, webcam, Protocol{More: []sdt.Labelled{webcam}}); err == nil {
		t.Error("the target was accepted as a source")
	}
}

// What is set aside is of the first source: of a further one, all that is chosen is trained on.
func TestValidationIsOfTheFirstSource(t *testing.T) {
	amazon, dslr, webcam := toy("amazon", "a b c d", 9, 8, 7, 6), toy("dslr", "a b c d", 3, 3, 3, 2), toy("webcam", "a b c d", 9, 9, 9, 9)
	for _, row := range []struct {
		why       string
		perSource int
		want      [2][]int // counts of amazon and dslr
	}{
		{"all but two of the first, all of the other", All, [2][]int{{7, 6, 5, 4}, {3, 3, 3, 2}}},
		{"as many as are asked for of both", 2, [2][]int{{2, 2, 2, 2}, {2, 2, 2, 2}}},
		{"more than the other has", 4, [2][]int{{4, 4, 4, 4}, {3, 3, 3, 2}}},
	} {
		for name, build := range map[string]func(sdt.Labelled, sdt.Labelled, Protocol) (sdt.Task, error){"supervised": Supervised, "semi-supervised": SemiSupervised} {
			task, err := build(amazon, webcam, Protocol{PerSource: row.perSource, Validation: 2, More: []sdt.Labelled{dslr}})
			if err != nil {
				t.Fatal(err)
			}
			if got := [2][]int{task.Sources[0].Counts(), task.Sources[1].Counts()}; !cmp.Equal(got, row.want) {
				t.Errorf("%s, %s: source counts %v, want %v", name, row.why, got, row.want)
			}
			if got := task.Validation; got.Domain != "amazon" || !slices.Equal(got.Counts(), []int{2, 2, 2, 2}) {
				t.Errorf("%s, %s: validation counts %v of %s, want two of each class of amazon", name, row.why, got.Counts(), got.Domain)
			}
		}
	}
}
