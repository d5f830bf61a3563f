package loader

import (
	"errors"
	"fmt"
	"syscall"
	"unsafe"
)

// near is memory within reach of a module's 32-bit offsets. It is never freed.
type near struct{ next, end uintptr }

// room is the memory that each module gets when it is loaded, while there is space around
// it: for names of methods, which offsets reach only in front of it, and for tables and
// code behind it.
type room struct{ front, behind *near }

// rooms are the modules' rooms.
var rooms = map[*moduledata]*room{}

// Sizes in bytes.
const (
	roomSize = 1 << 16
	pageSize = 1 << 12
	reach    = 1<<31 - 1<<27 // of an offset, less room for the module itself
)

// furnish reserves memory around a module.
func furnish(m *moduledata) error {
	free, err := gaps()
	if err != nil {
		return err
	}
	front, err := reserve(free, m.types, false, roomSize)
	if err != nil {
		return err
	}
	behind, err := reserve(free, max(m.etext, m.etypes, m.end), true, roomSize)
	if err != nil {
		return err
	}
	rooms[m] = &room{front, behind}
	return nil
}

// gap is free address space.
type gap struct{ from, to uintptr }

// gaps returns the unmapped address space, in order.
func gaps() ([]gap, error) {
	used, err := mappings()
	if err != nil {
		return nil, err
	}
	var all []gap
	last := uintptr(1 << 20)
	for _, m := range used {
		if m.from > last {
			all = append(all, gap{last, m.from})
		}
		last = m.to
	}
	return all, nil
}

var errNoRoom = errors.New("no address space is free close enough to the cell")

// reserve maps at least n bytes of memory within reach of an address: behind it, or in
// front.
func reserve(free []gap, of uintptr, behind bool, n int) (*near, error) {
	size := uintptr(pages(n))
	for i := range free {
		g := free[i]
		if !behind {
			g = free[len(free)-1-i] // the closest first
		}
		var hint uintptr
		switch {
		case behind && g.to > of:
			hint = max(g.from, (of+pageSize-1)&^(pageSize-1))
		case !behind && g.from < of && min(g.to, of) > size:
			hint = (min(g.to, of) - size) &^ (pageSize - 1)
		default:
			continue
		}
		if hint < g.from || hint+size > g.to {
			continue
		}
		if max(hint, of)-min(hint, of) > reach {
			break
		}
		const fixedNoReplace = 0x100000
		p, _, failed := syscall.Syscall6(syscall.SYS_MMAP, hint, size, syscall.PROT_READ|syscall.PROT_WRITE,
			syscall.MAP_PRIVATE|syscall.MAP_ANON|fixedNoReplace, ^uintptr(0), 0)
		if failed != 0 {
			continue // another thread took it
		}
		if p == hint {
			return &near{p, p + size}, nil
		}
		syscall.Syscall(syscall.SYS_MUNMAP, p, size, 0) // before Linux 4.17 the address is only a hint
	}
	return nil, errNoRoom
}

// take returns n bytes, aligned to a power of two; nil if there are not enough left.
func (m *near) take(n, align int) unsafe.Pointer {
	p := (m.next + uintptr(align-1)) &^ uintptr(align-1)
	if p+uintptr(n) > m.end {
		return nil
	}
	m.next = p + uintptr(n)
	return unsafe.Pointer(at(p))
}

// takePages returns n bytes as complete pages, from the end, so that other memory stays
// together.
func (m *near) takePages(n int) unsafe.Pointer {
	m.end -= uintptr(n)
	return unsafe.Pointer(at(m.end))
}

// furnished returns n bytes of memory in front of a module or behind it.
func furnished(m *moduledata, behind bool, n int) (*near, error) {
	if rooms[m] == nil {
		rooms[m] = &room{}
	}
	where, of := &rooms[m].front, m.types
	if behind {
		where, of = &rooms[m].behind, max(m.etext, m.etypes, m.end)
	}
	if r := *where; r != nil && r.next+uintptr(n)+pageSize <= r.end {
		return r, nil
	}
	free, err := gaps()
	if err != nil {
		return nil, err
	}
	fresh, err := reserve(free, of, behind, max(roomSize, n+pageSize))
	if err != nil {
		return nil, err
	}
	*where = fresh
	return fresh, nil
}

// pages rounds a size up to complete pages: a page with code cannot be written to.
func pages(n int) int { return (n + pageSize - 1) &^ (pageSize - 1) }

// seal makes pages executable and read-only.
func seal(page unsafe.Pointer, n int) error {
	if _, _, failed := syscall.Syscall(syscall.SYS_MPROTECT, uintptr(page), uintptr(n), syscall.PROT_READ|syscall.PROT_EXEC); failed != 0 {
		return fmt.Errorf("write code for added methods: %w", failed)
	}
	return nil
}
