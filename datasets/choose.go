package datasets

import (
	"fmt"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// alignedLabels returns the source class of every target row, [n]; −1 if a partial
// alignment omits the row's class. Rows keep their numbers, unlike in the result of
// [sdt.Align].
func alignedLabels(source, target sdt.Labelled, a sdt.Alignment) ([]int32, error) {
	if err := source.Validate(); err != nil {
		return nil, err
	}
	if err := target.Validate(); err != nil {
		return nil, err
	}
	if source.Domain == target.Domain {
		return nil, fmt.Errorf("source and target are both named %q: give one of them another Domain", source.Domain)
	}
	if _, err := sdt.Align(source, target, a); err != nil {
		return nil, err
	}
	classes := make([]int32, len(target.Labels))
	for i, y := range target.Labels {
		name := target.Classes[y]
		if to, ok := a.Map[name]; ok {
			name = to
		}
		classes[i] = int32(slices.Index(source.Classes, name))
	}
	return classes, nil
}

// choose builds the task that a split describes. The unlabelled training examples are
// the test examples, unless the split says otherwise; rows are sorted, so that their order reveals nothing.
func choose(source, target sdt.Labelled, targetClass []int32, split sdt.Split) (sdt.Task, error) {
	for _, rows := range [][]int{split.Source, split.Validation, split.Target, split.Test, split.Unlabelled} {
		slices.Sort(rows)
	}
	pick := func(rows []int) sdt.Labelled {
		out := sdt.Labelled{Examples: target.Examples.Rows(rows), Classes: slices.Clone(source.Classes), Labels: make([]int32, len(rows))}
		for i, r := range rows {
			out.Labels[i] = targetClass[r]
		}
		return out
	}
	if len(split.Capped) == 0 {
		split.Capped = nil
	}
	test := pick(split.Test)
	unlabelled := test.Examples
	if len(split.Unlabelled) > 0 {
		unlabelled = target.Examples.Rows(split.Unlabelled)
	}
	task := sdt.Task{
		Name:       source.Domain + "→" + target.Domain,
		Sources:    []sdt.Labelled{source.Rows(split.Source)},
		Target:     pick(split.Target),
		Unlabelled: unlabelled,
		Test:       test,
		Validation: source.Rows(split.Validation),
		Split:      split,
	}
	if err := task.Validate(); err != nil {
		return sdt.Task{}, err
	}
	return task, nil
}
