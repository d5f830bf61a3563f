package sdt

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
)

// DomainProbe measures how well a linear classifier, trained for nothing else, tells two
// domains apart by their features. The domain classifier θ_D trains against the features that
// it sees; a probe comes afterwards and finds what is left.
type DomainProbe struct {
	Accuracy float64   // 0…1, on examples that the probe has not seen; chance is ½
	First    []float64 // log odds of the second domain, for the unseen examples of the first
	Second   []float64 // the same for those of the second
}

// Probe trains a logistic regression, on standardised features, on half of the examples of
// two domains and tests it on the other half, with as many examples of one domain as of the
// other. first and second are features [n, d] as [Lab.FeaturesOf] returns them; each domain
// must have at least two examples. The seed chooses the halves. Features that are not finite
// are an error that names the row and the column.
//
// Tzeng et al., ICCV 2015, figure 7.
func Probe(first, second []float32, d int, seed uint64) (DomainProbe, error) {
	if d < 1 || len(first)%d != 0 || len(second)%d != 0 {
		return DomainProbe{}, fmt.Errorf("domain probe: %d and %d numbers are not rows of %d", len(first), len(second), d)
	}
	for _, domain := range []struct {
		name     string
		features []float32
	}{{"first", first}, {"second", second}} {
		if err := finiteFeatures(domain.features, d); err != nil {
			return DomainProbe{}, fmt.Errorf("domain probe: %s domain: %w", domain.name, err)
		}
	}
	n := min(len(first), len(second)) / d / 2 * 2 // of each domain
	if n < 2 {
		return DomainProbe{}, fmt.Errorf("domain probe: %d and %d examples, want at least two of each", len(first)/d, len(second)/d)
	}
	random := rand.New(rand.NewPCG(seed, 0))
	var train []float32
	var isSecond []bool
	var test [2][][]float32
	for domain, flat := range [][]float32{first, second} {
		for i, r := range random.Perm(len(flat) / d)[:n] {
			row := flat[r*d : (r+1)*d]
			if i < n/2 {
				train, isSecond = append(train, row...), append(isSecond, domain == 1)
			} else {
				test[domain] = append(test[domain], row)
			}
		}
	}
	l, err := fitLogistic(train, isSecond, d)
	if err != nil {
		return DomainProbe{}, fmt.Errorf("domain probe: %w", err)
	}
	var p DomainProbe
	right := 0
	for domain, into := range []*[]float64{&p.First, &p.Second} {
		for _, row := range test[domain] {
			z := l.score(row)
			if *into = append(*into, z); (z > 0) == (domain == 1) {
				right++
			}
		}
	}
	p.Accuracy = float64(right) / float64(n)
	return p, nil
}

// Probe is [Probe] for the labelled sources, first, and the unlabelled target, with the
// features of m's network. It draws as many examples of one as of the other, and computes
// features for no more. A task without unlabelled target examples is an error, and so is the
// end of the context.
func (l *Lab) Probe(ctx context.Context, m *Model, seed uint64) (DomainProbe, error) {
	target := l.task.Unlabelled
	if target.Len() == 0 {
		return DomainProbe{}, errors.New("domain probe: the task has no unlabelled target examples")
	}
	total := 0
	for _, s := range l.task.Sources {
		total += s.Len()
	}
	n := min(total, target.Len())
	random := rand.New(rand.NewPCG(seed, 1))
	second, d, err := l.FeaturesOf(ctx, m, target.Rows(random.Perm(target.Len())[:n]))
	if err != nil {
		return DomainProbe{}, err
	}
	drawn := random.Perm(total)[:n]
	var first []float32
	for _, s := range l.task.Sources {
		var rows, rest []int // of this source, and of the sources that follow
		for _, r := range drawn {
			if r < s.Len() {
				rows = append(rows, r)
			} else {
				rest = append(rest, r-s.Len())
			}
		}
		drawn = rest
		if len(rows) == 0 {
			continue
		}
		f, _, err := l.FeaturesOf(ctx, m, s.Examples.Rows(rows))
		if err != nil {
			return DomainProbe{}, err
		}
		first = append(first, f...)
	}
	return Probe(first, second, d, seed)
}

// ADistance returns the proxy A-distance 2(1 − 2ε), where ε is the probe's error: 2 for
// domains that are always told apart, 0 at chance, and sometimes slightly below.
//
// Ben-David, Blitzer, Crammer, Pereira, NIPS 2006.
func (p DomainProbe) ADistance() float64 { return 2 * (1 - 2*(1-p.Accuracy)) }
