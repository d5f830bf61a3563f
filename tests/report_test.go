package tests

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// scriptName is what a class and a domain may be called; in a report it is text.
const scriptName = `<script>alert(1)</script>`

// attacked leaves a run directory of two methods whose data has that name, on tiny images.
func attacked(t *testing.T, dir string) {
	t.Helper()
	draw := func(domain string, n int) sdt.Labelled {
		l := sdt.Labelled{Examples: sdt.Examples{Domain: domain, Shape: []int{28, 28, 1}}, Classes: []string{scriptName, "mug", "קומקום"}}
		for i := range 3 * n {
			for p := range 28 * 28 {
				l.Pixels = append(l.Pixels, uint8((i%3+1)*p+7*i))
			}
			l.Labels = append(l.Labels, int32(i%3))
		}
		return l
	}
	task := sdt.Task{Name: scriptName, Sources: []sdt.Labelled{draw("shop", 8)}, Target: draw(scriptName, 2), Test: draw(scriptName, 30)}
	task.Unlabelled = task.Test.Examples
	for _, method := range []sdt.Method{sdt.SourceOnly, sdt.Full} {
		l, err := sdt.Open(dir, task, sdt.Config{Method: method, Network: network.LeNet, SourceBatch: 6, TargetBatch: 6, PretrainSteps: 2, AdaptSteps: 3, Lambda: 0.5})
		if err != nil {
			t.Fatal(err)
		}
		source, err := l.Pretrain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		soft, err := l.SoftLabels(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		m, err := l.Adapt(t.Context(), source, soft)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Evaluate(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
}

// A report of two run directories: it is one file that needs no network, of less than 5 MB;
// what the runs differ in is there, a class's name stays text, and the numbers are beside
// it as CSV and JSON.
func TestReport(t *testing.T) {
	live := demo(t)
	dir := checkout(t)
	attack := filepath.Join(dir, "runs", "attack")
	attacked(t, attack)
	out := t.TempDir()
	s := command(t.Context(), dir, environment(), "go", "run", "./kernel", "report", "runs/quickstart", "runs/attack", "-o", out,
		"--tensorboard", filepath.Join(out, "logs"), "--mlflow", filepath.Join(out, "mlruns")).must(t)
	for _, pattern := range []string{"logs/quickstart/*/*tfevents*", "logs/attack/*/*tfevents*", "mlruns/*/*/metrics/adapt/L_conf"} {
		if found, err := filepath.Glob(filepath.Join(out, pattern)); err != nil || len(found) == 0 {
			t.Errorf("there is no %s, %v", pattern, err)
		}
	}
	for _, want := range []string{"λ = 0.01", "λ = 0.5"} {
		if !strings.Contains(s.stdout, want) {
			t.Errorf("its summary has no run %q:\n%s", want, s.stdout)
		}
	}
	e := executed{s.stdout, filepath.Join(out, "report.ipynb"), filepath.Join(out, "report.html")}
	if n := reported(t, e); n < 10 {
		t.Errorf("it has %d figures", n)
	}
	page, err := os.ReadFile(e.report)
	if err != nil {
		t.Fatal(err)
	}
	if len(page) > 5e6 {
		t.Errorf("it has %d bytes, want less than 5 MB", len(page))
	}
	for _, want := range []string{"Settings that differ", "Where the results come from", "go run ./kernel report runs/quickstart runs/attack", "go run ./kernel demo", "&lt;script&gt;alert(1)"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("it lacks %q", want)
		}
	}
	t.Run("in a browser", func(t *testing.T) { looksRight(t, e.report, desk) })
	t.Run("without eyes or a mouse", func(t *testing.T) { canBeUsed(t, e.report) })

	// The demo prints what the metrics hold.
	file, err := os.Open(filepath.Join(out, "metrics.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	accuracies, classes := map[string]bool{}, map[string]bool{}
	for _, l := range lines[1:] {
		classes[l[6]] = true
		v, err := strconv.ParseFloat(l[9], 64)
		if err != nil {
			t.Fatal(err)
		}
		if l[1] == "runs/quickstart" && l[7] == "accuracy" && l[6] == "" {
			accuracies[fmt.Sprintf("%s %.1f", l[2], 100*v)] = true
		}
	}
	printed := regexp.MustCompile(`(?m)^(\S.*?) {2,}([0-9.]+) +[0-9.]+$`).FindAllStringSubmatch(live.stdout, -1)
	for _, row := range printed { // other notebooks may have left more
		if !accuracies[row[1]+" "+row[2]] {
			t.Errorf("the demo prints %q, metrics.csv has %v", row[0], accuracies)
		}
	}
	if len(printed) != 3 || !classes[scriptName] || !classes["קומקום"] {
		t.Errorf("the demo prints %q, metrics.csv has the classes %v", printed, classes)
	}
	text, err := os.ReadFile(filepath.Join(out, "metrics.json"))
	if err != nil {
		t.Fatal(err)
	}
	var runs []struct {
		Method   string
		Accuracy *float64
		Stages   []json.RawMessage
	}
	if err := json.Unmarshal(text, &runs); err != nil || len(runs) < 5 || runs[0].Accuracy == nil || len(runs[0].Stages) == 0 {
		t.Errorf("metrics.json has %d runs, %v", len(runs), err)
	}
}

// canBeUsed opens a report and goes through what a screen reader is told, and through what
// the Tab key reaches: all has a name, headings leave out no level, and no key gets caught.
func canBeUsed(t *testing.T, report string) {
	t.Helper()
	p := chromium(t).Open(t, desk, nil)
	p.Go("file://" + report)
	var seen struct{ Alerted bool }
	if err := p.Value(&seen, `({Alerted: Array.from(document.scripts).some(function (s) { return s.textContent === "alert(1)"; })})`); err != nil || seen.Alerted {
		t.Errorf("a class's name has become a script: %v", err)
	}
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name struct{ Value any }
			Properties []struct {
				Name  string
				Value struct{ Value any }
			}
		}
	}
	p.Ask(nil, "Accessibility.enable", nil)
	p.Ask(&tree, "Accessibility.getFullAXTree", nil)
	roles, level := map[string]int{}, 0
	for _, n := range tree.Nodes {
		role, _ := n.Role.Value.(string)
		name, _ := n.Name.Value.(string)
		if n.Ignored {
			continue
		}
		roles[role]++
		for _, property := range n.Properties {
			switch value, _ := property.Value.Value.(float64); {
			case property.Name == "level" && role == "heading":
				if int(value) > level+1 {
					t.Errorf("the heading %q is of level %v, after one of level %d", name, value, level)
				}
				level = int(value)
			case property.Name == "focusable" && property.Value.Value == true && strings.TrimSpace(name) == "" && role != "RootWebArea":
				t.Errorf("a %s that the keyboard reaches has no name", role)
			}
		}
		if (role == "image" || role == "img" || role == "table" || role == "figure") && strings.TrimSpace(name) == "" {
			t.Errorf("a %s has no name", role)
		}
	}
	for _, role := range []string{"heading", "table", "columnheader", "rowheader", "main", "navigation"} {
		if roles[role] == 0 {
			t.Errorf("a screen reader is told of no %s: %v", role, roles)
		}
	}
	var stops int
	if err := p.Value(&stops, `Array.from(document.querySelectorAll("a[href], summary, [tabindex='0'], select, input, button")).filter(function (el) { return el.checkVisibility(); }).length`); err != nil {
		t.Fatal(err)
	}
	reached := map[string]bool{}
	for range stops + 20 {
		p.Press("Tab", 9, "")
		var at string
		if err := p.Value(&at, `(function () {
  var el = document.activeElement;
  if (el === document.body) return "";
  if (!el.id) el.id = "stop-" + Math.random();
  return el.id;
})()`); err != nil {
			t.Fatal(err)
		}
		if at == "" && len(reached) > 0 {
			break // round
		}
		reached[at] = true
	}
	if len(reached) < stops {
		t.Errorf("the Tab key reaches %d of %d", len(reached), stops)
	}
	var pdf struct{ Data []byte }
	p.Ask(&pdf, "Page.printToPDF", map[string]any{"preferCSSPageSize": true})
	if len(pdf.Data) < 10_000 {
		t.Errorf("printed, it has %d bytes", len(pdf.Data))
	}
}
