package main

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

// A notebook is executed with paths as they were typed, and saved with the same paths as they
// are called from where it lies.
func TestParameters(t *testing.T) {
	top := t.TempDir()
	for _, dir := range []string{"proj/sub", "elsewhere"} {
		if err := os.MkdirAll(filepath.Join(top, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(top, "proj", "sub"), filepath.Join(top, "link")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(top, "proj"))
	for _, row := range []struct{ why, typed, folder, there string }{
		{"a folder beside", "runs/x", "out", "../runs/x"},
		{"as it was typed, if not as one would", "./runs/../runs/x/", "out", "../runs/x"},
		{"an absolute path stays", "/data/runs", "out", "/data/runs"},
		{"a folder that is reached by a link", "runs/x", "../link", "../runs/x"},
		{"a path through a link", "../link/x", "../elsewhere", "../proj/sub/x"},
		{"no folder", "", "out", ""},
		{"quotes and a backslash", `runs/"\`, ".", `runs/"\`},
	} {
		p := parameter{"dirs", []string{row.typed, "y"}, true}
		nb := &nbformat.Notebook{Cells: []*nbformat.Cell{
			{Type: nbformat.Code, Source: "var dirs = nil"}, // which is not tagged
			{Type: nbformat.Code, Source: "// what for\nvar dirs = []string{\"z\"}\n\nvar out = \"o\"", Metadata: map[string]any{"tags": []any{parametersTag}}},
		}}
		if err := parameterize(nb, []parameter{p}); err != nil {
			t.Fatal(err)
		}
		want := "// what for\nvar dirs = []string{" + strconv.Quote(row.typed) + ", \"y\"}\n\nvar out = \"o\""
		if got := nb.Cells[1].Source; got != want || nb.Cells[0].Source != "var dirs = nil" {
			t.Errorf("%s: the cells are %q, want %q", row.why, got, want)
		}
		there, err := p.seenFrom(row.folder)
		if err != nil || there.words[0] != row.there {
			t.Errorf("%s: from %s it is %q, %v, want %q", row.why, row.folder, there.words[0], err, row.there)
		}
	}
	if err := parameterize(&nbformat.Notebook{}, []parameter{{"dirs", nil, true}}); err == nil {
		t.Error("a notebook without the parameter takes it")
	}
}

// Each notebook that a command gives parameters to has them.
func TestNotebooksHaveTheirParameters(t *testing.T) {
	for name, parameters := range map[string][]parameter{
		"10_report.ipynb":     {{"directories", []string{"x"}, true}, {"out", []string{"y"}, true}, {"tensorboard", []string{"z"}, true}, {"mlflow", []string{""}, true}},
		"00_quickstart.ipynb": {{"runFolder", []string{"x"}, true}},
	} {
		nb, err := nbformat.Read(filepath.Join("..", "notebooks", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := parameterize(nb, parameters); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
