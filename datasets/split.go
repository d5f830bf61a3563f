package datasets

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// Splits are the published trials of a pair of domains.
type Splits struct {
	Source, Target string      // names of the domains
	Classes        []string    // in the order of the labels
	Trials         []sdt.Split // rows of source, labelled target and test; their Protocol is "supervised"
}

// maxSplitBytes limits the size of a split file.
const maxSplitBytes = 64 << 20

// ReadSplits reads a split file: a JSON object with the names "source" and
// "target", the list "classes", and "trials", each with the row numbers
// "train_source", "train_target" and "test_target", from 0.
//
// It is an error, which names the file, if the file has another form, or if a row is
// negative, occurs twice in one list, or is both labelled and tested.
func ReadSplits(path string) (Splits, error) {
	f, err := os.Open(path)
	if err != nil {
		return Splits{}, fmt.Errorf("split file: %w", err)
	}
	defer f.Close()
	s, err := parseSplits(f)
	if err != nil {
		return Splits{}, fmt.Errorf("split file %s: %w", path, err)
	}
	return s, nil
}

func parseSplits(r io.Reader) (Splits, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxSplitBytes+1))
	if err != nil {
		return Splits{}, err
	}
	if len(data) > maxSplitBytes {
		return Splits{}, fmt.Errorf("it has more than %d bytes: is it a split file?", maxSplitBytes)
	}
	var file struct {
		Source  string   `json:"source"`
		Target  string   `json:"target"`
		Classes []string `json:"classes"`
		Trials  []struct {
			Source []int `json:"train_source"`
			Target []int `json:"train_target"`
			Test   []int `json:"test_target"`
		} `json:"trials"`
	}
	if err := json.Unmarshal(data, &file); errors.As(err, new(*json.SyntaxError)) {
		return Splits{}, fmt.Errorf("not JSON: %w", err)
	} else if err != nil {
		return Splits{}, fmt.Errorf("its JSON does not have the form of a split file: %w", err)
	}
	if file.Source == "" || file.Target == "" || len(file.Classes) == 0 || len(file.Trials) == 0 {
		return Splits{}, fmt.Errorf(`"source", "target", "classes" or "trials" is missing or empty`)
	}
	s := Splits{Source: file.Source, Target: file.Target, Classes: file.Classes}
	for i, t := range file.Trials {
		split := sdt.Split{Protocol: "supervised", Seed: uint64(i), Source: t.Source, Target: t.Target, Test: t.Test}
		if err := checkRows(split); err != nil {
			return Splits{}, fmt.Errorf("trial %d: %w", i, err)
		}
		s.Trials = append(s.Trials, split)
	}
	return s, nil
}

// checkRows returns an error for lists of rows that are wrong for any domain.
func checkRows(s sdt.Split) error {
	if len(s.Source) == 0 || len(s.Test) == 0 {
		return fmt.Errorf("it has %d source rows and %d test rows, want both", len(s.Source), len(s.Test))
	}
	sorted := func(rows []int) []int { return slices.Sorted(slices.Values(rows)) }
	target := append(slices.Clone(s.Target), s.Test...)
	unlabelled := append(slices.Clone(s.Target), s.Unlabelled...)
	for _, list := range []struct {
		name string
		rows []int
	}{{"source", sorted(append(slices.Clone(s.Source), s.Validation...))}, {"labelled and test target", sorted(target)}, {"labelled and unlabelled target", sorted(unlabelled)}} {
		for i, r := range list.rows {
			if r < 0 {
				return fmt.Errorf("%s row %d is negative", list.name, r)
			}
			if i > 0 && r == list.rows[i-1] {
				return fmt.Errorf("%s row %d occurs twice", list.name, r)
			}
		}
	}
	return nil
}

// FromSplit builds the task that a split describes, a published trial or one saved
// with a run: Source, Validation, Target and Test are rows of the two domains, and unless
// Unlabelled has rows the test rows are also the unlabelled training data. Classes must match as in [sdt.Task].
//
// The held-out classes are those of the split. Earlier versions did not write them; for the
// semi-supervised protocol they are then the tested classes without labelled rows, except
// those that had too few examples to label one, which are in Split.Capped, under whatever name
// the target had. Rows outside a domain are an error, and so is a split of several source
// domains.
func FromSplit(source, target sdt.Labelled, split sdt.Split, a sdt.Alignment) (sdt.Task, error) {
	fail := func(err error) (sdt.Task, error) { return sdt.Task{}, fmt.Errorf("from split: %w", err) }
	targetClass, err := alignedLabels(source, target, a)
	if err != nil {
		return fail(err)
	}
	if err := checkRows(split); err != nil {
		return fail(err)
	}
	if len(split.More) > 0 {
		return fail(fmt.Errorf("the split has further source domains %v: want one source domain", slices.Sorted(maps.Keys(split.More))))
	}
	split.Source, split.Target, split.Test = slices.Clone(split.Source), slices.Clone(split.Target), slices.Clone(split.Test)
	split.Validation, split.Unlabelled = slices.Clone(split.Validation), slices.Clone(split.Unlabelled)
	for _, r := range append(slices.Clone(split.Source), split.Validation...) {
		if r >= source.Len() {
			return fail(fmt.Errorf("row %d of %q, which has %d rows", r, source.Domain, source.Len()))
		}
	}
	for _, r := range slices.Concat(split.Target, split.Test, split.Unlabelled) {
		if r >= target.Len() {
			return fail(fmt.Errorf("row %d of %q, which has %d rows", r, target.Domain, target.Len()))
		}
		if targetClass[r] < 0 {
			return fail(fmt.Errorf("row %d of %q has a class that %q does not have", r, target.Domain, source.Domain))
		}
	}
	if len(split.HeldOut) == 0 && split.Protocol == "semi-supervised" {
		split.HeldOut = heldOutBefore(source, targetClass, split)
	}
	task, err := choose(source, target, targetClass, split)
	if err != nil {
		return fail(err)
	}
	for _, name := range split.HeldOut {
		k := slices.Index(source.Classes, name)
		if k < 0 {
			return fail(fmt.Errorf("held-out class %q is not a class of %q", name, source.Domain))
		}
		task.HeldOut = append(task.HeldOut, k)
	}
	if err := task.Validate(); err != nil {
		return fail(err)
	}
	return task, nil
}

// heldOutBefore returns the held-out classes of a semi-supervised split that does not name
// them: those with tested rows and no labelled rows that are not in Split.Capped with 0. The
// target may have had another name then: earlier versions named some folders differently.
func heldOutBefore(source sdt.Labelled, targetClass []int32, split sdt.Split) (held []string) {
	has := func(rows []int, class []int32, k int) bool {
		return slices.ContainsFunc(rows, func(r int) bool { return int(class[r]) == k })
	}
	for k, name := range source.Classes {
		if !has(split.Test, targetClass, k) || has(split.Target, targetClass, k) {
			continue
		}
		caps := cappedAtNone(split.Capped, source.Classes, name)
		if n, capped := split.Capped[source.Domain+"/"+name]; capped && n == 0 || split.PerSource > 0 && !has(split.Source, source.Labels, k) {
			caps-- // the source's, under this name or another
		}
		if caps <= 0 {
			held = append(held, name)
		}
	}
	return held
}

// cappedAtNone returns in how many domains a class had no example to give.
func cappedAtNone(capped map[string]int, classes []string, name string) (domains int) {
	for entry, n := range capped { // "domain/class"
		longer := func(other string) bool { return len(other) > len(name) && strings.HasSuffix(entry, "/"+other) }
		if n == 0 && strings.HasSuffix(entry, "/"+name) && !slices.ContainsFunc(classes, longer) {
			domains++
		}
	}
	return domains
}
