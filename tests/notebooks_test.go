package tests

import (
	"encoding/json"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/tests/browser"
)

// notebook is the part of the Jupyter notebook format that the tests look at.
type notebook struct {
	Format   int `json:"nbformat"`
	Minor    int `json:"nbformat_minor"`
	Metadata struct {
		Kernelspec struct{ Name, Language string }
	}
	Cells []struct {
		Type           string `json:"cell_type"`
		ID             string
		Source         any
		ExecutionCount *int `json:"execution_count"`
		Outputs        []json.RawMessage
		Metadata       map[string]any
	}
}

// curated returns the notebooks of the project, in order.
func curated(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(root, "notebooks", "*.ipynb"))
	if err != nil || len(names) == 0 {
		t.Fatalf("notebooks %v, %v", names, err)
	}
	return names
}

func read(t *testing.T, path string) notebook {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var nb notebook
	if err := json.Unmarshal(data, &nb); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return nb
}

// source returns the code of a notebook.
func source(t *testing.T, path string) string {
	t.Helper()
	var all []string
	for _, c := range read(t, path).Cells {
		if c.Type == "code" {
			all = append(all, text(c.Source))
		}
	}
	return strings.Join(all, "\n")
}

// place finds what names a place on somebody's machine.
var place = regexp.MustCompile(`(?:^|[\s"'(=])(?:/(?:home|root|Users|work|tmp|usr|opt|var)/|[A-Z]:\\|~/)`)

// The notebooks as they are in git: valid, clean, and in GoNB's dialect, formatted.
func TestNotebooksAreClean(t *testing.T) {
	for _, path := range curated(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			nb := read(t, path)
			if nb.Format != 4 || nb.Minor != 5 {
				t.Errorf("format %d.%d, want 4.5", nb.Format, nb.Minor)
			}
			if k := nb.Metadata.Kernelspec; k.Name != "sdt" || k.Language != "go" {
				t.Errorf("kernel %+v, want sdt", k)
			}
			ids, code := map[string]bool{}, 0
			for i, c := range nb.Cells {
				if !regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`).MatchString(c.ID) || ids[c.ID] {
					t.Errorf("cell %d: id %q is not one, or not its own", i, c.ID)
				}
				ids[c.ID] = true
				src := text(c.Source)
				if at := place.FindString(src); at != "" {
					t.Errorf("cell %d names a place on a machine: %q", i, at)
				}
				switch c.Type {
				case "markdown":
					if i == 0 && !strings.HasPrefix(src, "# ") {
						t.Errorf("it begins %.30q, want a title", src)
					}
				case "code":
					if code++; code == 1 && !strings.Contains(src, "%noautoget\n") {
						t.Error("the first code cell has no %noautoget")
					}
					if len(c.Outputs) > 0 || c.ExecutionCount != nil || c.Metadata["execution"] != nil {
						t.Errorf("cell %d keeps what an execution left", i)
					}
					formatted(t, i, src)
				default:
					t.Errorf("cell %d is %q", i, c.Type)
				}
			}
			if code == 0 {
				t.Error("no code")
			}
			for _, m := range regexp.MustCompile(`"(`+module+`/[^"]+)"`).FindAllStringSubmatch(source(t, path), -1) {
				if !slices.Contains([]string{"sdt", "datasets", "plots", "notebooks"}, part(m[1])) {
					t.Errorf("it imports %s", m[1])
				}
			}
		})
	}
}

// formatted parses a cell in GoNB's dialect, declarations, then %% and statements, and
// holds it to gofmt.
func formatted(t *testing.T, cell int, src string) {
	t.Helper()
	var parts []string
	var b strings.Builder
	for line := range strings.Lines(src + "\n") {
		switch {
		case strings.HasPrefix(line, "%%"):
			parts = append(parts, b.String())
			b.Reset()
		case strings.HasPrefix(line, "%"), strings.HasPrefix(line, "!"):
		default:
			b.WriteString(line)
		}
	}
	for _, p := range append(parts, b.String()) {
		p = strings.Trim(p, "\n")
		want, err := format.Source([]byte(p))
		if err != nil {
			t.Errorf("cell %d does not parse: %v\n%s", cell, err, p)
		} else if strings.Trim(string(want), "\n") != p {
			t.Errorf("cell %d: gofmt would change %q", cell, firstChange(p, strings.Trim(string(want), "\n")))
		}
	}
}

// firstChange returns the first line of a that b does not have at its place.
func firstChange(a, b string) string {
	theirs := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i >= len(theirs) || line != theirs[i] {
			return line
		}
	}
	return ""
}

// Every notebook runs from the top, in the demo's checkout and run directory, and its
// report shows its figures. In JupyterLab it shows the same, and finds what was trained.
func TestNotebooks(t *testing.T) {
	quickstart := demo(t) // trains what the others share
	dir := checkout(t)
	for _, path := range curated(t) {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			e := quickstart
			if name != filepath.Base(quickstart.notebook) {
				out := filepath.Join(dir, "out")
				s := command(t.Context(), dir, onONNX(), "go", "run", "./kernel", "run", "notebooks/"+name).must(t)
				e = executed{s.stdout, filepath.Join(out, name), filepath.Join(out, strings.TrimSuffix(name, ".ipynb")+".html")}
				if !regexp.MustCompile(`[0-9]\.[0-9]`).MatchString(s.stdout) {
					t.Errorf("it prints no result:\n%s", s.stdout)
				}
				t.Run("in a browser", func(t *testing.T) { looksRight(t, e.report, desk) })
			}
			figures := reported(t, e)
			if figures == 0 {
				t.Error("it shows no figure")
			}
			t.Run("in JupyterLab", func(t *testing.T) { inLab(t, path, figures) })
		})
	}
}

// inLab opens a notebook in JupyterLab, beside the demo's run directory, and runs it.
func inLab(t *testing.T, path string, figures int) {
	b := openLab(t)
	name := strings.TrimSuffix(filepath.Base(path), ".ipynb")
	file := filepath.Join(checkout(t), "lab", filepath.Base(path))
	if err := copyFile(file, path); err != nil {
		t.Fatal(err)
	}
	b.open(file)
	b.Patience = 10 * time.Minute // for notebooks that compute what no stage keeps
	b.runAll()
	s := b.Look(browser.Seen.Settled)
	b.Do(`document.querySelectorAll(".jp-SideBar .lm-mod-current").length && jupyterapp.commands.execute("application:toggle-left-area")`)
	b.Do(`Array.from(document.querySelectorAll("[data-sdt-chart]")).pop().closest(".jp-Cell").scrollIntoView({ block: "end" })`)
	s = b.Look(browser.Seen.Settled)
	b.Shot(name) // README's picture of JupyterLab is that of 00_quickstart
	if s.Charts == 0 || s.Drawn != s.Charts || len(s.Faint) > 0 {
		t.Errorf("%+v, want all charts drawn", s)
	}
	var shown, failed int
	if err := b.Value(&shown, `document.querySelectorAll("figure.sdt-figure").length`); err != nil || shown != figures {
		t.Errorf("it shows %d figures, %v, want %d as without Jupyter", shown, err, figures)
	}
	if err := b.Value(&failed, `document.querySelectorAll('[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]').length`); err != nil || failed != 0 {
		t.Errorf("%d cells failed or complained, %v", failed, err)
	}
	b.clean()
}

// On GoNB, where each cell is a program of its own, the notebooks that keep values find
// what was trained in the run directory, and show the same.
func TestNotebooksOnGoNB(t *testing.T) {
	live := demo(t)
	dir := checkout(t)
	for _, name := range []string{"00_quickstart.ipynb", "03_alternating_adaptation.ipynb"} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			s := command(t.Context(), dir, onONNX(), "go", "run", "./kernel", "run", "--engine", "gonb", "notebooks/"+name, "-o", out).must(t)
			e := executed{s.stdout, filepath.Join(out, name), filepath.Join(out, strings.TrimSuffix(name, ".ipynb")+".html")}
			if n := reported(t, e); n == 0 {
				t.Error("it shows no figure")
			}
			for _, row := range regexp.MustCompile(`(?m)^\S.* {2,}[0-9.]+ +[0-9.]+$`).FindAllString(s.stdout, -1) {
				if name == "00_quickstart.ipynb" && !strings.Contains(live.stdout, row) {
					t.Errorf("it prints %q, and on the live kernel\n%s", row, live.stdout)
				}
			}
		})
	}
}
