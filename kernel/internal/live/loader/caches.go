package loader

import (
	"bufio"
	"debug/elf"
	"fmt"
	"os"
	"strings"
	"sync"
	"unsafe"
)

//go:linkname emptyTypeAssertCache runtime.emptyTypeAssertCache
var emptyTypeAssertCache [4]uintptr

//go:linkname emptyInterfaceSwitchCache runtime.emptyInterfaceSwitchCache
var emptyInterfaceSwitchCache [5]uintptr

// callCache is one place in code that asks whether a value has an interface, and remembers
// the answer for some types.
type callCache struct {
	at    *unsafe.Pointer
	empty unsafe.Pointer
}

// cacheList is all of them.
type cacheList []callCache

// known are the caches of the files that have been read, by path.
var known struct {
	sync.Mutex
	files map[string]bool
	list  cacheList
}

// callCaches returns the caches of the base library and of all cells. The compiler gives
// each a symbol of its own, which is in the files' symbol tables.
func callCaches() (cacheList, error) {
	known.Lock()
	defer known.Unlock()
	if known.files == nil {
		known.files = map[string]bool{}
	}
	files, err := mappedFiles()
	if err != nil {
		return nil, err
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
			var empty unsafe.Pointer
			switch {
			case strings.Contains(s.Name, "..typeAssert."):
				empty = unsafe.Pointer(&emptyTypeAssertCache)
			case strings.Contains(s.Name, "..interfaceSwitch."):
				empty = unsafe.Pointer(&emptyInterfaceSwitchCache)
			default:
				continue
			}
			if s.Section != elf.SHN_UNDEF {
				known.list = append(known.list, callCache{(*unsafe.Pointer)(unsafe.Pointer(at(base + uintptr(s.Value)))), empty})
			}
		}
	}
	return known.list, nil
}

// mappedFiles returns where each file that the process has loaded begins.
func mappedFiles() (map[string]uintptr, error) {
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	files := map[string]uintptr{}
	for s := bufio.NewScanner(f); s.Scan(); {
		i := strings.IndexByte(s.Text(), '/')
		if i < 0 {
			continue
		}
		path := s.Text()[i:]
		if _, ok := files[path]; ok || !strings.HasSuffix(path, ".so") {
			continue
		}
		var begin uintptr
		if _, err := fmt.Sscanf(s.Text(), "%x-", &begin); err == nil {
			files[path] = begin
		}
	}
	return files, nil
}

// forget empties the caches. The world is stopped.
func (all cacheList) forget() {
	for _, c := range all {
		*c.at = c.empty
	}
}
