package datasets

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// Sample says how many examples [Unsupervised] draws. Its zero value is the
// field's MNIST→USPS protocol.
type Sample struct {
	Seed       uint64        // for the random choice; the same seed chooses the same rows
	Source     int           // source examples, drawn from all classes together; 0: 2000; All: every one
	Target     int           // target examples, likewise; 0: 1800; All: every one
	PerTarget  int           // how many of these are labelled, per class; 0: none, as in the protocol
	Validation int           // source examples set aside for choosing settings, from those not drawn; 0: none
	Align      sdt.Alignment // how target classes are matched to the source's
}

// Unsupervised builds a task in which the target has no labels: Source examples of
// the source domain and Target unlabelled examples of the target, each drawn
// without regard to class. Accuracy is reported on test, the target domain's test set, or,
// if test has no examples, on the unlabelled target examples.
//
// Counts above what a domain has are an error. With PerTarget, that many of the drawn
// target examples per class are labelled and removed from the unlabelled ones; a class
// with fewer drawn examples contributes all of them and is listed in Split.Capped. If test
// is given, accuracy is reported on all of it and Split.Test is nil.
//
// The protocol is that of Long et al., ICCV 2013, with 2000 images of MNIST and
// 1800 of USPS.
func Unsupervised(source, target, test sdt.Labelled, s Sample) (sdt.Task, error) {
	fail := func(err error) (sdt.Task, error) { return sdt.Task{}, fmt.Errorf("unsupervised: %w", err) }
	targetClass, err := alignedLabels(source, target, s.Align)
	if err != nil {
		return fail(err)
	}
	var common []int // target rows whose class the source has
	for i, y := range targetClass {
		if y >= 0 {
			common = append(common, i)
		}
	}
	random := rand.New(rand.NewPCG(s.Seed, 0))
	split := sdt.Split{Protocol: "unsupervised", Seed: s.Seed, PerTarget: s.PerTarget, Capped: map[string]int{}}
	all := make([]int, source.Len())
	for i := range all {
		all[i] = i
	}
	if split.Source, err = drawRows(random, all, s.Source, 2000, source.Domain); err != nil {
		return fail(err)
	}
	if left := len(all) - len(split.Source); s.Validation < 0 || s.Validation > left {
		return fail(fmt.Errorf("sample: Validation is %d, want 0 to %d, the examples of %q that are left", s.Validation, left, source.Domain))
	}
	split.Validation = all[len(split.Source) : len(split.Source)+s.Validation] // drawRows has shuffled them
	drawn, err := drawRows(random, common, s.Target, 1800, target.Domain)
	if err != nil {
		return fail(err)
	}
	if s.PerTarget < 0 {
		return fail(fmt.Errorf("PerTarget is %d, want at least 0", s.PerTarget))
	}
	if s.PerTarget > 0 {
		split.Protocol = "supervised"
	}
	labelled := make([]int, len(source.Classes))
	for _, r := range drawn {
		if k := targetClass[r]; labelled[k] < s.PerTarget {
			labelled[k]++
			split.Target = append(split.Target, r)
		} else {
			split.Test = append(split.Test, r)
		}
	}
	for k, n := range labelled {
		if n < s.PerTarget && slices.Contains(targetClass, int32(k)) {
			split.Capped[target.Domain+"/"+source.Classes[k]] = n
		}
	}
	task, err := choose(source, target, targetClass, split)
	if err != nil || test.Len() == 0 {
		return task, err
	}
	if task.Test, err = sdt.Align(source, test, s.Align); err != nil {
		return fail(err)
	}
	task.Split.Test = nil
	if err := task.Validate(); err != nil {
		return fail(err)
	}
	return task, nil
}

// drawRows returns n of the rows at random; 0 means the usual count.
func drawRows(random *rand.Rand, rows []int, n, usual int, domain string) ([]int, error) {
	switch {
	case n == All:
		n = len(rows)
	case n == 0:
		n = usual
	case n < 0:
		return nil, fmt.Errorf("the count of examples of %[2]q is %[1]d, want at least 1, 0 for the default, or All", n, domain)
	}
	if n > len(rows) {
		return nil, fmt.Errorf("%q has %d examples of the task's classes, want at least the %d to draw", domain, len(rows), n)
	}
	random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows[:n], nil
}
