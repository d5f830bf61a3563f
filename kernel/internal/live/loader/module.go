// Package loader loads cells into the process that holds the values, and adds methods to
// existing types. It reaches into the runtime, so it is linked only into that process.
//
//	module  a cell's plugin is opened
//	types   the runtime's type descriptors; sametype and sametable, one of each for all modules;
//	        madetypes, those that reflect created before
//	methods the types' method tables; grow, which adds to them; near, memory for them;
//	        mappings, address space in use; jumps, code within reach that leads to them
//	tables  caches of a type's methods; caches, where code asks for them; typecaches, of
//	        packages; implements, for reflection
package loader

import (
	"errors"
	"fmt"
	_ "plugin" // for go:linkname
	"runtime"
	"sort"
	"strings"
	"structs"
	"unsafe"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// A cell is loaded with the functions underneath package plugin, which itself loads a
// package only once, and all cells are package main. The names below are Go 1.26's: see
// checkLayout.

//go:linkname pluginOpen plugin._Cfunc_pluginOpen
func pluginOpen(path *byte, err **byte) uintptr

//go:linkname pluginLookup plugin._Cfunc_pluginLookup
func pluginLookup(handle uintptr, name *byte, err **byte) unsafe.Pointer

//go:linkname doInit runtime.doInit
func doInit(tasks []unsafe.Pointer)

//go:linkname firstModule runtime.firstmoduledata
var firstModule moduledata

// moduledata is runtime.moduledata of Go 1.26: what the runtime knows about a program, a
// shared library or a plugin.
type moduledata struct {
	_ structs.HostLayout // all fields count

	pcHeader     unsafe.Pointer
	funcnametab  []byte
	cutab        []uint32
	filetab      []byte
	pctab        []byte
	pclntable    []byte
	ftab         []uint64
	findfunctab  uintptr
	minpc, maxpc uintptr

	text, etext           uintptr
	noptrdata, enoptrdata uintptr
	data, edata           uintptr
	bss, ebss             uintptr
	noptrbss, enoptrbss   uintptr
	covctrs, ecovctrs     uintptr
	end, gcdata, gcbss    uintptr
	types, etypes         uintptr
	rodata                uintptr
	gofunc                uintptr
	epclntab              uintptr

	textsectmap []uintptr
	typelinks   []int32 // offsets from types
	itablinks   []*itab

	ptab []uint64

	pluginpath string
	pkghashes  []moduleHash
	inittasks  []unsafe.Pointer

	modulename   string
	modulehashes []moduleHash

	hasmain uint8
	bad     bool

	gcdatamask, gcbssmask struct {
		n    int32
		data *uint8
	}

	typemap map[int32]unsafe.Pointer // offset to the type that replaces the one there

	next *moduledata
}

// errLayout is the error of a worker that was built with another version of Go.
var errLayout = errors.New("cells cannot be loaded: they need Go 1.26")

// checkLayout checks that the runtime's tables are where we expect them.
func checkLayout() error {
	if !strings.HasPrefix(runtime.Version(), "go1.26") {
		return fmt.Errorf("%w; this is %s", errLayout, runtime.Version())
	}
	m := &firstModule
	if m.text == 0 || m.text >= m.etext || m.types == 0 || m.types > m.etypes || m.hasmain > 1 || len(m.modulename) > 1<<10 {
		return errLayout
	}
	return nil
}

// lastModule returns the module that was loaded last.
func lastModule() *moduledata {
	m := &firstModule
	for m.next != nil {
		m = m.next
	}
	return m
}

// moduleOf returns the module with the type descriptor at a pointer.
func moduleOf(p unsafe.Pointer) *moduledata {
	for m := &firstModule; m != nil; m = m.next {
		if m.types <= uintptr(p) && uintptr(p) < m.etypes {
			return m
		}
	}
	return nil
}

// pinned keeps alive what modules point to: the garbage collector does not scan their
// tables.
var pinned []any

// typemaps holds the modules' typemaps, which it does not see there either.
var typemaps = map[*moduledata]map[int32]unsafe.Pointer{}

// opened holds the handles of the cells' plugins, in order.
var opened []uintptr

// Open loads a cell's plugin, which has the given method tables, and runs its initializers.
func Open(path string, tables []host.Table) error {
	if err := checkLayout(); err != nil {
		return err
	}
	forgetTypes()
	grown = false
	Ready()
	name := append([]byte(path), 0)
	var failure *byte
	handle := pluginOpen(&name[0], &failure)
	if handle == 0 {
		return errors.New(cString(failure))
	}
	opened = append(opened, handle)
	m := lastModule()
	own := fmt.Sprintf("cell %d", len(opened)) // each plugin needs its own path, and all cells have the same
	pinned = append(pinned, own)
	m.pluginpath = own
	m.sortTypes()
	useFirst(handle, tables)
	if err := m.enter(); err != nil {
		return err
	}
	if err := m.useMade(); err != nil {
		return err
	}
	m.hideRooms()
	if err := furnish(m); err != nil && !errors.Is(err, errNoRoom) {
		return err
	}
	doInit(m.inittasks)
	return nil
}

func cString(p *byte) string {
	var b []byte
	for ; p != nil && *p != 0; p = (*byte)(unsafe.Add(unsafe.Pointer(p), 1)) {
		b = append(b, *p)
	}
	return string(b)
}

// lookup returns the address of a symbol in a plugin, or with handle 0 in the first loaded
// library that has it.
func lookup(handle uintptr, name string) unsafe.Pointer {
	text := append([]byte(name), 0)
	var failure *byte
	return pluginLookup(handle, &text[0], &failure)
}

// sortTypes sorts the links to types by name, as reflect's search expects: marks have been
// removed from names since the linker sorted them.
func (m *moduledata) sortTypes() {
	names := make(map[int32]string, len(m.typelinks))
	sorted := true
	last := ""
	for _, off := range m.typelinks {
		name := at(m.types + uintptr(off)).typeText(m)
		sorted = sorted && last <= name
		names[off], last = name, name
	}
	if sorted {
		return
	}
	links := append([]int32(nil), m.typelinks...)
	sort.SliceStable(links, func(i, j int) bool { return names[links[i]] < names[links[j]] })
	pinned = append(pinned, links)
	m.typelinks = links
}
