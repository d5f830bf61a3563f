package datasets

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sdtlab/sdtlab/sdt"
)

// TestSavedSplitMakesTheTaskAgain writes the splits of tasks as JSON and builds the tasks from
// them. Classes with too few target examples to label one do not become held-out classes, and
// splits of earlier versions, which did not name the held-out classes, give the same tasks.
func TestSavedSplitMakesTheTaskAgain(t *testing.T) {
	source := toy("shop", "c0 c1 c2 c3", 20, 24, 16, 12)
	for _, row := range []struct {
		why  string
		per  []int // target examples of each class
		p    Protocol
		held []int // by SemiSupervised
	}{
		{"the protocol", []int{12, 9, 14, 11}, Protocol{}, []int{2, 3}},
		{"the first class has one example, which is tested", []int{1, 9, 14, 11}, Protocol{}, []int{2, 3}},
		{"so has the last, which is held out", []int{12, 9, 14, 1}, Protocol{}, []int{2, 3}},
		{"no class has a labelled example", []int{1, 1, 1, 1}, Protocol{}, []int{2, 3}},
		{"the source alone has the first", []int{0, 9, 14, 11}, Protocol{Align: sdt.Alignment{Partial: true}}, []int{2, 3}},
		{"one named class, between two of one example", []int{1, 9, 1, 11}, Protocol{HeldOut: []string{"c1"}}, []int{1}},
		{"named in another order", []int{12, 9, 14, 11}, Protocol{HeldOut: []string{"c3", "c1"}}, []int{1, 3}},
		{"examples set aside", []int{12, 9, 14, 11}, Protocol{Validation: 2}, []int{2, 3}},
		{"more asked for than there are", []int{2, 2, 2, 2}, Protocol{PerTarget: 100}, []int{2, 3}},
		{"target names of its own", []int{1, 9, 14, 11}, Protocol{HeldOut: []string{"c2"}, Align: sdt.Alignment{Map: map[string]string{"c9": "c2"}}}, []int{2}},
	} {
		names := "c0 c1 c2 c3"
		if row.p.Align.Map != nil {
			names = "c3 c1 c9 c0"
		}
		target := toy("desk", names, row.per...)
		for name, build := range map[string]func(sdt.Labelled, sdt.Labelled, Protocol) (sdt.Task, error){"supervised": Supervised, "semi-supervised": SemiSupervised} {
			p := row.p
			if name == "supervised" {
				p.HeldOut = nil
			}
			task, err := build(source, target, p)
			if err != nil {
				t.Fatalf("%s, %s: %v", name, row.why, err)
			}
			if want := row.held; name == "semi-supervised" && !slices.Equal(task.HeldOut, want) {
				t.Fatalf("%s: held out %v, want %v", row.why, task.HeldOut, want)
			}
			written, err := json.Marshal(task.Split)
			if err != nil {
				t.Fatal(err)
			}
			for _, by := range []string{"this version", "an earlier version"} {
				var split sdt.Split
				if err := json.Unmarshal(written, &split); err != nil {
					t.Fatal(err)
				}
				if by != "this version" {
					split.HeldOut = nil
				}
				again, err := FromSplit(source, target, split, p.Align)
				if err != nil {
					t.Fatalf("%s, %s, written by %s: %v", name, row.why, by, err)
				}
				if diff := cmp.Diff(task, again); diff != "" {
					t.Errorf("%s, %s, written by %s: saved (-), built (+):\n%s", name, row.why, by, diff)
				}
			}
		}
	}
}

// A domain may have another name than when its split was saved. A split that does not name the
// held-out classes has the same ones under each name: a class that had no example to label in
// the target is not held out, one that had none in the source may be.
func TestSavedSplitOfRenamedDomains(t *testing.T) {
	for _, row := range []struct {
		why                string
		classes            string
		perSource, perDesk []int
		p                  Protocol
		held               []int
	}{
		{"nothing is capped", "c0 c1 c2 c3", []int{5, 5, 5, 5}, []int{12, 12, 12, 12}, Protocol{HeldOut: []string{"c1"}}, []int{1}},
		{"capped at none between held-out classes", "c0 c1 c2 c3", []int{5, 5, 5, 5}, []int{12, 12, 12, 1}, Protocol{HeldOut: []string{"c1", "c2"}}, []int{1, 2}},
		{"capped at some", "c0 c1 c2 c3", []int{5, 5, 5, 5}, []int{4, 12, 12, 12}, Protocol{HeldOut: []string{"c1"}}, []int{1}},
		{"the source too has too few, but some", "c0 c1 c2 c3", []int{5, 5, 5, 5}, []int{12, 12, 12, 1}, Protocol{PerSource: 9, HeldOut: []string{"c1"}}, []int{1}},
		{"the source has none of a held-out class", "c0 c1 c2 c3", []int{5, 5, 0, 5}, []int{12, 12, 12, 1}, Protocol{PerSource: 3, HeldOut: []string{"c2"}}, []int{2}},
		{"the source has none of a class that is capped at none", "c0 c1 c2 c3", []int{5, 5, 0, 5}, []int{12, 12, 1, 12}, Protocol{PerSource: 3, HeldOut: []string{"c3"}}, []int{3}},
		{"the same, with all source examples chosen", "c0 c1 c2 c3", []int{5, 5, 0, 5}, []int{12, 12, 1, 12}, Protocol{HeldOut: []string{"c3"}}, []int{3}},
		{"a class's name ends in that of a held-out one", "b a/b c d", []int{5, 5, 5, 5}, []int{12, 1, 12, 12}, Protocol{HeldOut: []string{"b"}}, []int{0}},
	} {
		task, err := SemiSupervised(toy("images", row.classes, row.perSource...), toy("desk", row.classes, row.perDesk...), row.p)
		if err != nil {
			t.Fatalf("%s: %v", row.why, err)
		}
		for _, now := range [][2]string{{"images", "desk"}, {"images", "webcam"}, {"shop", "desk"}, {"shop", "webcam"}, {"shop", "images"}} {
			split := task.Split
			split.HeldOut = nil
			again, err := FromSplit(toy(now[0], row.classes, row.perSource...), toy(now[1], row.classes, row.perDesk...), split, sdt.Alignment{})
			if err != nil || !slices.Equal(again.HeldOut, row.held) {
				t.Errorf("%s, with domains now named %q: held out %v, %v, want %v", row.why, now, again.HeldOut, err, row.held)
			}
		}
	}
}

// The error for a split written by hand says what is wrong with its held-out classes.
func TestSplitHeldOut(t *testing.T) {
	source, target := toy("shop", "a b", 5, 5), toy("desk", "a b", 5, 5)
	split := sdt.Split{Source: []int{0, 5}, Target: []int{0}, Test: []int{1, 5}}
	for _, row := range []struct {
		held []string
		want string // "": it is accepted
	}{
		{nil, ""}, {[]string{}, ""}, {[]string{"b"}, ""},
		{[]string{"x"}, `held-out class "x" is not a class of "shop"`},
		{[]string{"a"}, `class "a" is held out, but Target has labelled examples of it (1)`},
		{[]string{"b", "b"}, `class "b" is held out twice`},
	} {
		split.HeldOut = row.held
		task, err := FromSplit(source, target, split, sdt.Alignment{})
		if row.want == "" && (err != nil || len(task.HeldOut) != len(row.held)) || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%q: held out %v, %v, want %q", row.held, task.HeldOut, err, row.want)
		}
	}
}

// The error for a protocol that cannot be met names the class.
func TestProtocolSaysWhichClass(t *testing.T) {
	source := toy("S", "mug pen cup", 8, 9, 8)
	mapped := sdt.Alignment{Map: map[string]string{"Mug": "mug"}, Partial: true}
	for _, row := range []struct {
		why    string
		target sdt.Labelled
		p      Protocol
		want   string
	}{
		{"the target's own name", toy("T", "Mug pen cup", 4, 4, 4), Protocol{HeldOut: []string{"Mug"}, Align: mapped}, `held-out class "Mug" is a class of "T", not of "S": HeldOut needs source class names: write "mug"`},
		{"nobody's name", toy("T", "mug pen cup", 4, 4, 4), Protocol{HeldOut: []string{"bowl"}}, `held-out class "bowl" is not a class of "S": HeldOut needs source class names`},
		{"nothing to test", toy("T", "mug pen cup", 4, 4, 0), Protocol{HeldOut: []string{"cup"}}, `held-out class "cup" has no examples in "T"`},
		{"nothing is left to train on", toy("T", "mug pen cup", 4, 4, 4), Protocol{Validation: 9}, `Validation is 9, which leaves no source example for training: lower it`},
		{"nothing is left of two classes", toy("T", "mug pen cup", 4, 4, 4), Protocol{Validation: 8}, `Validation is 8, which leaves no source example of class "mug" for training: lower it`},
		{"one is left of each", toy("T", "mug pen cup", 4, 4, 4), Protocol{Validation: 7}, ""},
		{"a class that the source has no example of to begin with", toy("T", "mug pen cup bowl", 4, 4, 4), Protocol{Validation: 2}, ""},
	} {
		from := source
		if len(row.target.Classes) == 4 {
			from = toy("S", "mug pen cup bowl", 8, 9, 8, 0)
		}
		_, err := SemiSupervised(from, row.target, row.p)
		if row.want == "" && err != nil || row.want != "" && (err == nil || err.Error() != fmt.Sprint("semi-supervised: ", row.want) && !strings.Contains(err.Error(), row.want+":")) {
			t.Errorf("%s: %v\nwant %s", row.why, err, row.want)
		}
	}
	if _, err := Supervised(source, toy("T", "mug pen cup", 4, 4, 4), Protocol{HeldOut: []string{}}); err != nil {
		t.Errorf("an empty list of held-out classes is none: %v", err)
	}
}
