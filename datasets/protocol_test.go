package datasets

import (
	"errors"
	"fmt"
	"image/color"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sdtlab/sdtlab/sdt"
)

// toy returns a domain in which class k has counts[k] examples; the one value of a
// row is 100·class + its number within it.
func toy(domain string, classes string, counts ...int) sdt.Labelled {
	l := sdt.Labelled{Examples: sdt.Examples{Domain: domain, Shape: []int{1}}, Classes: strings.Split(classes, " ")}
	for k, n := range counts {
		for i := range n {
			l.Values = append(l.Values, float32(100*k+i))
			l.Labels = append(l.Labels, int32(k))
		}
	}
	return l
}

// sameValues reports whether the rows of a domain and their labels are untouched.
func checkRowsAre(t *testing.T, what string, got sdt.Examples, from sdt.Labelled, rows []int) {
	t.Helper()
	if want := from.Examples.Rows(rows); !cmp.Equal(got.Values, want.Values) {
		t.Errorf("%s: %v, want rows %v: %v", what, got.Values, rows, want.Values)
	}
}

func TestSupervised(t *testing.T) {
	source, target := toy("amazon", "a b c", 30, 25, 12), toy("webcam", "a b c", 10, 3, 5)
	task, err := Supervised(source, target, Protocol{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	if err := task.Validate(); err != nil {
		t.Error(err)
	}
	if got, want := task.Sources[0].Counts(), []int{20, 20, 12}; !slices.Equal(got, want) {
		t.Errorf("source counts %v, want %v: 20 per class of amazon, capped", got, want)
	}
	if got, want := task.Target.Counts(), []int{3, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("labelled target counts %v, want %v: 3 per class, one left to test", got, want)
	}
	if got, want := task.Test.Counts(), []int{7, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("test counts %v, want %v: the rest", got, want)
	}
	if want := map[string]int{"amazon/c": 12, "webcam/b": 2}; !cmp.Equal(task.Split.Capped, want) {
		t.Errorf("capped %v, want %v", task.Split.Capped, want)
	}
	if task.HeldOut != nil || task.Name != "amazon→webcam" {
		t.Errorf("held out %v, name %q", task.HeldOut, task.Name)
	}
	checkRowsAre(t, "source", task.Sources[0].Examples, source, task.Split.Source)
	checkRowsAre(t, "target", task.Target.Examples, target, task.Split.Target)
	checkRowsAre(t, "test", task.Test.Examples, target, task.Split.Test)
	checkRowsAre(t, "unlabelled", task.Unlabelled, target, task.Split.Test)

	again, _ := Supervised(source, target, Protocol{Seed: 7})
	if !cmp.Equal(task, again) {
		t.Error("one seed made two tasks")
	}
	other, _ := Supervised(source, target, Protocol{Seed: 8})
	if cmp.Equal(task.Split.Source, other.Split.Source) {
		t.Error("two seeds chose the same rows")
	}
	webcam, _ := Supervised(target, source, Protocol{})
	if got, want := webcam.Sources[0].Counts(), []int{8, 3, 5}; !slices.Equal(got, want) {
		t.Errorf("source counts %v, want %v: 8 per class of webcam, capped", got, want)
	}
}

func TestSemiSupervised(t *testing.T) {
	source, target := toy("amazon", "a b c d e", 30, 25, 12, 9, 9), toy("webcam", "a b c d e", 30, 11, 5, 6, 1)
	task, err := SemiSupervised(source, target, Protocol{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{2, 3, 4}; !slices.Equal(task.HeldOut, want) {
		t.Errorf("held out %v, want %v: all but the first ⌊5/2⌋", task.HeldOut, want)
	}
	if got, want := task.Target.Counts(), []int{10, 10, 0, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("labelled target counts %v, want %v", got, want)
	}
	if got, want := task.Test.Counts(), []int{20, 1, 5, 6, 1}; !slices.Equal(got, want) {
		t.Errorf("unlabelled and test counts %v, want %v", got, want)
	}
	if task.Sources[0].Len() != source.Len() || task.Split.PerSource != 0 {
		t.Errorf("%d source examples, PerSource %d, want all", task.Sources[0].Len(), task.Split.PerSource)
	}
	named, err := SemiSupervised(source, target, Protocol{HeldOut: []string{"e", "a"}})
	if err != nil || !slices.Equal(named.HeldOut, []int{0, 4}) {
		t.Errorf("held out %v, %v; want classes 0 and 4", named.HeldOut, err)
	}
	for _, bad := range [][]string{{"x"}, {"a", "a"}, {}} {
		if _, err := SemiSupervised(source, target, Protocol{HeldOut: bad}); err == nil {
			t.Errorf("held out %q was accepted", bad)
		}
	}
}

// Fifteen of thirty-one classes with ten labelled images: the paper's Table 2.
func TestSemiSupervisedOfGlyphs(t *testing.T) {
	g := glyphs(t)
	task, err := SemiSupervised(g.Catalogue, g.Webcam, Protocol{})
	if err != nil {
		t.Fatal(err)
	}
	if task.Target.Len() != 150 || len(task.HeldOut) != 16 || task.Sources[0].Len() != 2817 || task.Test.Len() != 645 {
		t.Errorf("%d labelled, %d held out, %d source, %d unlabelled; want 150, 16, 2817, 645",
			task.Target.Len(), len(task.HeldOut), task.Sources[0].Len(), task.Test.Len())
	}
	for i, y := range task.Target.Labels {
		if slices.Contains(task.HeldOut, int(y)) {
			t.Fatalf("labelled target row %d is of held-out class %d", i, y)
		}
	}
	dslr, err := Supervised(g.Catalogue, g.DSLR, Protocol{PerTarget: 8})
	if err != nil {
		t.Fatal(err)
	}
	// Office-31's DSLR has 8 mugs and 7 rulers; one of each is left to test.
	if want := map[string]int{"dslr/L": 7, "dslr/T": 6}; !cmp.Equal(dslr.Split.Capped, want) {
		t.Errorf("capped %v, want %v", dslr.Split.Capped, want)
	}
}

func TestAlignedTask(t *testing.T) {
	source := toy("amazon", "bike mug pen", 20, 20, 20)
	target := toy("webcam", "pen cup bike lamp", 5, 6, 7, 8)
	var mismatch *sdt.AlignmentError
	if _, err := Supervised(source, target, Protocol{}); !errors.As(err, &mismatch) {
		t.Fatalf("error %v, want an AlignmentError", err)
	}
	if want := []string{"cup", "lamp"}; !slices.Equal(mismatch.OnlyTarget, want) {
		t.Errorf("only target has %v, want %v", mismatch.OnlyTarget, want)
	}
	task, err := Supervised(source, target, Protocol{Align: sdt.Alignment{Map: map[string]string{"cup": "mug"}, Partial: true}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := task.Test.Counts(), []int{4, 3, 2}; !slices.Equal(got, want) {
		t.Errorf("test counts %v, want %v in the source's order, lamps left out", got, want)
	}
	for i, r := range task.Split.Test { // rows keep the numbers of the whole target
		if want := []int32{2, 1, 0}[target.Labels[r]]; task.Test.Labels[i] != want || task.Test.Values[i] != target.Values[r] {
			t.Errorf("row %d: label %d of value %v, want %d of %v", r, task.Test.Labels[i], task.Test.Values[i], want, target.Values[r])
		}
	}
}

func TestFromSplitMakesTheTaskAgain(t *testing.T) {
	source, target := toy("amazon", "a b c d", 30, 25, 22, 21), toy("webcam", "a b c d", 30, 11, 15, 6)
	for _, build := range []func(sdt.Labelled, sdt.Labelled, Protocol) (sdt.Task, error){Supervised, SemiSupervised} {
		task, err := build(source, target, Protocol{Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		again, err := FromSplit(source, target, task.Split, sdt.Alignment{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(task, again); diff != "" {
			t.Errorf("%s: %s", task.Split.Protocol, diff)
		}
	}
	good := sdt.Split{Source: []int{0, 40}, Target: []int{1}, Test: []int{2, 35}}
	for reason, damage := range map[string]func(*sdt.Split){
		"row 98":         func(s *sdt.Split) { s.Source = []int{98} },
		"row 62":         func(s *sdt.Split) { s.Test = []int{62} },
		"negative":       func(s *sdt.Split) { s.Target = []int{-1} },
		"occurs twice":   func(s *sdt.Split) { s.Target = []int{2} },
		"0 source rows":  func(s *sdt.Split) { s.Source = nil },
		"and 0 test row": func(s *sdt.Split) { s.Test = nil },
	} {
		bad := good
		damage(&bad)
		if _, err := FromSplit(source, target, bad, sdt.Alignment{}); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("error %v, want one that says %q", err, reason)
		}
	}
}

func TestUnsupervised(t *testing.T) {
	source, target, test := toy("mnist", "a b", 50, 50), toy("usps", "a b", 40, 30), toy("usps", "a b", 9, 8)
	task, err := Unsupervised(source, target, test, Sample{Source: 60, Target: 50})
	if err != nil {
		t.Fatal(err)
	}
	if task.Sources[0].Len() != 60 || task.Target.Len() != 0 || task.Unlabelled.Len() != 50 || task.Test.Len() != 17 || task.Split.Test != nil {
		t.Errorf("%d source, %d labelled, %d unlabelled, %d test, split %v", task.Sources[0].Len(), task.Target.Len(), task.Unlabelled.Len(), task.Test.Len(), task.Split.Test)
	}
	few, err := Unsupervised(source, target, sdt.Labelled{}, Sample{Source: All, Target: All, PerTarget: 3})
	if err != nil {
		t.Fatal(err)
	}
	if got := few.Target.Counts(); !slices.Equal(got, []int{3, 3}) || few.Test.Len() != 64 || few.Unlabelled.Len() != 64 || few.Sources[0].Len() != 100 {
		t.Errorf("labelled %v, test %d, unlabelled %d, source %d", got, few.Test.Len(), few.Unlabelled.Len(), few.Sources[0].Len())
	}
	if _, err := Unsupervised(source, target, test, Sample{}); err == nil || !strings.Contains(err.Error(), `"mnist" has 100`) {
		t.Errorf("error %v, want that mnist has 100 of the 2000", err)
	}
}

func TestProtocolRefuses(t *testing.T) {
	source, target := toy("amazon", "a b", 3, 3), toy("webcam", "a b", 3, 3)
	for name, call := range map[string]func() error{
		"same domain":     func() error { _, err := Supervised(source, source, Protocol{}); return err },
		"negative target": func() error { _, err := Supervised(source, target, Protocol{PerTarget: -1}); return err },
		"negative source": func() error { _, err := Supervised(source, target, Protocol{PerSource: -2}); return err },
		"held out":        func() error { _, err := Supervised(source, target, Protocol{HeldOut: []string{"a"}}); return err },
		"empty source":    func() error { _, err := Supervised(toy("amazon", "a b"), target, Protocol{}); return err },
		"negative sample": func() error { _, err := Unsupervised(source, target, target, Sample{Source: -5}); return err },
		"negative labelled": func() error {
			_, err := Unsupervised(source, target, target, Sample{Source: 1, Target: 2, PerTarget: -1})
			return err
		},
	} {
		if call() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func ExampleSemiSupervised() {
	g, err := Glyphs31(GlyphsConfig{Fraction: 0.25})
	if err != nil {
		fmt.Println(err)
		return
	}
	task, err := SemiSupervised(g.Catalogue, g.Webcam, Protocol{PerTarget: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %d labelled source images, %d labelled target images, %d held-out classes\n",
		task.Name, task.Sources[0].Len(), task.Target.Len(), len(task.HeldOut))
	// Output: catalogue→webcam: 709 labelled source images, 44 labelled target images, 16 held-out classes
}

// The paper's 20 of amazon's classes are chosen whatever the folder is called by, since
// mirrors have "Amazon", and a user stands in it.
func TestPerSourceByName(t *testing.T) {
	image := pngOf(t, plain(color.White))
	files := map[string][]byte{}
	for _, class := range []string{"mug", "pen"} {
		for i := range 25 {
			files[fmt.Sprintf("amazon/%s/%d.png", class, i)] = image
			files[fmt.Sprintf("amazon2/images/%s/%d.png", class, i)] = image
			files[fmt.Sprintf("office31/amazon/images/%s/%d.png", class, i)] = image
			files[fmt.Sprintf("Amazon-2/%s/%d.png", class, i)] = image
		}
	}
	dir := tree(t, files)
	t.Chdir(filepath.Join(dir, "amazon", "mug"))
	target := toy("webcam", "mug pen", 10, 10)
	target.Shape, target.Values, target.Pixels = []int{2, 2, 3}, nil, make([]uint8, 20*12)
	for _, row := range []struct {
		dir, domain, is string
		chosen          int // of two classes
	}{
		{"..", "", "amazon", 40},
		{"../", "", "amazon", 40},
		{"../.", "", "amazon", 40},
		{"../mug/..", "", "amazon", 40},
		{dir + "/amazon/", "", "amazon", 40},
		{"..", "Amazon", "Amazon", 40},
		{"..", "CATALOGUE", "CATALOGUE", 40},
		{"../../amazon2/images", "", "amazon2", 16},
		{"../../office31/amazon/images", "", "amazon", 40},
		{"../../Amazon-2", "", "Amazon-2", 16},
		{"..", "my shop", "my shop", 16},
	} {
		l, err := ReadFolder(t.Context(), row.dir, FolderConfig{Domain: row.domain, Width: 2})
		if err != nil {
			t.Fatal(err)
		}
		task, err := Supervised(l, target, Protocol{})
		if err != nil || l.Domain != row.is || task.Sources[0].Len() != row.chosen {
			t.Errorf("%s as %q: domain %q, %v; want %q, %d chosen", row.dir, row.domain, l.Domain, err, row.is, row.chosen)
		}
	}
}
