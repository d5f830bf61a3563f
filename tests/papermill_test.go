package tests

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Papermill executes a notebook on our kernel. It has no translator of parameters to Go, and
// says so; what its translator to C# writes is Go.
func TestPapermill(t *testing.T) {
	needsJupyter(t, "kernelspec")
	if _, err := exec.LookPath("papermill"); err != nil {
		t.Skipf("%s: papermill is not installed", t.Name())
	}
	file := writeNotebook(t, "parameters.ipynb", []string{"var lambda, steps, on, name = 0.1, 1, false, \"x\"\n\nfunc twice() float64 { return 2 * lambda }", "fmt.Println(twice(), steps, on, name)"})
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.Replace(data, []byte(`"metadata":{}`), []byte(`"metadata":{"tags":["parameters"]}`), 1)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	done := filepath.Join(filepath.Dir(file), "done.ipynb")
	papermill := func(more ...string) said {
		return command(t.Context(), filepath.Dir(file), jupyterAt(t), "papermill", append([]string{"--start-timeout", "300", file, done}, more...)...)
	}
	if s := papermill("-p", "lambda", "0.5"); s.err == nil || !strings.Contains(s.stderr, "No parameter translator functions specified for kernel 'sdt' or language 'go'") {
		t.Errorf("without a language it says %v\n%s", s.err, s.stderr)
	}
	papermill("--language", ".net-csharp", "-p", "lambda", "0.5", "-p", "steps", "7", "-p", "on", "True", "-p", "name", `a "b" \`).must(t)
	if cells := read(t, done).Cells; len(cells) != 3 || len(cells[2].Outputs) != 1 || !strings.Contains(string(cells[2].Outputs[0]), `1 7 true a \"b\" \\\n`) {
		t.Errorf("it leaves %+v, want what the cells print", cells)
	}
}
