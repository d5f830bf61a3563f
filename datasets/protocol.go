package datasets

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/sdt"
)

// Protocol says how to choose a task's examples. Its zero value is the paper's
// choice for the function that it is passed to.
type Protocol struct {
	Seed       uint64         // for the random choice; the same seed chooses the same rows
	PerSource  int            // source examples per class; 0: the function's default; All: every one
	PerTarget  int            // labelled target examples per class; 0: the function's default
	Validation int            // examples per class of the first source set aside for choosing settings, from those not chosen; 0: none. If PerSource is All it must leave each class one example
	More       []sdt.Labelled // further source domains, sampled like the source, but with none set aside; classes are matched to the source's
	HeldOut    []string       // SemiSupervised: classes without labelled target examples, by the source's names; nil: all but the first ⌊K/2⌋
	Align      sdt.Alignment  // how target classes are matched to the source's
}

// All means every source example.
const All = -1

// Supervised builds the task of the paper's Table 1: a few source examples per
// class, PerTarget (3) labelled target examples of every class, and the rest of the
// target both as unlabelled training data and as test set.
//
// PerSource defaults to the standard protocol of Office-31: 20 per class if the
// source is named "amazon" or "catalogue", in any case, otherwise 8. A class with fewer
// examples contributes all of them (in the target all but one, which is left for testing)
// and is listed in Split.Capped. Classes that do not match are an [*sdt.AlignmentError].
func Supervised(source, target sdt.Labelled, p Protocol) (sdt.Task, error) {
	if len(p.HeldOut) > 0 {
		return sdt.Task{}, fmt.Errorf("supervised: HeldOut is set, but every class has labelled target examples here: use SemiSupervised")
	}
	if p.PerTarget == 0 {
		p.PerTarget = 3
	}
	return build("supervised", source, target, p, nil)
}

// SemiSupervised builds the task of the paper's Table 2, task transfer: PerTarget
// (10) labelled target examples of some classes and none of the held-out ones.
// Accuracy is reported only on the target examples of the held-out classes (among all
// K outputs).
//
// HeldOut defaults to all but the first ⌊K/2⌋ classes that both domains have, in
// the order of source.Classes: 15 of 31 are labelled. PerSource defaults to every
// source example. All target examples that are not labelled, of every class, are
// unlabelled training data; Test has the same rows, and sdt reports on those of the
// held-out classes. Classes with few examples are treated as in [Supervised].
func SemiSupervised(source, target sdt.Labelled, p Protocol) (sdt.Task, error) {
	if p.PerSource == 0 {
		p.PerSource = All
	}
	if p.PerTarget == 0 {
		p.PerTarget = 10
	}
	aligned, err := sdt.Align(source, target, p.Align)
	if err != nil {
		return sdt.Task{}, fmt.Errorf("semi-supervised: %w", err)
	}
	counts := aligned.Counts()
	var held []int
	if p.HeldOut == nil {
		for k, n := range counts {
			if n > 0 {
				held = append(held, k)
			}
		}
		held = held[len(held)/2:]
	}
	for _, name := range p.HeldOut {
		k := slices.Index(source.Classes, name)
		switch to, mapped := p.Align.Map[name]; {
		case k < 0 && mapped:
			return sdt.Task{}, fmt.Errorf("semi-supervised: held-out class %q is a class of %q, not of %q: HeldOut needs source class names: write %q", name, target.Domain, source.Domain, to)
		case k < 0:
			return sdt.Task{}, fmt.Errorf("semi-supervised: held-out class %q is not a class of %q: HeldOut needs source class names", name, source.Domain)
		case counts[k] == 0:
			return sdt.Task{}, fmt.Errorf("semi-supervised: held-out class %q has no examples in %q: nothing to test: hold out another class", name, target.Domain)
		case slices.Contains(held, k):
			return sdt.Task{}, fmt.Errorf("semi-supervised: held-out class %q is named twice", name)
		}
		held = append(held, k)
	}
	if len(held) == 0 {
		return sdt.Task{}, fmt.Errorf("semi-supervised: no class is held out: set HeldOut, or use Supervised")
	}
	slices.Sort(held)
	return build("semi-supervised", source, target, p, held)
}

// build chooses the rows of a task.
func build(protocol string, source, target sdt.Labelled, p Protocol, held []int) (sdt.Task, error) {
	if p.PerSource < All {
		return sdt.Task{}, fmt.Errorf("%s: PerSource is %d, want a count per class, 0 or All", protocol, p.PerSource)
	}
	if p.PerTarget < 1 {
		return sdt.Task{}, fmt.Errorf("%s: PerTarget is %d, want at least 1, or 0 for the protocol's default", protocol, p.PerTarget)
	}
	targetClass, err := alignedLabels(source, target, p.Align)
	if err != nil {
		return sdt.Task{}, fmt.Errorf("%s: %w", protocol, err)
	}
	if p.Validation < 0 {
		return sdt.Task{}, fmt.Errorf("%s: Validation is %d, want at least 0", protocol, p.Validation)
	}
	split := sdt.Split{Protocol: protocol, Seed: p.Seed, PerSource: max(p.perSource(source.Domain), 0), PerTarget: p.PerTarget, Capped: map[string]int{}}
	for _, k := range held {
		split.HeldOut = append(split.HeldOut, source.Classes[k])
	}
	random := rand.New(rand.NewPCG(p.Seed, 0))
	split.Source, split.Validation = p.chooseSource(source, random, split.Capped)
	if k := setAside(source, split); k >= 0 {
		of := ""
		if len(split.Source) > 0 {
			of = fmt.Sprintf(" of class %q", source.Classes[k])
		}
		return sdt.Task{}, fmt.Errorf("%s: Validation is %d, which leaves no source example%s for training: lower it", protocol, p.Validation, of)
	}
	for k, rows := range byClass(targetClass, len(source.Classes), random) {
		if len(rows) == 0 {
			continue // a class that only the source has
		}
		n := 0
		if !slices.Contains(held, k) {
			n = min(p.PerTarget, len(rows)-1)
			if n < p.PerTarget {
				split.Capped[target.Domain+"/"+source.Classes[k]] = n
			}
		}
		split.Target = append(split.Target, rows[:n]...)
		split.Test = append(split.Test, rows[n:]...)
	}
	p.Validation = 0 // which is of the first source
	var more []sdt.Labelled
	for _, further := range p.More {
		aligned, err := sdt.Align(source, further, p.Align)
		if err != nil {
			return sdt.Task{}, fmt.Errorf("%s: %w", protocol, err)
		}
		rows, _ := p.chooseSource(aligned, random, split.Capped)
		slices.Sort(rows)
		if split.More == nil {
			split.More = map[string][]int{}
		}
		if split.More[further.Domain] != nil || further.Domain == source.Domain || further.Domain == target.Domain {
			return sdt.Task{}, fmt.Errorf("%s: two domains are named %q", protocol, further.Domain)
		}
		split.More[further.Domain] = rows
		more = append(more, aligned.Rows(rows))
	}
	task, err := choose(source, target, targetClass, split)
	if err != nil {
		return sdt.Task{}, err
	}
	task.HeldOut, task.Sources = held, append(task.Sources, more...)
	if len(more) > 0 {
		task.Name = strings.Join(task.Domains()[:len(task.Sources)], " + ") + "→" + target.Domain
	}
	return task, task.Validate()
}

// perSource returns how many examples per class are chosen from a source domain.
func (p Protocol) perSource(domain string) int {
	switch {
	case p.PerSource != 0:
		return p.PerSource
	case strings.EqualFold(domain, "amazon") || strings.EqualFold(domain, "catalogue"): // mirrors have "Amazon"
		return 20
	}
	return 8
}

// chooseSource chooses rows of a source domain, and sets aside some of the others; if all
// rows are wanted, it sets some aside first. A class with too few rows is added to capped.
func (p Protocol) chooseSource(source sdt.Labelled, random *rand.Rand, capped map[string]int) (chosen, aside []int) {
	n := p.perSource(source.Domain)
	for k, rows := range byClass(source.Labels, len(source.Classes), random) {
		m := max(0, len(rows)-p.Validation)
		if n != All {
			if len(rows) < n {
				capped[source.Domain+"/"+source.Classes[k]] = len(rows)
			}
			m = min(len(rows), n)
		}
		chosen = append(chosen, rows[:m]...)
		aside = append(aside, rows[m:min(len(rows), m+p.Validation)]...)
	}
	return chosen, aside
}

// setAside returns the first class with all its source examples set aside, −1 if there is none.
func setAside(source sdt.Labelled, split sdt.Split) int {
	chosen := make([]bool, len(source.Classes))
	for _, r := range split.Source {
		chosen[source.Labels[r]] = true
	}
	for _, r := range split.Validation {
		if k := source.Labels[r]; !chosen[k] {
			return int(k)
		}
	}
	return -1
}

// byClass returns the rows of each class in random order, [K]; a label of −1 has no
// class.
func byClass(labels []int32, k int, random *rand.Rand) [][]int {
	rows := make([][]int, k)
	for i, y := range labels {
		if y >= 0 {
			rows[y] = append(rows[y], i)
		}
	}
	for _, r := range rows {
		random.Shuffle(len(r), func(i, j int) { r[i], r[j] = r[j], r[i] })
	}
	return rows
}
