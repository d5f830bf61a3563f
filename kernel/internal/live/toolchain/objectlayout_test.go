package toolchain

import (
	"bytes"
	"fmt"
	"go/constant"
	"go/format"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestObjectLayout compares our constants for object files with those of the compiler and
// the linker.
func TestObjectLayout(t *testing.T) {
	obj, kinds := goPackage(t, "cmd/internal/goobj"), goPackage(t, "cmd/internal/objabi")
	if magic := constant.StringVal(obj.Scope().Lookup("Magic").(*types.Const).Val()); magic != objectMagic {
		t.Errorf("objects begin with %q, ours with %q", magic, objectMagic)
	}
	for _, c := range []struct {
		name string
		has  int64
		in   *types.Package
	}{
		{"BlkSymdef", blockDefined, obj}, {"BlkNonpkgdef", blockUnnamed, obj}, {"BlkNonpkgref", blockRefs, obj}, {"BlkReloc", blockRelocs, obj},
		{"SymSize", symbolSize, obj}, {"RelocSize", relocSize, obj}, {"PkgIdxNone", packageNone, obj}, {"PkgIdxSelf", packageSelf, obj},
		{"STEXT", kindText, kinds}, {"R_METHODOFF", methodOffset, kinds}, {"R_WEAK", -weak, kinds},
	} {
		if want := number(t, c.in, c.name); want != c.has {
			t.Errorf("%s is %d, ours is %d: methods of other cells are stood in for, names found", c.name, want, c.has)
		}
	}
	fset, readers := functions(t, "cmd/internal/goobj")
	for name, want := range map[string]string{
		"Sym.Type": "return s[10]", "Sym.Name": "s[4:]", "Reloc.Type": "r[5:]", "Reloc.Sym": "SymRef{binary.LittleEndian.Uint32(r[15:]), binary.LittleEndian.Uint32(r[19:])}",
	} {
		f := readers[name]
		if f == nil {
			t.Errorf("no %s", name)
			continue
		}
		var b bytes.Buffer
		format.Node(&b, fset, f.Body)
		if !strings.Contains(b.String(), want) {
			t.Errorf("goobj.%s is %s, without %q: standIn reads these bytes", name, b.String(), want)
		}
	}
}

// TestMangle compares mangle with the linker's own function, taken from its source.
func TestMangle(t *testing.T) {
	names := []string{
		"type:int", "type:main.point", "type:*main.point", "type:.importpath.a.b", "type:.eqfunc", "type:runtime.g", "type:runtime.moduledata", "type:func(int) string", "main.f", "main.T[int].m",
		"go:string.\"a@b\"", "a@b", "main.f[go.shape.struct { A int \"json:\\\"a@b\\\"\" }]", "main.f[a[b@c]].d", "main.]@[", "type:namedata.X-", "type:12345678", "type:123456789", "type:1234567890", "@", "x[@", "x]@",
	}
	text := "package main\n\nimport (\n\t\"crypto/sha256\"\n\t\"encoding/base64\"\n\t\"fmt\"\n\t\"strings\"\n)\n\nfunc main() {\n\tfor _, n := range []string{\n"
	for _, n := range names {
		text += fmt.Sprintf("%q,\n", n)
	}
	text += "} {\n\t\tfmt.Println(typeSymbolMangle(n))\n\t}\n}\n"
	for path, name := range map[string]string{"cmd/link/internal/ld": "typeSymbolMangle", "cmd/internal/hash": "Sum32"} {
		fset, all := functions(t, path)
		if all[name] == nil {
			t.Fatalf("%s has no %s: mangle does what it does", path, name)
		}
		var b bytes.Buffer
		format.Node(&b, fset, all[name])
		text += strings.ReplaceAll(b.String(), "hash.Sum32(", "Sum32(") + "\n"
	}
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "run", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, want := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if has := mangle(names[i]); has != want {
			t.Errorf("%s: %s, the linker has %s", names[i], has, want)
		}
	}
}
