package main

import (
	"html"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/sdtlab/sdtlab/sdt"
)

// made are results of two methods on three trials, and of a third method on one.
func made() []result {
	var all []result
	for trial, accuracy := range [][]float64{{0.50, 0.53}, {0.60, 0.61}, {0.40, 0.45}} {
		for i, m := range []sdt.Method{sdt.SourceTarget, sdt.Full} {
			all = append(all, result{Problem: "a→b_1", Trial: trial, Method: m, Accuracy: accuracy[i]})
		}
	}
	return append(all, result{Problem: "a→b_1", Trial: 1, Method: sdt.SoftOnly, Accuracy: 0.7})
}

func TestSummaryByHand(t *testing.T) {
	p := summarise(table{}, made()).problems[0]
	for _, c := range []struct {
		name      string
		got, want float64
		why       string
	}{
		{"mean", p.accuracy[sdt.SourceTarget.String()].mean, 50, "(50 + 60 + 40) / 3"},
		{"standard error", p.accuracy[sdt.SourceTarget.String()].standardError, 10 / math.Sqrt(3), "deviations 0, 10, −10: variance 200/2"},
		{"difference", p.difference[sdt.Full.String()].mean, 3, "(3 + 1 + 5) / 3"},
		{"its error", p.difference[sdt.Full.String()].standardError, 2 / math.Sqrt(3), "deviations 0, −2, 2: variance 8/2"},
		{"its interval", p.difference[sdt.Full.String()].halfWidth, 4.302653 * 2 / math.Sqrt(3), "t of 2 degrees of freedom at 97.5 %, from a printed table: 4.302653"},
		{"difference of one trial", p.difference[sdt.SoftOnly.String()].mean, 10, "70 − 60: the trial that both have"},
	} {
		if math.Abs(c.got-c.want) > 1e-5 {
			t.Errorf("%s is %v, want %v: %s", c.name, c.got, c.want, c.why)
		}
	}
	if e := p.difference[sdt.SoftOnly.String()]; !math.IsNaN(e.halfWidth) || !math.IsNaN(e.standardError) {
		t.Errorf("one trial has an error of %v", e)
	}
}

// The average is over the problems, trial by trial; a trial or method that one problem
// lacks has none.
func TestAverageByHand(t *testing.T) {
	var results []result
	for problem, accuracies := range map[string][]float64{"p": {0.50, 0.60, 0.40}, "q": {0.30, 0.60}} {
		for trial, accuracy := range accuracies {
			results = append(results, result{Problem: problem, Trial: trial, Method: sdt.SourceTarget, Accuracy: accuracy},
				result{Problem: problem, Trial: trial, Method: sdt.Full, Accuracy: accuracy + 0.02*float64(trial)})
		}
	}
	results = append(results, result{Problem: "p", Method: sdt.SoftOnly, Accuracy: 0.9})
	problems := summarise(table{averages: []averaged{{averageRow, []string{"p", "q"}}}}, results).problems
	if len(problems) != 3 || problems[2].name != "average" {
		t.Fatalf("the rows are %v", problems)
	}
	p := problems[2]
	for _, c := range []struct {
		name      string
		got, want float64
		why       string
	}{
		{"mean", p.accuracy[sdt.SourceTarget.String()].mean, 50, "trials (50 + 30)/2 = 40 and (60 + 60)/2 = 60; the third has no q"},
		{"standard error", p.accuracy[sdt.SourceTarget.String()].standardError, 10, "of 40 and 60: √(200/1)/√2"},
		{"difference", p.difference[sdt.Full.String()].mean, 1, "0 and +2"},
		{"its error", p.difference[sdt.Full.String()].standardError, 1, "of 0 and 2: √(2/1)/√2"},
		{"a method of one problem", float64(p.accuracy[sdt.SoftOnly.String()].n), 0, "soft labels were not run on q"},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("%s is %v, want %v: %s", c.name, c.got, c.want, c.why)
		}
	}
	if rows := summarise(table{averages: []averaged{{averageRow, []string{"p", "q", "r"}}}}, results).problems; len(rows) != 2 {
		t.Errorf("without the problem r there are the rows %v", rows)
	}
}

// The validator chooses a setting, trial by trial, as does the oracle; in a table of
// settings each is a column.
func TestSettingsAreChosenByTheValidator(t *testing.T) {
	var results []result
	for trial, tried := range [][2][2]float64{{{0.5, 1}, {0.6, 2}}, {{0.7, 1.5}, {0.4, 1.7}}} { // accuracy, score
		for i, setting := range []string{"λ = 1", "λ = 2"} {
			results = append(results, result{Problem: "p", Trial: trial, Method: sdt.ConfusionOnly, Setting: setting,
				Accuracy: tried[i][0], Scores: scores{sdt.InformationMaximization: tried[i][1], sdt.Entropy: -tried[i][1]}})
		}
	}
	results = append(results, result{Problem: "p", Method: sdt.SourceOnly, Accuracy: 0.3})
	s := summarise(table{}, results)
	if want := []string{"confusion only", "confusion only, oracle", "source only"}; !slices.Equal(s.columns, want) {
		t.Errorf("columns are %q, want %q", s.columns, want)
	}
	for column, want := range map[string]float64{"confusion only": 50, "confusion only, oracle": 65, "source only": 30} { // (60 + 40)/2, (60 + 70)/2
		if got := s.problems[0].accuracy[column].mean; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s has %v %%, want %v", column, got, want)
		}
	}
	if len(s.notes) != 1 || !strings.Contains(s.notes[0], "λ = 2 in 2.") {
		t.Errorf("the notes are %q", s.notes)
	}

	s = summarise(table{settings: true}, results)
	if want := []string{"confusion only, λ = 1", "confusion only, λ = 2", "source only"}; !slices.Equal(s.columns, want) || len(s.notes) > 0 {
		t.Errorf("a table of settings has the columns %q, want %q, and the notes %q", s.columns, want, s.notes)
	}
}

func TestHeldOutExamplesTakenForOthers(t *testing.T) {
	e := sdt.Evaluation{Classes: []string{"a", "b", "c"}, HeldOut: []int{1, 2}, Labels: []int32{0, 1, 1, 2, 2}, Predictions: []int32{1, 0, 2, 2, 1}}
	if got := taken(e); got != 0.25 {
		t.Errorf("%v are taken for a, want one of the four of b and c", got)
	}
	notes := summarise(table{}, []result{
		{Problem: "p", Method: sdt.Full, HeldOut: []string{"b"}, Taken: 0.25}, {Problem: "p", Method: sdt.SourceOnly, HeldOut: []string{"b"}},
		{Problem: "p", Method: sdt.Full, HeldOut: []string{"b"}, Taken: 0.5, Trial: 1}, {Problem: "q", Method: sdt.Full, Taken: 0.9},
		{Problem: "p", Method: sdt.DeepCORAL, Setting: "λ = 1", HeldOut: []string{"b"}, Taken: 0.8, Accuracy: 0.6, Scores: scores{chooser: 1}},
		{Problem: "p", Method: sdt.DeepCORAL, Setting: "λ = 2", HeldOut: []string{"b"}, Taken: 0.1, Accuracy: 0.5, Scores: scores{chooser: 2}},
	}).notes
	if want := "p: taken for a class with labelled target images, percent: confusion + soft labels 37.5; source only 0.0; CORAL 10.0; CORAL, oracle 80.0."; len(notes) != 2 || notes[0] != want {
		t.Errorf("the notes are %q, want %q", notes, want)
	}
}

func TestFormats(t *testing.T) {
	s := summarise(table{title: "T", published: map[string]map[sdt.Method]string{"a→b_1": {sdt.Full: "66.4 (m)"}}}, made())
	for format, want := range map[string]string{
		"markdown": `| T | source + target | confusion + soft labels | soft labels only |
|---|---|---|---|
| a→b_1 | 50.0 ± 5.8 | 53.0 ± 4.6 | 70.0 |
| published | – | 66.4 (m) | – |

| minus source + target, paired | confusion + soft labels | soft labels only |
|---|---|---|
| a→b_1 | +3.0 [-2.0, +8.0] | +10.0 |
`,
		"csv": `problem,method,trials,accuracy_percent,standard_error,minus_source_target,ci95_low,ci95_high,published
a→b_1,source + target,3,50,5.7735,,,,
a→b_1,confusion + soft labels,3,53,4.6188,3,-1.96828,7.96828,66.4 (m)
a→b_1,soft labels only,1,70,,10,,,
`,
		"latex": `\begin{tabular}{lrrr}
\toprule
T & source + target & confusion + soft labels & soft labels only \\
\midrule
a$\to$b\_1 & 50.0 $\pm$ 5.8 & 53.0 $\pm$ 4.6 & 70.0 \\
published & -- & 66.4 (m) & -- \\
\bottomrule
\end{tabular}
`,
	} {
		var b strings.Builder
		if err := formats[format](&b, s); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); !strings.HasPrefix(got, want) {
			t.Errorf("%s prints\n%s\nwant\n%s", format, got, want)
		}
	}
}

func TestShards(t *testing.T) {
	for _, text := range []string{"", "1", "1/", "/3", "3/3", "-1/3", "0/0", "0/3x", "01/3", "0/3/1"} {
		if s, err := parseShard(text); err == nil {
			t.Errorf("%q was read as %v", text, s)
		}
	}
	var cells []cell
	for _, problem := range []string{"p", "q"} {
		for trial := range 4 {
			for _, m := range sdt.Methods() {
				cells = append(cells, cell{problem: problem, trial: trial, method: m})
			}
		}
	}
	seen, owner := map[string]int{}, map[string]int{}
	for i := range 3 {
		for _, c := range (shard{i, 3}).of(cells) {
			seen[c.group()+c.method.String()]++
			if before, known := owner[c.group()]; known && before != i {
				t.Errorf("%s is in shards %d and %d", c.group(), before, i)
			}
			owner[c.group()] = i
		}
	}
	for _, c := range cells {
		if n := seen[c.group()+c.method.String()]; n != 1 {
			t.Errorf("%s, %s is in %d shards", c.group(), c.method, n)
		}
	}
}

func TestKeysTellConfigurationsApart(t *testing.T) {
	keys := map[string]string{}
	for name, change := range map[string]func(*cell){
		"as it is":        func(*cell) {},
		"another table":   func(c *cell) { c.table = "u" },
		"another problem": func(c *cell) { c.problem = "q" },
		"other folders":   func(c *cell) { c.data = "q" },
		"another trial":   func(c *cell) { c.trial++ },
		"another method":  func(c *cell) { c.method = sdt.SoftOnly },
		"another network": func(c *cell) { c.network = "Head(9)" },
		"another λ":       func(c *cell) { c.config.Lambda = 0.5 },
		"another backend": func(c *cell) { c.backend = "onnx" },
		"another setting": func(c *cell) { c.setting = "λ = 1" },
		"other steps":     func(c *cell) { c.config.AdaptSteps = 3 },
	} {
		c := cell{table: "t", problem: "p", network: "LeNet", backend: "go"}
		change(&c)
		if before, taken := keys[c.key()]; taken {
			t.Errorf("%s and %s have one key", name, before)
		}
		keys[c.key()] = name
	}
}

func TestDamagedResultsAreNamed(t *testing.T) {
	c := cell{table: "t", problem: "p", network: "LeNet", backend: "go", dir: t.TempDir()}
	if _, done, err := c.read(); done || err != nil {
		t.Errorf("a cell that was not made is done: %v, %v", done, err)
	}
	if err := os.MkdirAll(c.group(), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":              "",
		"truncated":          `{"key":"` + c.key() + `","accuracy":0.`,
		"of another cell":    `{"key":"0123456789abcdef","accuracy":0.5}`,
		"out of range":       `{"key":"` + c.key() + `","accuracy":50}`,
		"with unknown words": `{"key":"` + c.key() + `","acuracy":0.5}`,
	} {
		if err := os.WriteFile(c.path(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.read(); err == nil || !strings.Contains(err.Error(), c.path()) {
			t.Errorf("a result %s: error %v does not name %s", name, err, c.path())
		}
	}
}

// A table's names may be names of folders: in each format they stay text, within their
// cell.
func TestNamesInFormats(t *testing.T) {
	for _, row := range []struct{ name, markdown, csv, latex, why string }{
		{"a→b_1", "a→b_1", "a→b_1", `a$\to$b\_1`, "as our own are"},
		{"a|b", `a\|b`, "a|b", `a\textbar{}b`, "a cell's end in Markdown"},
		{"*a* `b` _c_ ~d~", "\\*a\\* \\`b\\` \\_c\\_ \\~d\\~", "*a* `b` _c_ ~d~", "{}*a* `b` \\_c\\_ \\textasciitilde{}d\\textasciitilde{}", "emphasis and code; an argument of \\\\"},
		{"[a](javascript:b)", `\[a\](javascript:b)`, "[a](javascript:b)", `{}[a](javascript:b)`, "a link; an argument of \\\\"},
		{"<script>&amp;", `\<script\>\&amp;`, "<script>&amp;", `\textless{}script\textgreater{}\&amp;`, "HTML in Markdown"},
		{`\input{x}`, `\\input{x}`, `\input{x}`, `\textbackslash{}input\{x\}`, "a command"},
		{"50% of $x^2$ #1", "50% of $x^2$ #1", "50% of $x^2$ #1", `50\% of \$x\textasciicircum{}2\$ \#1`, "a comment, mathematics, a parameter"},
		{"a\nb\x00c\u2028d", "a b c d", "a b c d", "a b c d", "on one line"},
		{"a\xff", "a\uFFFD", "a\uFFFD", "a\uFFFD", "UTF-8"},
		{"=1+1", `\=1+1`, "'=1+1", "=1+1", "a formula"},
		{"@x", "@x", "'@x", "@x", "a formula"},
		{"# x", `\# x`, "# x", `\# x`, "a heading, of a note"},
		{"1. x", `1\. x`, "1. x", "1. x", "a list, of a note"},
		{"كوب, 日本", "كوب, 日本", `"كوب, 日本"`, "كوب, 日本", "a comma in CSV"},
		{`"a"`, `"a"`, `"""a"""`, `\textquotedbl{}a\textquotedbl{}`, "quotes in CSV"},
	} {
		s := summarise(table{title: row.name, notes: []string{row.name}}, []result{{Problem: row.name, Method: sdt.SourceTarget, Accuracy: 0.5}})
		for format, want := range map[string]string{
			"markdown": "| " + row.markdown + " | source + target |\n|---|---|\n| " + row.markdown + " | 50.0 |\n\n" + row.markdown + "\n",
			"csv":      "problem,method,trials,accuracy_percent,standard_error,minus_source_target,ci95_low,ci95_high,published\n" + row.csv + ",source + target,1,50,,,,,\n",
			"latex": "\\begin{tabular}{lr}\n\\toprule\n" + row.latex + " & source + target \\\\\n\\midrule\n" + row.latex + " & 50.0 \\\\\n\\bottomrule\n\\end{tabular}\n\n" +
				strings.TrimPrefix(row.latex, "{}") + "\n",
		} {
			var b strings.Builder
			if err := formats[format](&b, s); err != nil {
				t.Fatal(err)
			}
			if got := b.String(); got != want {
				t.Errorf("%s of %q, %s, is\n%s\nwant\n%s", format, row.name, row.why, got, want)
			}
		}
	}
}

// Names of folders may be as long as file systems allow; names with a common beginning stay
// distinct.
func TestLongNamesAsFiles(t *testing.T) {
	long := strings.Repeat("folder", 40)
	a, b := slug(long+"→a"), slug(long+"→b")
	if a == b || len(a) > 120 || slug("a→b, 3 per class") != "a2b--3-per-class" {
		t.Errorf("the slugs are %q and %q, and %q", a, b, slug("a→b, 3 per class"))
	}
}

// goldmark, which makes the reports, reads nothing in a name as Markdown: in a cell and in
// a sentence it gives the text and no element.
func FuzzMarkdownText(f *testing.F) {
	for _, name := range []string{"mug", "a|b", "**a**", "[x](y)", "[x]: y", "![x](y)", "<b>", "&lt;", "_a_", "a_b_", "\\|", "`", "# a", "- a", "+ a", "> a", "1) a", "===", "---", "~~a~~", "|---|", ":-", "\\"} {
		f.Add(name)
	}
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote, extension.DefinitionList))
	f.Fuzz(func(t *testing.T, name string) {
		text := markdownText(name)
		for _, m := range []struct{ source, before, after string }{
			{"| " + text + " | n |\n|---|---|\n| " + text + " | 1 |\n", "<tr>\n<td>", "</td>\n<td>1</td>"}, {text + "\n", "<p>", "</p>"},
		} {
			var b strings.Builder
			if err := md.Convert([]byte(m.source), &b); err != nil {
				t.Fatal(err)
			}
			_, rest, ok := strings.Cut(b.String(), m.before)
			got, _, ended := strings.Cut(rest, m.after)
			if want := oneLine(name); html.UnescapeString(got) != want && want != "" || strings.Contains(got, "<") || !(ok && ended || want == "") {
				t.Errorf("%q, as %q, is %q in\n%s", name, text, got, b.String())
			}
		}
	})
}
