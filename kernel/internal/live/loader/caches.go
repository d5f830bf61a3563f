package loader

import (
	"debug/elf"
	"errors"
	"strings"
	"sync"
	"unsafe"
)

// cacheList holds the places in code that ask whether a value implements an interface. Each
// has a word that caches answers for some types: internal/abi.TypeAssert and
// InterfaceSwitch, which begin with a pointer to a TypeAssertCache or an
// InterfaceSwitchCache.
type cacheList struct{ asserts, switches []*unsafe.Pointer }

// emptyAssert and emptySwitch are caches without types: a mask of 0 and one entry.
type (
	emptyAssert [1 + 2]uintptr
	emptySwitch [1 + 3]uintptr
)

// known holds the caches of the files that have been read, by path.
var known struct {
	sync.Mutex
	files map[string]bool
	list  cacheList
}

// callCaches returns the caches of the base library and of all cells. The compiler gives
// each a symbol of its own, which is in the files' symbol tables.
func callCaches() (all cacheList, err error) {
	known.Lock()
	defer known.Unlock()
	if known.files == nil {
		known.files = map[string]bool{}
	}
	files, err := mappedFiles()
	if err != nil {
		return all, err
	}
	for path, base := range files {
		if known.files[path] {
			continue
		}
		known.files[path] = true
		f, err := elf.Open(path)
		if err != nil {
			continue // not a file of code
		}
		symbols, _ := f.Symbols()
		f.Close()
		for _, s := range symbols {
			if s.Section == elf.SHN_UNDEF {
				continue
			}
			cache := (*unsafe.Pointer)(unsafe.Pointer(at(base + uintptr(s.Value))))
			switch {
			case strings.Contains(s.Name, "..typeAssert."):
				known.list.asserts = append(known.list.asserts, cache)
			case strings.Contains(s.Name, "..interfaceSwitch."):
				known.list.switches = append(known.list.switches, cache)
			}
		}
	}
	if len(known.list.asserts) == 0 || len(known.list.switches) == 0 {
		return all, errors.New("cannot find the caches of types: the library of packages has no symbols")
	}
	return known.list, nil
}

// mappedFiles returns the start address of each file that the process has loaded.
func mappedFiles() (map[string]uintptr, error) {
	all, err := mappings()
	if err != nil {
		return nil, err
	}
	files := map[string]uintptr{}
	for _, m := range all {
		if _, ok := files[m.path]; !ok && strings.HasSuffix(m.path, ".so") {
			files[m.path] = m.from
		}
	}
	return files, nil
}

// forget empties the caches. The world must be stopped.
//
// A goroutine may have been stopped when it had an answer and was about to add it to a copy
// of the old cache (runtime.typeAssert). It installs the copy only if the old cache is
// still there, so the empty caches are new ones each time, never
// runtime.emptyTypeAssertCache.
func (all cacheList) forget() {
	assert, other := unsafe.Pointer(new(emptyAssert)), unsafe.Pointer(new(emptySwitch))
	for _, c := range all.asserts {
		*c = assert
	}
	for _, c := range all.switches {
		*c = other
	}
}
