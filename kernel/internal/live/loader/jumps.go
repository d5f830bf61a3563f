package loader

import (
	"cmp"
	"slices"
	"unsafe"
)

// jumps is code that jumps to methods of a cell, within reach of modules with types that
// get those methods: method tables hold code offsets from the type's module. The code is
// sealed page by page, so all types that get methods at the same time share it.
type jumps struct {
	begin unsafe.Pointer
	size  int
	free  [][jumpSize]byte
	known map[uintptr]uintptr // jumps, by target
}

const jumpSize = 16 // bytes

// codeReach is the maximum distance of a module before the one behind which jumps are
// reserved. Their offsets are unsigned, of 32 bits.
const codeReach = 1 << 31

// jumpsFor reserves jumps: for each module, as many as it has methods that may need one.
func jumpsFor(methods map[*moduledata]int) (map[*moduledata]*jumps, error) {
	var homes []*moduledata
	for m := range methods {
		homes = append(homes, m)
	}
	slices.SortFunc(homes, func(a, b *moduledata) int { return cmp.Compare(b.text, a.text) })
	all := map[*moduledata]*jumps{}
	for len(homes) > 0 {
		last, n, count := homes[0], 0, 0
		for n < len(homes) && last.text-homes[n].text < codeReach {
			count += methods[homes[n]]
			n++
		}
		j := &jumps{size: pages(count * jumpSize), known: map[uintptr]uintptr{}}
		if count > 0 {
			memory, err := furnished(last, true, j.size)
			if err != nil {
				return nil, err
			}
			j.begin = memory.takePages(j.size)
			j.free = unsafe.Slice((*[jumpSize]byte)(j.begin), count)
		}
		for _, m := range homes[:n] {
			all[m] = j
		}
		homes = homes[n:]
	}
	return all, nil
}

// to returns the address of code that jumps to another address.
func (j *jumps) to(to uintptr) uintptr {
	if at, ok := j.known[to]; ok {
		return at
	}
	code := &j.free[0] // MOVQ $to, R12; JMP R12: Go's calls do not use R12
	j.free = j.free[1:]
	*code = [jumpSize]byte{0x49, 0xbc, byte(to), byte(to >> 8), byte(to >> 16), byte(to >> 24), byte(to >> 32), byte(to >> 40), byte(to >> 48), byte(to >> 56), 0x41, 0xff, 0xe4}
	j.known[to] = uintptr(unsafe.Pointer(code))
	return j.known[to]
}

// seal makes the jumps executable. No more can be added.
func (j *jumps) seal() error {
	if j.size == 0 {
		return nil
	}
	size := j.size
	j.size = 0 // the modules share it
	return seal(j.begin, size)
}
