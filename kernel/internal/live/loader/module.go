// Package loader loads cells into the process that holds the values, and adds methods to
// types that are there already. It reaches into the runtime, so it is linked into nothing
// but that process.
//
//	module  a cell's plugin is opened
//	types   descriptors of types, as the runtime has them; sametype and sametable, the first
//	        of each for all modules; madetypes, those that reflect made before
//	methods the tables of types' methods; grow, which get more; near, memory for them;
//	        mappings, what is taken; jumps, code in reach that leads to them
//	tables  what is remembered of a type's methods; caches, where code asks for them;
//	        typecaches, of packages; implements, what reflection is told
package loader

import (
	"errors"
	"fmt"
	_ "plugin" // for what is linked to below
	"runtime"
	"sort"
	"strings"
	"structs"
	"unsafe"

	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// A cell is loaded by what package plugin consists of, since all cells are package main and
// that loads a package once. The names below are Go 1.26's: see checkLayout.

//go:linkname pluginOpen plugin._Cfunc_pluginOpen
func pluginOpen(path *byte, err **byte) uintptr

//go:linkname pluginLookup plugin._Cfunc_pluginLookup
func pluginLookup(handle uintptr, name *byte, err **byte) unsafe.Pointer

//go:linkname doInit runtime.doInit
func doInit(tasks []unsafe.Pointer)

//go:linkname firstModule runtime.firstmoduledata
var firstModule moduledata

// moduledata is runtime.moduledata of Go 1.26: what the runtime knows of a program, a shared
// library or a plugin.
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

	typemap map[int32]unsafe.Pointer // offset to the type that is in its place

	next *moduledata
}

// errLayout is what a worker says that was built with another Go.
var errLayout = errors.New("cells cannot be loaded: they need Go 1.26, whose runtime's tables are known")

// checkLayout tells whether the runtime's tables are where they are looked for.
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

// moduleOf returns the module whose descriptors of types a pointer is among.
func moduleOf(p unsafe.Pointer) *moduledata {
	for m := &firstModule; m != nil; m = m.next {
		if m.types <= uintptr(p) && uintptr(p) < m.etypes {
			return m
		}
	}
	return nil
}

// pinned is what modules point to: the garbage collector does not look into their tables.
var pinned []any

// typemaps are the modules' typemaps, which it does not see there either.
var typemaps = map[*moduledata]map[int32]unsafe.Pointer{}

// opened are the handles of the cells' plugins, in order.
var opened []uintptr

// Open loads a cell's plugin, which has some tables of methods, and runs its initialisers.
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
	own := fmt.Sprintf("cell %d", len(opened)) // each must have one, and all cells have the same
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

// lookup returns the address of a symbol in a plugin; in the one that was loaded first of
// those that have it where handle is 0.
func lookup(handle uintptr, name string) unsafe.Pointer {
	text := append([]byte(name), 0)
	var failure *byte
	return pluginLookup(handle, &text[0], &failure)
}

// sortTypes puts the links to types in the order of their names, by which reflect searches
// them: marks have been taken out of names since the linker sorted them.
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
