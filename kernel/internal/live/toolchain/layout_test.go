package toolchain

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Cells are loaded, and methods added to types, in ways that Go does not promise. The tests
// in this file read Go's sources and ours, and fail if the layouts or signatures that we
// rely on have changed.

// goSource reads packages of Go from their sources.
var goSource = struct {
	sync.Mutex
	types.Importer
}{Importer: importer.ForCompiler(token.NewFileSet(), "source", nil)}

func goPackage(t *testing.T, path string) *types.Package {
	t.Helper()
	goSource.Lock()
	defer goSource.Unlock()
	p, err := goSource.Import(path)
	if err != nil {
		t.Fatalf("read the source of %s: %v", path, err)
	}
	return p
}

// ourPackage is a package of the live session, from its source, with the names that it
// links to. The packages of ours that it imports have no types.
type ourPackage struct {
	*types.Package
	links map[string]string // the name in Go, by our name
	files map[string]string // files that declare them
}

type onlyGo struct{ t *testing.T }

// Import implements [types.Importer].
func (i onlyGo) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if path == "plugin" || strings.Contains(strings.Split(path, "/")[0], ".") {
		return nil, fmt.Errorf("not read: %s", path)
	}
	return goPackage(i.t, path), nil
}

func readOurs(t *testing.T, name string) ourPackage {
	t.Helper()
	fset := token.NewFileSet()
	p := ourPackage{links: map[string]string{}, files: map[string]string{}}
	paths, err := filepath.Glob("../" + name + "/*.go")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no sources of %s: %v", name, err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
		for _, c := range f.Comments {
			for _, line := range c.List {
				if words := strings.Fields(line.Text); words[0] == "//go:linkname" && len(words) == 3 {
					p.links[words[1]], p.files[words[1]] = words[2], name+"/"+filepath.Base(path)
				}
			}
		}
	}
	config := types.Config{Importer: onlyGo{t}, Error: func(error) {}, IgnoreFuncBodies: true}
	p.Package, _ = config.Check(name, fset, files, nil)
	return p
}

// object returns the object for a name: T, f, or (*T).m.
func object(p *types.Package, name string) types.Object {
	if rest, ok := strings.CutPrefix(name, "(*"); ok {
		of, method, _ := strings.Cut(rest, ").")
		if t := p.Scope().Lookup(of); t != nil {
			o, _, _ := types.LookupFieldOrMethod(types.NewPointer(t.Type()), false, p, method)
			return o
		}
		return nil
	}
	return p.Scope().Lookup(name)
}

var sizes = types.SizesFor("gc", "amd64")

// shape describes a type for the calling convention and in memory: its words, and whether
// they are pointers.
func shape(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return "pw"
		case u.Kind() == types.UnsafePointer:
			return "p"
		case u.Kind() == types.Invalid:
			return "?"
		case sizes.Sizeof(u) == 8:
			return "w"
		}
		return fmt.Sprint(sizes.Sizeof(u))
	case *types.Slice:
		return "pww"
	case *types.Interface:
		return "pp"
	case *types.Array:
		return strings.Repeat(shape(u.Elem()), int(u.Len()))
	case *types.Struct:
		s := ""
		for f := range u.Fields() {
			s += shape(f.Type())
		}
		return s
	case *types.Signature:
		return "p"
	}
	return "p"
}

// signature is the shape of a function: its parameters, the receiver first, and results.
func signature(s *types.Signature) string {
	words := ""
	if s.Recv() != nil {
		words = shape(s.Recv().Type()) + " "
	}
	for v := range s.Params().Variables() {
		words += shape(v.Type()) + " "
	}
	words += "->"
	for v := range s.Results().Variables() {
		words += " " + shape(v.Type())
	}
	return words
}

// TestStructLayouts compares our structs with Go's, field by field.
func TestStructLayouts(t *testing.T) {
	packages := map[string]ourPackage{"loader": readOurs(t, "loader"), "module": readOurs(t, "module"), "host": readOurs(t, "host")}
	for _, c := range []struct {
		ours, theirs string
		fields       string // our names and Go's, where they differ
		trick        string
	}{
		{"loader.moduledata", "runtime.moduledata", "", "loader.Open names each cell's module and sorts its types"},
		{"loader.descriptor", "internal/abi.Type", "size=Size_ pointers=PtrBytes hash=Hash flags=TFlag align=Align_ fieldAlign=FieldAlign_ kind=Kind_ equal=Equal mask=GCData name=Str pointerTo=PtrToThis", "loader.Grow and sortTypes read descriptors of types"},
		{"loader.uncommon", "internal/abi.UncommonType", "path=PkgPath count=Mcount exported=Xcount table=Moff _=_", "loader.Grow replaces tables of methods"},
		{"loader.method", "internal/abi.Method", "name=Name kind=Mtyp byInterface=Ifn byMethod=Tfn", "loader.Grow writes tables of methods"},
		{"loader.itab", "internal/abi.ITab", "inter=Inter of=Type hash=Hash code=Fun", "loader.refill and useFirst change tables of interfaces"},
		{"loader.itabTable", "runtime.itabTableType", "", "loader.refill walks all tables of interfaces"},
		{"loader.moduleHash", "runtime.modulehash", "name=modulename atLink=linktimehash now=runtimehash", "loader.Open checks what a cell was built with"},
		{"loader.typePair", "runtime._typePair", "a=t1 b=t2", "a type that several cells have is one"},
		{"loader.mutex", "runtime.mutex", "", "a cell's tables of interfaces are added under a lock"},
		{"loader.worldStop", "runtime.worldStop", "", "loader.Grow stops the world"},
		{"host.runtimePanic", "runtime._panic", "_=startPC _=startSP _=sp _=lr _=fp _=retpc _=deferBitsPtr _=slotsPtr _=deferreturn _=gopanicFP", "a panic is told with those that it came of"},
		{"module.handlers", "os/signal.handlers", "", "an interrupt of a cell asks who listens to signals"},
	} {
		where, name, _ := strings.Cut(c.ours, ".")
		i := strings.LastIndex(c.theirs, ".")
		ours, theirs := structOf(object(packages[where].Package, name)), structOf(object(goPackage(t, c.theirs[:i]), c.theirs[i+1:]))
		if ours == nil || theirs == nil {
			t.Errorf("no %s or no %s: %s", c.ours, c.theirs, c.trick)
			continue
		}
		names := strings.Fields(c.fields)
		has, want := fieldsOf(ours), fieldsOf(theirs)
		if len(has) > len(want) || len(has) < len(want) && c.ours != "module.handlers" {
			t.Errorf("%s has %d fields, %s has %d: %s", c.ours, len(has), c.theirs, len(want), c.trick)
			continue
		}
		for k, f := range has {
			w := want[k]
			pair := f.name + "=" + w.name
			if last := k == len(has)-1; pair != w.name+"="+w.name && !slices.Contains(names, pair) || w.offset != f.offset || w.shape != f.shape && !(last && strings.HasPrefix(f.shape, w.shape)) {
				t.Errorf("%s.%s is at %d, of %s; %s has %s at %d, of %s: %s", c.ours, f.name, f.offset, f.shape, c.theirs, w.name, w.offset, w.shape, c.trick)
			}
		}
	}
}

func structOf(o types.Object) *types.Struct {
	if o == nil {
		return nil
	}
	u := o.Type().Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	}
	s, _ := u.(*types.Struct)
	return s
}

type field struct {
	name   string
	offset int64
	shape  string
}

// fieldsOf returns the fields that take space.
func fieldsOf(s *types.Struct) []field {
	var all []*types.Var
	for f := range s.Fields() {
		all = append(all, f)
	}
	var has []field
	for i, at := range sizes.Offsetsof(all) {
		if sizes.Sizeof(all[i].Type()) > 0 {
			has = append(has, field{all[i].Name(), at, short4(shape(all[i].Type()))})
		}
	}
	return has
}

// short4 shortens the shape of a long array.
func short4(s string) string { return s[:min(len(s), 600)] }

// TestLinks compares the declarations that we link to by go:linkname with Go's.
func TestLinks(t *testing.T) {
	tricks := map[string]string{
		"loader/module.go": "cells are opened by the parts of package plugin", "loader/grow.go": "methods are added with the world stopped",
		"loader/methods.go": "methods are in tables of types", "loader/typecaches.go": "packages forget what they know of types",
		"loader/tables.go": "tables of interfaces are made anew", "loader/sametable.go": "a cell uses the tables of interfaces that are there", "loader/sametype.go": "a cell uses the types that are there",
		"loader/implements.go": "reflection asks the runtime for methods", "module/module.go": "a panic ends its goroutine alone; an interrupt asks who listens",
		"loader/madetypes.go": "a cell uses the types that reflect made", "host/order.go": "the output keeps its order", "host/task.go": "goroutines are known by the cell that started them",
	}
	for _, name := range []string{"loader", "module", "host"} {
		p := readOurs(t, name)
		for _, local := range slices.Sorted(maps.Keys(p.links)) {
			target, trick := p.links[local], tricks[p.files[local]]
			if trick == "" {
				t.Errorf("%s links to %s, and nothing says what for", p.files[local], target)
			}
			i := strings.LastIndex(target, "/") + 1
			path, rest, _ := strings.Cut(target[i:], ".")
			if path = target[:i] + path; path == "plugin" {
				continue // see TestPlugin: it is C
			}
			ours, theirs := p.Scope().Lookup(local), object(goPackage(t, path), rest)
			if ours == nil || theirs == nil {
				t.Errorf("Go has no %s: %s", target, trick)
				continue
			}
			f, isFunc := ours.Type().(*types.Signature)
			g, theirsIs := theirs.Type().(*types.Signature)
			switch {
			case isFunc && theirsIs:
				if has, want := signature(f), signature(g); has != want {
					t.Errorf("%s is %s, Go's %s is %s (%v): %s", local, has, target, want, g, trick)
				}
			case isFunc || theirsIs:
				t.Errorf("%s and Go's %s: one is a function and one is not: %s", local, target, trick)
			default:
				if has, want := shape(ours.Type()), shape(theirs.Type()); !strings.HasPrefix(want, has) {
					t.Errorf("%s is %s, Go's %s is %s: %s", local, short4(has), target, short4(want), trick)
				}
			}
		}
	}
}

// TestPlugin checks the C functions of package plugin, and what it does with a plugin.
func TestPlugin(t *testing.T) {
	root, err := goRoot()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "src/plugin/plugin_dlopen.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"static uintptr_t pluginOpen(const char* path, char** err) {", "static void* pluginLookup(uintptr_t h, const char* name, char** err) {",
		"pluginpath, syms, initTasks, errstr := lastmoduleinit()", "doInit(initTasks)",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("package plugin has no %q: cells are opened by its parts", want)
		}
	}
	ours := readOurs(t, "loader")
	for local, want := range map[string]string{"pluginOpen": "p p -> w", "pluginLookup": "w p p -> p"} {
		if has := signature(ours.Scope().Lookup(local).Type().(*types.Signature)); has != want {
			t.Errorf("loader.%s is %s, want %s: cells are opened by it", local, has, want)
		}
	}
}

// TestDiversions compares functions of Go with our replacements.
func TestDiversions(t *testing.T) {
	ours := map[string]ourPackage{hostPackage: readOurs(t, "host"), loaderPackage: readOurs(t, "loader"), modulePackage: readOurs(t, "module")}
	for _, d := range diversions {
		i := strings.LastIndex(d[0], ".")
		k := strings.LastIndex(d[1], ".")
		by, ok := object(ours[d[1][:k]].Package, d[1][k+1:]).(*types.Func)
		if !ok {
			t.Errorf("no function %s", d[1])
			continue
		}
		if strings.Contains(d[0], "golang.org/") {
			continue // not part of Go: it equals syscall's
		}
		of, ok := object(goPackage(t, d[0][:i]), d[0][i+1:]).(*types.Func)
		if !ok {
			t.Errorf("Go has no function %s, whose place %s takes", d[0], d[1])
			continue
		}
		if has, want := signature(by.Signature()), signature(of.Signature()); has != want {
			t.Errorf("%s is %s, %s, whose place it takes, is %s", d[1], has, d[0], want)
		}
	}
}

// number returns a constant of a package.
func number(t *testing.T, p *types.Package, name string) int64 {
	t.Helper()
	c, ok := p.Scope().Lookup(name).(*types.Const)
	if !ok {
		t.Fatalf("no constant %s in %s", name, p.Path())
	}
	n, _ := constant.Int64Val(constant.ToInt(c.Val()))
	return n
}

// TestTypeLayout checks the numbers by which we read and write type descriptors, caches,
// names and the function tables.
func TestTypeLayout(t *testing.T) {
	abi, run, loader, host := goPackage(t, "internal/abi"), goPackage(t, "runtime"), readOurs(t, "loader"), readOurs(t, "host")
	offset := func(p *types.Package, of, name string) int64 {
		if s := structOf(p.Scope().Lookup(of)); s != nil {
			for _, f := range fieldsOf(s) {
				if f.name == name {
					return f.offset
				}
			}
		}
		return -1
	}
	size := func(p *types.Package, name string) int64 { return sizes.Sizeof(p.Scope().Lookup(name).Type()) }
	for _, c := range []struct {
		what      string
		has, want int64
		trick     string
	}{
		{"abi.Type.Size_", 0, offset(abi, "Type", "Size_"), "typeOf"},
		{"abi.Type.PtrBytes", typePointers, offset(abi, "Type", "PtrBytes"), "typeOf"},
		{"abi.Type.TFlag", typeFlags, offset(abi, "Type", "TFlag"), "typeOf"},
		{"abi.Type.Align_", typeFlags + 1, offset(abi, "Type", "Align_"), "descriptors of the stub"},
		{"abi.Type.FieldAlign_", typeFlags + 2, offset(abi, "Type", "FieldAlign_"), "descriptors of the stub"},
		{"abi.Type.Kind_", typeFlags + 3, offset(abi, "Type", "Kind_"), "descriptors of the stub"},
		{"abi.Type.GCData", typeMask, offset(abi, "Type", "GCData"), "typeOf"},
		{"abi.Type", descriptorSize, size(abi, "Type"), "descriptors of the stub"},
		{"abi.TFlagGCMaskOnDemand", onDemand, number(t, abi, "TFlagGCMaskOnDemand"), "typeOf"},
		{"abi.Slice", kindSlice, number(t, abi, "Slice"), "descriptors of the stub"},
		{"abi.TFlagUncommon", number(t, loader.Package, "flagUncommon"), number(t, abi, "TFlagUncommon"), "loader.Grow"},
		{"abi.TFlagExtraStar", number(t, loader.Package, "flagExtraStar"), number(t, abi, "TFlagExtraStar"), "loader's sortTypes"},
		{"abi.Method", number(t, loader.Package, "methodSize"), size(abi, "Method"), "loader.Grow's tables"},
		{"abi.TypeAssert.Cache", 0, offset(abi, "TypeAssert", "Cache"), "caches that loader.Grow empties"},
		{"abi.InterfaceSwitch.Cache", 0, offset(abi, "InterfaceSwitch", "Cache"), "caches that loader.Grow empties"},
		{"abi.TypeAssertCache.Mask", 0, offset(abi, "TypeAssertCache", "Mask"), "caches that loader.Grow empties"},
		{"abi.InterfaceSwitchCache.Mask", 0, offset(abi, "InterfaceSwitchCache", "Mask"), "caches that loader.Grow empties"},
		{"abi.TypeAssertCache", size(loader.Package, "emptyAssert"), size(abi, "TypeAssertCache"), "caches that loader.Grow empties"},
		{"abi.InterfaceSwitchCache", size(loader.Package, "emptySwitch"), size(abi, "InterfaceSwitchCache"), "caches that loader.Grow empties"},
		{"runtime.pcHeader.funcnameOffset", pcNames, offset(run, "pcHeader", "funcnameOffset"), "marks taken out of the names in traces"},
		{"runtime.pcHeader.cuOffset", pcNext, offset(run, "pcHeader", "cuOffset"), "marks taken out of the names in traces"},
		{"runtime.g._panic", number(t, host.Package, "panicOffset"), offset(run, "g", "_panic"), "a panic is told with those that it came of"},
		{"runtime._panic.arg", 0, offset(run, "_panic", "arg"), "module.Fatalpanic"},
	} {
		if c.has != c.want {
			t.Errorf("%s: we have %d, Go has %d: %s", c.what, c.has, c.want, c.trick)
		}
	}
}
