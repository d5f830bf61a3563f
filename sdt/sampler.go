package sdt

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"github.com/gomlx/gomlx/core/tensors"
)

// stream draws rows from n examples without replacement, epoch after epoch. What it draws
// at a step depends only on the seed, its name and the step, so a resumed run draws what it
// would have drawn.
type stream struct {
	n, batch int
	seed     uint64
	epoch    int   // of perm
	perm     []int // nil before the first draw
}

func newStream(name string, n, batch int, seed uint64) *stream {
	h := fnv.New64a()
	fmt.Fprint(h, name)
	return &stream{n: n, batch: batch, seed: seed ^ h.Sum64()}
}

// at returns the rows of step t.
func (s *stream) at(t int) []int {
	rows := make([]int, s.batch)
	for i := range rows {
		place := t*s.batch + i
		if epoch := place / s.n; s.perm == nil || epoch != s.epoch {
			s.epoch, s.perm = epoch, rand.New(rand.NewPCG(s.seed, uint64(epoch))).Perm(s.n)
		}
		rows[i] = s.perm[place%s.n]
	}
	return rows
}

// part is one group of rows in a batch: examples, their labels if they are to be learnt,
// and the order in which they are drawn.
type part struct {
	examples Examples
	labels   []int32 // nil: unlabelled
	stream   *stream
	frozen   []int // if examples are what the frozen part returns: the rows of each example's cuts
}

// row returns row r, or one of its cuts.
func (p part) row(r int, rng *rand.Rand) sourceRow {
	if p.frozen == nil {
		return sourceRow{p.examples, r}
	}
	cuts := len(p.frozen) / p.stream.n
	if cuts > 1 {
		return sourceRow{p.examples, p.frozen[r*cuts+rng.IntN(cuts)]}
	}
	return sourceRow{p.examples, p.frozen[r]}
}

// sampler makes the batches of one training.
type sampler struct {
	parts []part
	cut   cut
}

// batch returns step t's examples [n, Shape...] and their labels [n], −1 where a row is
// unlabelled.
func (s sampler) batch(t int) (x, labels *tensors.Tensor) {
	var rows []sourceRow
	var y []int32
	rng := rand.New(rand.NewPCG(s.cut.seed, uint64(t)))
	for _, p := range s.parts {
		for _, r := range p.stream.at(t) {
			rows = append(rows, p.row(r, rng))
			if p.labels == nil {
				y = append(y, -1)
			} else {
				y = append(y, p.labels[r])
			}
		}
	}
	return s.cut.tensor(rows, uint64(t)), tensors.FromFlatDataAndDimensions(y, len(y))
}

// ahead returns a function that returns the batches from step t on, one per call. Each is
// made while the caller works on the one before. stop waits for the batch that is being made,
// so that nothing reads the examples after it, and releases it.
func (s sampler) ahead(t int) (next func() (x, labels *tensors.Tensor), stop func()) {
	ready := make(chan [2]*tensors.Tensor, 1)
	prepare := func() {
		x, labels := s.batch(t)
		t++
		ready <- [2]*tensors.Tensor{x, labels}
	}
	go prepare()
	next = func() (x, labels *tensors.Tensor) {
		b := <-ready
		go prepare()
		return b[0], b[1]
	}
	return next, func() {
		b := <-ready
		release(b[0], b[1]) // an error is no one's: the batch was never used
	}
}

// sourceRow is one example of one set.
type sourceRow struct {
	from Examples
	row  int
}
