package toolchain

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// goRoot is the folder of Go and its sources.
var goRoot = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	return strings.TrimSpace(string(out)), err
})

// functions returns the functions of a package of Go, by name, from its source.
func functions(t *testing.T, path string) (*token.FileSet, map[string]*ast.FuncDecl) {
	t.Helper()
	fset, all := token.NewFileSet(), map[string]*ast.FuncDecl{}
	root, err := goRoot()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "src", path, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources of %s: %v", path, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				name := f.Name.Name
				if f.Recv != nil {
					of := f.Recv.List[0].Type
					if p, ok := of.(*ast.StarExpr); ok {
						of = p.X
					}
					if id, ok := of.(*ast.Ident); ok {
						name = id.Name + "." + name
					}
				}
				all[name] = f
			}
		}
	}
	return fset, all
}

// TestReaders checks which code of Go counts the methods of a type: loader.Grow changes the
// count, and relies on what each of these does (see there).
func TestReaders(t *testing.T) {
	var readers []string
	for _, path := range []string{"internal/abi", "internal/reflectlite", "reflect", "runtime"} {
		_, all := functions(t, path)
		for name, f := range all {
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && (s.Sel.Name == "Mcount" || s.Sel.Name == "Xcount" || s.Sel.Name == "Moff") {
					readers = append(readers, path+"."+name)
				}
				return true
			})
		}
	}
	slices.Sort(readers)
	want := []string{"internal/abi.UncommonType.ExportedMethods", "internal/abi.UncommonType.Methods", "internal/reflectlite.implements", "reflect.StructOf", "reflect.implements", "runtime.itabInit"}
	if readers = slices.Compact(readers); !slices.Equal(readers, want) {
		t.Errorf("Go reads tables of methods in\n%s\nand loader.Grow knows\n%s", strings.Join(readers, "\n"), strings.Join(want, "\n"))
	}
}

// TestSources checks functions of Go with text that we rely on literally.
func TestSources(t *testing.T) {
	for _, c := range []struct{ path, name, want, trick string }{
		{"internal/abi", "UncommonType.Methods", `{
	if t.Mcount == 0 {
		return nil
	}
	return (*[1 << 16]Method)(addChecked(unsafe.Pointer(t), uintptr(t.Moff), "t.mcount > 0"))[:t.Mcount:t.Mcount]
}`, "loader.Grow relies on the count being read first"},
		{"internal/abi", "UncommonType.ExportedMethods", `{
	if t.Xcount == 0 {
		return nil
	}
	return (*[1 << 16]Method)(addChecked(unsafe.Pointer(t), uintptr(t.Moff), "t.xcount > 0"))[:t.Xcount:t.Xcount]
}`, "loader.Grow relies on the count being read first"},
		{"internal/abi", "Name.ReadVarint", `{
	v := 0
	for i := 0; ; i++ {
		x := *n.DataChecked(off+i, "read varint")
		v += int(x&0x7f) << (7 * i)
		if x&0x80 == 0 {
			return i + 1, v
		}
	}
}`, "loader's nameLength and newName, unmarkName"},
		{"internal/abi", "Name.Name", `{
	if n.Bytes == nil {
		return ""
	}
	i, l := n.ReadVarint(1)
	return unsafe.String(n.DataChecked(1+i, "non-empty string"), l)
}`, "loader's nameText and newName, unmarkName"},
		{"internal/abi", "Name.IsExported", `{
	return (*n.Bytes)&(1<<0) != 0
}`, "loader's newName"},
		{"runtime", "pkgPath", `{
	if n.Bytes == nil || *n.Data(0)&(1<<2) == 0 {
		return ""
	}
	i, l := n.ReadVarint(1)
	off := 1 + i + l
	if *n.Data(0)&(1<<1) != 0 {
		i2, l2 := n.ReadVarint(off)
		off += i2 + l2
	}
	var nameOff nameOff
	copy((*[4]byte)(unsafe.Pointer(&nameOff))[:], (*[4]byte)(unsafe.Pointer(n.Data(off)))[:])
	pkgPathName := resolveNameOff(unsafe.Pointer(n.Bytes), nameOff)
	return pkgPathName.Name()
}`, "loader's namePackage and newName"},
		{"runtime", "doInit", `{
	for _, t := range ts {
		doInit1(t)
	}
}`, "loader.Open runs a cell's initialisers"},
		{"runtime", "typelinksinit", `{
	if firstmoduledata.next == nil {
		return
	}
	typehash := make(map[uint32][]*_type, len(firstmoduledata.typelinks))

	modules := activeModules()
	prev := modules[0]
	for _, md := range modules[1:] {

	collect:
		for _, tl := range prev.typelinks {
			var t *_type
			if prev.typemap == nil {
				t = (*_type)(unsafe.Pointer(prev.types + uintptr(tl)))
			} else {
				t = prev.typemap[typeOff(tl)]
			}

			tlist := typehash[t.Hash]
			for _, tcur := range tlist {
				if tcur == t {
					continue collect
				}
			}
			typehash[t.Hash] = append(tlist, t)
		}

		if md.typemap == nil {

			tm := make(map[typeOff]*_type, len(md.typelinks))
			pinnedTypemaps = append(pinnedTypemaps, tm)
			md.typemap = tm
			for _, tl := range md.typelinks {
				t := (*_type)(unsafe.Pointer(md.types + uintptr(tl)))
				for _, candidate := range typehash[t.Hash] {
					seen := map[_typePair]struct{}{}
					if typesEqual(t, candidate, seen) {
						t = candidate
						break
					}
				}
				md.typemap[typeOff(tl)] = t
			}
		}

		prev = md
	}
}`, "loader's useFirstTypes does the same"},
		{"runtime", "stopTheWorldGC", `{
	semacquire(&gcsema)
	return stopTheWorld(reason)
}`, "loader.Grow"},
	} {
		fset, all := functions(t, c.path)
		f := all[c.name]
		if f == nil {
			t.Errorf("Go has no %s.%s: %s", c.path, c.name, c.trick)
			continue
		}
		var b bytes.Buffer
		if err := format.Node(&b, fset, f.Body); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want {
			t.Errorf("%s.%s is another than in Go 1.26: %s\n%s", c.path, c.name, c.trick, b.String())
		}
	}
}

// TestPluginSteps checks what the runtime does with a plugin: loader's enter does the same.
func TestPluginSteps(t *testing.T) {
	fset, all := functions(t, "runtime")
	var b bytes.Buffer
	if err := format.Node(&b, fset, all["plugin_lastmoduleinit"].Body); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\tfor _, pkghash := range md.pkghashes {\n\t\tif pkghash.linktimehash != *pkghash.runtimehash {\n\t\t\tmd.bad = true\n",
		"\tmodulesinit()\n\ttypelinksinit()\n\n\tpluginftabverify(md)\n\tmoduledataverify1(md)\n\n\tlock(&itabLock)\n\tfor _, i := range md.itablinks {\n\t\titabAdd(i)\n\t}\n\tunlock(&itabLock)\n",
		"\treturn md.pluginpath, syms, md.inittasks, \"\"\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("runtime.plugin_lastmoduleinit has no\n%s", want)
		}
	}
}

// TestTypeCaches checks that forgetTypes empties all caches by type of the packages that
// search for methods.
func TestTypeCaches(t *testing.T) {
	links := readOurs(t, "loader").links
	for _, path := range []string{"encoding/json", "encoding/xml", "encoding/gob", "fmt", "text/template", "log/slog", "encoding/asn1", "encoding/binary", "database/sql"} {
		p := goPackage(t, path)
		for _, name := range p.Scope().Names() {
			o := p.Scope().Lookup(name)
			if kind := o.Type().String(); kind != "sync.Map" && kind != "sync/atomic.Value" && !strings.HasPrefix(kind, "map[reflect.Type]") {
				continue
			}
			known := map[string]bool{ // independent of the types' methods
				"encoding/binary.structSize":      true,
				"encoding/gob.concreteTypeToName": true,
				"encoding/gob.nameToConcreteType": true,
				"encoding/gob.typeInfoMapInit":    true, // nil when init is done
			}
			for _, target := range links {
				known[target] = true
			}
			if !known[path+"."+name] {
				t.Errorf("%s.%s may know types by their methods: forgetTypes does not empty it", path, name)
			}
		}
	}
}
