package tests

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/sdtlab/sdtlab"

// arrows is the picture in README: which of our packages may import which, and nothing
// else of ours. A row stands for a package and all below it, which may import one
// another.
var arrows = map[string][]string{
	"sdt":       {"internal"},
	"datasets":  {"sdt", "internal"},
	"plots":     {"sdt"},
	"notebooks": {"sdt", "datasets", "plots"},
	"kernel":    {"internal"},
	"internal":  {}, // cachedir, measured, pypi
	"tests":     {"sdt", "datasets", "plots", "notebooks"},
}

// apparatus is what the tests of every package may import.
const apparatus = module + "/tests/browser"

// libraries says which of ours may import what others wrote, where the picture says
// so: the row's packages alone, and through them whoever imports those.
var libraries = map[string][]string{
	"github.com/gomlx/":      {"sdt"},
	"github.com/go-echarts/": {"plots"},
	"github.com/janpfeifer/": {"plots", "kernel"}, // gonbui and its protocol; GoNB itself is a process
	"github.com/go-zeromq/":  {"kernel"},
	"github.com/alecthomas/": {"kernel"},
	"github.com/yuin/":       {"kernel"},
	"github.com/spf13/cobra": {"kernel"},
}

// listed is a package as go list describes it.
type listed struct {
	ImportPath, Dir                          string
	GoFiles, CgoFiles, IgnoredGoFiles        []string
	Imports, TestImports, XTestImports, Deps []string
	part                                     string // the row of arrows that it belongs to
}

// ours returns every package of the module.
func ours(t *testing.T) []listed {
	t.Helper()
	out := command(t.Context(), root, nil, "go", "list", "-json=ImportPath,Dir,GoFiles,CgoFiles,IgnoredGoFiles,Imports,TestImports,XTestImports,Deps", "./...").must(t)
	var all []listed
	for d := json.NewDecoder(strings.NewReader(out.stdout)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		p.part = part(p.ImportPath)
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list gives %d packages", len(all))
	}
	return all
}

// part returns the first element of an import path below the module, "" for the path
// of others.
func part(path string) string {
	below, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return ""
	}
	first, _, _ := strings.Cut(below, "/")
	return first
}

func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range ours(t) {
		may, known := arrows[p.part]
		if !known {
			t.Errorf("%s: no row of the picture has it", p.ImportPath)
		}
		for _, to := range p.Imports {
			if other := part(to); other != "" && other != p.part {
				seen[p.part+"→"+other] = true
				if !slices.Contains(may, other) {
					t.Errorf("%s imports %s, which the picture does not have", p.ImportPath, to)
				}
			}
			for library, who := range libraries {
				if strings.HasPrefix(to, library) && !slices.Contains(who, p.part) {
					t.Errorf("%s imports %s: only %q may", p.ImportPath, to, who)
				}
			}
		}
		// Tests of a package may use those that it may import, and those below it in the
		// picture; never the other way round.
		for _, to := range slices.Concat(p.TestImports, p.XTestImports) {
			if other := part(to); other != "" && other != p.part && to != apparatus && !slices.Contains(may, other) {
				t.Errorf("the tests of %s import %s, which the picture does not have", p.ImportPath, to)
			}
		}
	}
	for _, arrow := range []string{"datasets→sdt", "datasets→internal", "kernel→internal", "plots→sdt"} {
		if !seen[arrow] {
			t.Errorf("the picture has %s, the code has not", arrow)
		}
	}
}

// rooms are the packages below sdt, and what each imports of the others: all of that, and
// nothing else.
var rooms = map[string][]string{
	"sdt":                          {"sdt/internal/backend", "sdt/internal/onnx", "sdt/internal/weightfile", "sdt/layer", "sdt/loss", "sdt/network"},
	"sdt/dashboard":                {"sdt"},
	"sdt/network":                  {"sdt/internal/onnxnet", "sdt/internal/weightfile", "sdt/layer"},
	"sdt/internal/onnxnet":         {"sdt/internal/backend", "sdt/internal/weightfile", "sdt/layer"},
	"sdt/layer":                    {"sdt/internal/backend"},
	"sdt/loss":                     {},
	"sdt/internal/weightfile":      {"sdt/layer"},
	"sdt/internal/onnx":            {"sdt/internal/backend"},
	"sdt/internal/backend":         {},
	"sdt/internal/backendtest":     {"sdt/internal/backend"}, // of tests
	"sdt/internal/onnxtest":        {},                       // of tests
	"sdt/internal/torchtest":       {},                       // of tests
	"sdt/internal/onnxruntimetest": {},                       // of tests
}

func TestRooms(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range ours(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		want, known := rooms[name]
		if p.part != "sdt" {
			continue
		}
		if seen[name] = true; !known {
			t.Errorf("%s: the picture has no such room", name)
		}
		got := []string{}
		for _, to := range p.Imports {
			if part(to) == "sdt" {
				got = append(got, strings.TrimPrefix(to, module+"/"))
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s imports %q, the picture has %q", name, got, want)
		}
	}
	if len(seen) != len(rooms) {
		t.Errorf("%d rooms, the picture has %d", len(seen), len(rooms))
	}
}

// What a package is linked with follows from its arrows: the method needs no charts,
// the command no machine learning.
func TestArrowsAreWhole(t *testing.T) {
	never := map[string][]string{
		"sdt":      {"github.com/go-echarts/", "github.com/janpfeifer/", "github.com/go-zeromq/", module + "/datasets", module + "/plots"},
		"datasets": {"github.com/go-echarts/", "github.com/janpfeifer/", "github.com/go-zeromq/"},
		"plots":    {"github.com/go-zeromq/", module + "/datasets"},
		"kernel":   {"github.com/gomlx/", "github.com/go-echarts/", "gonum.org/", module + "/sdt"},
	}
	for _, p := range ours(t) {
		for _, dep := range p.Deps {
			for _, not := range never[p.part] {
				if strings.HasPrefix(dep, not) {
					t.Errorf("%s is linked with %s", p.ImportPath, dep)
				}
			}
		}
	}
}
