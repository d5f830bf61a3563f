package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/nbformat"
)

const attack = `<script>alert(1)</script>`

func stream(name, text string) *nbformat.Output {
	return &nbformat.Output{Type: nbformat.Stream, Name: name, Text: text}
}

func display(mime string, content any) *nbformat.Output {
	return &nbformat.Output{Type: nbformat.DisplayData, Data: map[string]any{mime: content}}
}

func markdown(s string) *nbformat.Cell { return &nbformat.Cell{Type: nbformat.Markdown, Source: s} }

func ran(n int, source string, outputs ...*nbformat.Output) *nbformat.Cell {
	return &nbformat.Cell{Type: nbformat.Code, Source: source, ExecutionCount: &n, Outputs: outputs}
}

func write(t *testing.T, about About, cells ...*nbformat.Cell) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, &nbformat.Notebook{Metadata: map[string]any{}, Cells: cells}, about); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Whatever a notebook's author writes, wherever it can be written, is text.
func TestNotebookTextIsEscaped(t *testing.T) {
	quote := `"><img src=x onerror=alert(1)>`
	page := write(t, About{Name: attack + quote, Command: "run " + attack, Problem: attack},
		markdown("# "+attack+" title "+quote+"\n\n"+attack+"\n\n[link](javascript:alert(1)) ![image](\"onerror=alert(1))\n\n```go\n"+attack+"\n```\n\n`"+attack+"`\n\n| "+attack+" |\n|---|\n| "+quote+" |\n"),
		ran(1, "%% "+attack+"\nfmt.Println(`"+attack+"`)\n!echo "+attack,
			stream("stdout", attack+"\x1b[31m"+attack+"\x1b[0m\r"+attack+"\n"),
			stream("stderr", attack),
			display("text/plain", attack), display("text/latex", attack), display("application/json", map[string]any{attack: attack}),
			display("text/markdown", attack),
			&nbformat.Output{Type: nbformat.DisplayData, Data: map[string]any{"image/png": quote, "text/plain": quote}},
			&nbformat.Output{Type: nbformat.Error, EName: attack, EValue: attack, Traceback: []string{attack}},
		))
	for _, bad := range []string{"<script>alert", "<img src=x", "javascript:alert", `""onerror`} {
		if strings.Contains(page, bad) {
			at := strings.Index(page, bad)
			t.Errorf("%q is in the report: …%s…", bad, page[max(0, at-80):at+60])
		}
	}
	if n := strings.Count(page, "&lt;script&gt;alert(1)&lt;/script&gt;"); n < 10 {
		t.Errorf("the text is shown %d times: something was lost", n)
	}
}

func TestDisplaysAreKept(t *testing.T) {
	page := write(t, About{},
		ran(1, "x", display("text/html", `<div id="chart"></div><script>draw()</script>`)),
		ran(2, "x", display("image/svg+xml", `<svg><circle r="3"/></svg>`)),
		ran(3, "x", display("image/png", "aGVs\nbG8=\n")),
		ran(4, "x", display("application/javascript", `f("</script>")`)),
		ran(5, "x", &nbformat.Output{Type: nbformat.DisplayData, Data: map[string]any{"text/html": "<b>rich</b>", "text/plain": "poor"}}),
	)
	for _, want := range []string{
		`<div id="chart"></div><script>draw()</script>`, `<svg><circle r="3"/></svg>`,
		`src="data:image/png;base64,aGVsbG8="`, `<script>f("\x3c/script>")</script>`, "<b>rich</b>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %s", want)
		}
	}
	if strings.Contains(page, "poor") {
		t.Error("an output is shown twice: rich and plain")
	}
}

// The lines of a table of text are not broken, so that no number moves to another line;
// prose wraps at the page's width.
func TestColumnsOfTextAreNotBroken(t *testing.T) {
	for _, row := range []struct {
		why, text string
		want      bool
	}{
		{"a table", "method         accuracy\nsource only       43.6%\n", true},
		{"columns by tabs", "a\t1\nb\t2\n", true},
		{"in colour", "a  \x1b[1m1\x1b[0m\nb  2\n", true},
		{"sentences", "one sentence.\nanother sentence.\n", false},
		{"indented lines", "  a\n  b\n", false},
		{"one line, and two spaces after a sentence", "It ends.  It goes on.\n", false},
		{"a bar that redrew itself", "1 %  a\r2 %  b\r3 %  c\n", false},
	} {
		stdout, plain := write(t, About{}, ran(1, "x", stream("stdout", row.text))), write(t, About{}, ran(1, "x", display("text/plain", row.text)))
		if got := strings.Contains(stdout, `<pre class="output stdout columns"`); got != row.want {
			t.Errorf("%s: printed, its lines are unbroken: %v, want %v", row.why, got, row.want)
		}
		if got := strings.Contains(plain, `<pre class="columns">`); got != row.want {
			t.Errorf("%s: shown, its lines are unbroken: %v, want %v", row.why, got, row.want)
		}
	}
}

// In a cell that has the notebook's result, a line that a training leaves is not shown as the
// result; a value of one line is.
func TestRemarksAreNotResults(t *testing.T) {
	cell := ran(1, "x", display("text/plain", "adapt  150/150  in 2m40s"), display("text/html", "<b>figure</b>"),
		&nbformat.Output{Type: nbformat.ExecuteResult, Data: map[string]any{"text/plain": "42"}}, display("text/plain", "two\nlines"))
	cell.Metadata = map[string]any{"tags": []any{"result"}}
	page := write(t, About{}, cell)
	for _, want := range []string{`<div class="output rich remark"><pre>adapt`, `<div class="output rich"><b>figure`, `<div class="output rich"><pre>42`, `<div class="output rich"><pre>two`} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %s", want)
		}
	}
}

func TestTitleAndContents(t *testing.T) {
	page := write(t, About{Name: "file.ipynb"}, markdown("Some words."), markdown("## Before\n"), markdown("# The *title* & more\n"), markdown("## Same\n"), markdown("## Same\n"))
	for _, want := range []string{
		"<title>The title &amp; more</title>", `<a href="#before">Before</a>`,
		`<a href="#same">Same</a>`, `<a href="#same-1">Same</a>`, `<h2 id="same-1">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %s", want)
		}
	}
	if page = write(t, About{Name: "file.ipynb"}, markdown("No heading.")); !strings.Contains(page, `<h1 class="title">file.ipynb</h1>`) {
		t.Error("without a heading the file's name is not the title")
	}
}

func TestHiddenCode(t *testing.T) {
	hide := func(c *nbformat.Cell) *nbformat.Cell {
		c.Metadata = map[string]any{"jupyter": map[string]any{"source_hidden": true}}
		return c
	}
	page := write(t, About{},
		hide(ran(1, "hidden := 1", stream("stdout", "shown"))),
		ran(2, "open := 2"),
		hide(ran(3, "failing()", &nbformat.Output{Type: nbformat.Error, EName: "ERROR", EValue: "bang", Traceback: []string{"bang"}})))
	if n := strings.Count(page, `<details class="folded">`); n != 1 {
		t.Errorf("%d cells are folded, want the first: the second is not hidden, the third failed", n)
	}
	fold := page[strings.Index(page, `<details class="folded">`):]
	if fold = fold[:strings.Index(fold, "</details>")]; !strings.Contains(fold, "hidden") || strings.Contains(fold, "shown") {
		t.Errorf("folded is %s, want the code and not the output", fold)
	}
}

func TestScript(t *testing.T) {
	chart := ran(1, "x", display("text/html", "<script>echarts.init(el)</script>"))
	figure := ran(1, "x", display("text/html", `<div data-sdt-chart="a"></div><script>load("echarts")</script>`))
	code := []byte(`var s = "</script><!-- <script>";`)
	for _, row := range []struct {
		name       string
		script     Script
		cell       *nbformat.Cell
		want, lack string
	}{
		{"inline, and it cannot end early", Script{Name: "e */ x", Code: code}, chart, `var s = "\x3c/script>\x3c!-- \x3cscript>";`, `"</script>`},
		{"by reference, what it is being fixed", Script{URL: "https://x/e.js", SHA256: strings.Repeat("00", 32)}, chart,
			`<script src="https://x/e.js" integrity="sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" crossorigin="anonymous">`, "var s"},
		{"figures that fetch it themselves", Script{URL: "https://x/e.js"}, figure, "data-sdt-chart", "https://x/e.js"},
		{"no chart, no script", Script{Name: "e", Code: code}, ran(1, "x", stream("stdout", "echarts")), "echarts", "var s"},
	} {
		page := write(t, About{Script: row.script}, row.cell)
		if !strings.Contains(page, row.want) || strings.Contains(page, row.lack) {
			t.Errorf("%s: want %s, and no %s in\n%s", row.name, row.want, row.lack, page[strings.Index(page, "</style>"):])
		}
	}
}

func TestTerminal(t *testing.T) {
	for _, row := range []struct{ name, in, want string }{
		{"plain", "a < b", "a &lt; b"},
		{"colour", "\x1b[1;31mred\x1b[0m plain", `<span class="fg-1 bold">red</span> plain`},
		{"bright, on a ground", "\x1b[92;44mx", `<span class="fg-10 bg-4">x</span>`},
		{"256 colours are ignored, what follows them is not", "\x1b[38;5;196;1mx\x1b[22my", `<span class="bold">x</span>y`},
		{"other escapes are dropped", "\x1b[2K\x1b]0;title\x07a\x1b[3Ab", "ab"},
		{"progress bar", "1%\r2%\r100%\n", "100%\n"},
	} {
		if got := string(terminal(row.in)); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

func TestFailureIsShown(t *testing.T) {
	page := write(t, About{Name: "n"},
		ran(1, "func half(x int) int {\n\treturn x / 0\n}"),
		ran(2, "%%\nhalf(1)", stream("stderr", "panic: division\n\n[[ Cell [1] Line 2 ]] main.go:9\n[[ Cell [2] Line 2 ]] main.go:12\nexit status 2\n"),
			&nbformat.Output{Type: nbformat.Error, EName: "ERROR", EValue: "exit status 2", Traceback: []string{"exit status 2"}}),
		&nbformat.Cell{Type: nbformat.Code, Source: "never"})
	for _, want := range []string{
		`<a href="#cell-2">Cell 2</a> failed</strong> at cell 1, line 2`, "panic: division",
		`<span class="line at-fault" id="cell-1-L2">`, `<span class="line at-fault" id="cell-2-L2">`, "Not executed",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %s", want)
		}
	}
	page = write(t, About{Name: "n", Problem: "interrupted in cell 1"}, ran(1, "x",
		&nbformat.Output{Type: nbformat.Error, EName: "ERROR", EValue: "signal: interrupt"}))
	if !strings.Contains(page, "ended early:</strong> interrupted in cell 1") || strings.Contains(page, "</a> failed") {
		t.Error("an interrupted cell is shown as one that failed")
	}
}

func TestImagesFromTheFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "dot.png"), []byte("\x89PNG\r\n\x1a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	notes := filepath.Join(dir, "sub")
	if err := os.Mkdir(notes, 0o700); err != nil {
		t.Fatal(err)
	}
	if page := write(t, About{Dir: dir}, markdown("![a](dot.png)")); !strings.Contains(page, `src="data:image/png;base64,iVBORw0KGgo="`) {
		t.Error("an image of the notebook's folder is not in the report")
	}
	if page := write(t, About{Dir: notes}, markdown("![a](../dot.png)")); strings.Contains(page, "base64") {
		t.Error("an image from outside the notebook's folder is in the report")
	}
}

func TestSameBytes(t *testing.T) {
	make := func() string {
		return write(t, About{Name: "n"}, markdown("# T\n[^1]\n\n[^1]: note"), ran(1, "var x = 1", stream("stdout", "1\n"), display("application/json", map[string]any{"b": 1, "a": 2})))
	}
	if once, again := make(), make(); once != again {
		t.Error("two reports of one notebook differ")
	}
}
