package datasets

import (
	"hash/fnv"
	"math/bits"
	"math/rand/v2"
)

// dice draws integers from a PCG stream using integer arithmetic only, so that a
// seed gives the same numbers on every machine and in every release of Go.
type dice struct{ source *rand.PCG }

// throw returns the dice for one named thing and a seed: the draws for one image
// do not depend on how many images there are.
func throw(seed uint64, thing string) dice {
	h := fnv.New64a()
	h.Write([]byte(thing))
	return dice{rand.NewPCG(seed, h.Sum64())}
}

// below returns an integer 0 ≤ i < n, n ≥ 1; the bias is below n/2⁶⁴.
func (d dice) below(n int) int {
	high, _ := bits.Mul64(d.source.Uint64(), uint64(n))
	return int(high)
}

// within returns an integer lo ≤ i ≤ hi of the span {lo, hi}.
func (d dice) within(s span) int { return s.lo + d.below(s.hi-s.lo+1) }

// about returns an integer −r ≤ i ≤ r.
func (d dice) about(r int) int { return d.within(span{-r, r}) }

// bell returns a draw near a normal distribution with mean 0 and standard
// deviation sigma/16: a sum of eight bytes, scaled.
func (d dice) bell(sigma int) int {
	sum, word := 0, d.source.Uint64()
	for range 8 {
		sum += int(word & 255)
		word >>= 8
	}
	// Eight uniform bytes have mean 1020 and standard deviation 209.
	return floorDiv((sum-1020)*sigma, 16*209)
}

// span is a closed range of integers.
type span struct{ lo, hi int }

// floorDiv returns ⌊a/b⌋, b > 0.
func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
