package toolchain

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// watch ends the process if the work on an input does not finish.
func watch(t *testing.T) (stop func()) {
	timer := time.AfterFunc(5*time.Second, func() { panic(t.Name() + " takes too long") })
	return func() { timer.Stop() }
}

// cellText is the text of a cell as compiled: with a type of another cell, which has no
// methods' code here.
const cellText = `package main

type T int

func (T) Far() int
func (T) near() int { return 1 }

func stand() {}
func far() int

var X interface{ near() int } = T(1)

func main() { println(X.near(), far) }
`

// compiled returns the archive that the compiler makes of cellText.
func compiled(t testing.TB) []byte {
	t.Helper()
	dir := t.TempDir()
	source, archive := filepath.Join(dir, "cell.go"), filepath.Join(dir, "cell.a")
	if err := os.WriteFile(source, []byte(cellText), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "tool", "compile", "-p", "main", "-pack", "-o", archive, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestReferences checks the names of what an object refers to.
func TestReferences(t *testing.T) {
	names, err := references(compiled(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		want bool
	}{{"main.T.Far", true}, {"main.far", true}, {"main.T.near", false}, {"main.stand", false}, {"main.X", false}, {"type:int", true}} {
		if slices.Contains(names, c.name) != c.want {
			t.Errorf("refers to %s: %v, want %v, of %d", c.name, !c.want, c.want, len(names))
		}
	}
}

// TestExportData checks that a cell's export data may contain any bytes, including those
// that begin an object.
func TestExportData(t *testing.T) {
	archive := compiled(t)
	names, err := references(archive)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(archive, []byte("$$B\n")) + 20
	if end := bytes.Index(archive, []byte("\n$$\n")); at < 20 || end < at+3 {
		t.Fatalf("export data from %d to %d", at, end)
	}
	copy(archive[at:], "\n!\n")
	if again, err := references(archive); err != nil || !slices.Equal(again, names) {
		t.Errorf("%v: %d names, want %d", err, len(again), len(names))
	}
	if err := adapt(archive, "main.stand"); err != nil {
		t.Error(err)
	}
}

// TestAdapt makes Go's linker link a cell with a type that has methods in another cell: it
// needs their code if the object is not adapted, and otherwise only that of the methods
// called.
func TestAdapt(t *testing.T) {
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{with .Export}}packagefile {{$.ImportPath}}={{.}}{{end}}", "runtime").Output()
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "importcfg")
	if err := os.WriteFile(config, out, 0o600); err != nil {
		t.Fatal(err)
	}
	linked := func(archive []byte) string {
		path := filepath.Join(t.TempDir(), "cell.a")
		if err := os.WriteFile(path, archive, 0o600); err != nil {
			t.Fatal(err)
		}
		says, _ := exec.Command("go", "tool", "link", "-importcfg", config, "-o", path+".exe", path).CombinedOutput()
		return string(says)
	}
	archive := compiled(t)
	if says := linked(archive); !strings.Contains(says, "relocation target main.T.Far not defined") || !strings.Contains(says, "relocation target main.far not defined") {
		t.Errorf("the linker says %q", says)
	}
	for _, c := range []struct {
		stand string
		far   bool
	}{{"main.stand", false}, {"main.nothing", true}} {
		adapted := slices.Clone(archive)
		if err := adapt(adapted, c.stand); err != nil {
			t.Fatal(err)
		}
		if says := linked(adapted); strings.Contains(says, "main.T.Far not defined") != c.far || !strings.Contains(says, "main.far not defined") {
			t.Errorf("with %s to stand in the linker says %q", c.stand, says)
		}
	}
}

// TestOtherArchives checks the errors for files that are not archives.
func TestOtherArchives(t *testing.T) {
	archive := string(compiled(t))
	for _, c := range []string{"", "!<arch>", "no archive", strings.Replace(archive, objectMagic, "\x00go121ld", 1), archive[:len(archive)-100],
		archiveMagic + fmt.Sprintf("%-48s%-10d`\n", "a", -1), archiveMagic + fmt.Sprintf("%-48s%-10s`\n", "a", "x")} {
		if _, err := references([]byte(c)); err == nil {
			t.Errorf("%.40q is an archive", c)
		}
		if err := adapt([]byte(c), "main.stand"); err == nil {
			t.Errorf("%.40q can be adapted", c)
		}
	}
}

// FuzzArchive checks that the readers of archives fail on invalid bytes only by their
// errors.
func FuzzArchive(f *testing.F) {
	f.Add(compiled(f))
	f.Add([]byte(archiveMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		defer watch(t)()
		references(data)
		adapt(data, "main.stand")
	})
}
