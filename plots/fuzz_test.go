package plots_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
)

// source makes inputs from bytes; when there are no more bytes it gives zeros.
type source []byte

func (s *source) byte() int {
	if len(*s) == 0 {
		return 0
	}
	b := (*s)[0]
	*s = (*s)[1:]
	return int(b)
}

// upTo returns a count from 0 to n, small ones more often.
func (s *source) upTo(n int) int {
	if b := s.byte(); b < 200 {
		return min(n, b%7)
	}
	return s.byte() * n / 255
}

// odd returns true occasionally: then an input should contradict itself.
func (s *source) odd() bool { return s.byte() > 250 }

var extremes = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 1, -1, 1e-300, 5e-324, 1e300, -1e300, math.MaxFloat64, -math.MaxFloat64, 1e17, 1e17 + 16}

func (s *source) number() float64 {
	b := s.byte()
	if b < len(extremes) {
		return extremes[b]
	}
	return float64(b) / 255
}

func (s *source) numbers(n int) []float64 {
	if s.odd() {
		n++
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = s.number()
	}
	return out
}

// names that try to break out of their place, in addition to those of escape_test.go.
var unruly = append([]string{
	"mug", "", " ", "\x00", "a\x00b", "\xff\xfe", "\xed\xa0\x80", "a\xc3", "\x1b[31mred", "bell\a", "c1\u009b31m", "tab\there", "new\nline", "cr\rlf\r\n", "\u2028", "\u2069\u2069out", "\u202eright",
	"كوب", "١٢٣", "שלום (2)", "🏳️‍🌈", "e\u0301\u0301\u0301", "a\u200bb", "\ufeff", "&amp;", "a&lt;b", "--><!--", "]]>", "<!--<script>", "javascript:alert(1)", "${x}`", "%s%d", "$&$1",
	"__proto__", "constructor", "hasOwnProperty", "toString", "mean", "mean *", "other classes", "mean of tasks", "(no name)", "right: mug", "mug (2)",
	strings.Repeat("long", 3000), strings.Repeat("wide words ", 300), strings.Repeat("W", 300),
}, hostile...)

func (s *source) name() string {
	if b := s.byte(); b < 2*len(unruly) {
		return unruly[b/2]
	}
	return string([]byte{byte(s.byte()), byte(s.byte()), byte(s.byte())})
}

func (s *source) names(n int) []string {
	out := make([]string, n)
	for i := range out {
		if out[i] = s.name(); s.byte() < 200 {
			out[i] = fmt.Sprint("class ", i)
		}
	}
	return out
}

// index returns an index below n, occasionally an invalid one.
func (s *source) index(n int) int {
	if n == 0 || s.odd() {
		return s.byte() - 128
	}
	return s.byte() % n
}

func (s *source) evaluations() []sdt.Evaluation {
	classes, labels := s.names(s.upTo(400)), []int32(nil)
	for range s.upTo(40) {
		labels = append(labels, int32(s.index(len(classes))))
	}
	evals := make([]sdt.Evaluation, s.upTo(30))
	for i := range evals {
		e := sdt.Evaluation{Method: sdt.Method(s.byte() % 12), Domain: s.name(), Classes: classes, Labels: labels, Name: s.name()}
		if s.odd() {
			e.Classes = s.names(len(classes))
		}
		if s.odd() {
			e.Labels = labels[:len(labels)/2]
		}
		for range e.Labels {
			e.Predictions, e.Confidence = append(e.Predictions, int32(s.index(len(classes)))), append(e.Confidence, float32(s.number()))
		}
		if s.odd() {
			e.Confidence = nil
		}
		for range s.upTo(3) {
			e.HeldOut = append(e.HeldOut, s.index(len(classes)))
		}
		evals[i] = e
	}
	return evals
}

// two returns evaluations before and after.
func (s *source) two() (before, after sdt.Evaluation) {
	if evals := s.evaluations(); len(evals) > 1 {
		return evals[0], evals[1]
	}
	return small, small
}

func (s *source) soft() sdt.SoftLabels {
	k := s.upTo(400)
	out := sdt.SoftLabels{Classes: s.names(k), Temperature: s.number()}
	for range k {
		out.L, out.Counts = append(out.L, s.numbers(k)), append(out.Counts, s.byte())
	}
	if s.odd() {
		out.Counts = nil
	}
	return out
}

func (s *source) histories() []sdt.History {
	all := make([]sdt.History, s.upTo(30))
	for i := range all {
		h := sdt.History{Stage: []string{"pretrain", "adapt", s.name()}[s.byte()%3], Method: sdt.Method(s.byte() % 12), Domains: s.byte() - 3, Name: s.name()}
		n := s.upTo(700)
		for range n {
			h.Step = append(h.Step, s.byte())
		}
		for _, to := range []*[]float64{&h.ClassLoss, &h.DomainLoss, &h.ConfusionLoss, &h.SoftLoss, &h.PseudoLoss, &h.Entropy, &h.Discrepancy, &h.DomainAccuracy, &h.Confident, &h.Lambda} {
			if s.byte() < 128 {
				*to = s.numbers(n)
			}
		}
		all[i] = h
	}
	return all
}

func (s *source) trials() (all []plots.Trials) {
	tasks := s.names(1 + s.upTo(5))
	for i := range tasks {
		if s.byte() < 128 {
			tasks[i] = s.name()
		}
		n := s.upTo(6)
		for range s.upTo(9) {
			all = append(all, plots.Trials{Task: tasks[i], Method: sdt.Method(s.byte() % 12), Accuracies: s.numbers(n)})
		}
	}
	return all
}

func (s *source) images() sdt.Examples {
	e := sdt.Examples{Domain: s.name(), Shape: []int{s.byte() % 5, s.byte() % 200, []int{1, 3, 2, -1}[s.byte()*4/256]}}
	n := max(1, s.upTo(40)) * max(1, e.Size())
	if s.odd() {
		n++
	}
	e.Pixels = make([]uint8, n)
	if s.odd() {
		e.Names = s.names(s.upTo(40))
	}
	return e
}

func (s *source) runs() []sdt.Run {
	all := make([]sdt.Run, s.upTo(30))
	for i := range all {
		r := sdt.Run{Dir: s.name()}
		for n := range 1 + s.upTo(3) {
			st := sdt.Stage{Key: s.name(), Provenance: sdt.Provenance{Command: s.name(), Inputs: sdt.StageInputs{Stage: "adapt", Network: s.name(), Data: s.name(), Backend: s.name(),
				Config: sdt.Config{Method: sdt.Method(s.byte() % 12), Lambda: s.number(), Seed: uint64(s.byte())}}}}
			st.Provenance.Data = sdt.TaskSummary{Name: s.name(), Protocol: s.name(), Sets: []sdt.SetSummary{{Role: s.name(), Domain: s.name(), Count: s.byte(), Shape: []int{s.byte()}, Counts: []int{s.byte(), 0}, SHA256: s.name()}}}
			st.Provenance.Environment = sdt.Environment{Go: s.name(), Platform: s.name(), Backend: s.name(), GoMLX: s.name()}
			if n%2 == 0 {
				st.History = &sdt.History{Method: st.Provenance.Inputs.Config.Method}
			}
			if s.byte() < 128 {
				st.Evaluation = &sdt.Evaluation{Method: st.Provenance.Inputs.Config.Method, Classes: []string{"a", "b"}, Labels: []int32{0, 1}[:s.byte()%3]}
				st.Evaluation.Predictions = make([]int32, len(st.Evaluation.Labels))
			}
			r.Stages = append(r.Stages, st)
		}
		if s.odd() {
			r.Stages = nil
		}
		all[i] = r
	}
	return all
}

// drawn is the result of a figure's function, for the checks.
type drawn interface {
	plots.Figure
	fmt.Stringer
}

// fuzzed has each function of the package that turns results into figures.
var fuzzed = map[string]func(s *source) []drawn{
	"PerClassAccuracy": func(s *source) []drawn { return []drawn{plots.PerClassAccuracy(s.evaluations()...)} },
	"PerClassAccuracyIn": func(s *source) []drawn {
		return []drawn{plots.PerClassAccuracyIn(plots.Order(s.byte()%4), s.evaluations()...)}
	},
	"ClassByClass":    func(s *source) []drawn { return []drawn{plots.ClassByClass(s.evaluations()...)} },
	"HeldOutMistakes": func(s *source) []drawn { return []drawn{plots.HeldOutMistakes(s.evaluations()...)} },
	"ConfusionMatrix": func(s *source) []drawn {
		_, e := s.two()
		return []drawn{plots.ConfusionMatrix(e)}
	},
	"SoftLabels": func(s *source) []drawn { return []drawn{plots.SoftLabels(s.soft())} },
	"SoftLabelBars": func(s *source) []drawn {
		soft := s.soft()
		class := s.name()
		if len(soft.Classes) > 0 {
			class = soft.Classes[s.byte()%len(soft.Classes)]
		}
		return []drawn{plots.SoftLabelBars(soft, class)}
	},
	"SoftLabelsByTemperature": func(s *source) []drawn {
		soft, temperatures := s.soft(), []float64{1, 2, 4, s.number()}
		c := plots.SoftLabelsByTemperature(func(τ float64) sdt.SoftLabels {
			soft.Temperature = s.number()
			return soft
		}, temperatures[:s.byte()%5]...)
		if answer := plots.Reply(c, "1.5"); !json.Valid([]byte(answer)) {
			panic("the answer is not JSON: " + answer)
		}
		return []drawn{c}
	},
	"LossCurves":  func(s *source) []drawn { return []drawn{plots.LossCurves(s.histories()...)} },
	"Comparison":  func(s *source) []drawn { return []drawn{plots.Comparison(s.trials()...)} },
	"Differences": func(s *source) []drawn { return []drawn{plots.Differences(sdt.Method(s.byte()%12), s.trials()...)} },
	"ResultTable": func(s *source) []drawn { return []drawn{plots.ResultTable(s.trials()...)} },
	"Distributions": func(s *source) []drawn {
		classes := s.names(s.upTo(400))
		all := make([]plots.Distribution, s.upTo(30))
		for i := range all {
			all[i] = plots.Distribution{Name: s.name(), P: s.numbers(len(classes))}
		}
		return []drawn{plots.Distributions(s.name(), s.name(), classes, all...)}
	},
	"Histogram": func(s *source) []drawn {
		all := make([]plots.Values, s.upTo(30))
		for i := range all {
			all[i] = plots.Values{Name: s.name(), X: s.numbers(s.upTo(300))}
		}
		return []drawn{plots.Histogram(s.name(), s.name(), s.name(), all...)}
	},
	"Scatter": func(s *source) []drawn {
		all := make([]plots.Points, s.upTo(30))
		for i := range all {
			g := plots.Points{Name: s.name(), Colour: s.index(9), Shape: s.index(9)}
			for range s.upTo(300) {
				g.XY = append(g.XY, [2]float64{s.number(), s.number()})
			}
			if s.byte() < 128 {
				if g.Labels = s.names(len(g.XY)); s.odd() {
					g.Labels = append(g.Labels, "one more")
				}
			}
			all[i] = g
		}
		return []drawn{plots.Scatter(plots.ScatterText{Title: s.name(), Subtitle: s.name(), X: s.name(), Y: s.name()}, all...)}
	},
	"Selection": func(s *source) []drawn {
		all, validators := make([]plots.Candidate, s.upTo(30)), 1+s.byte()%6
		for i := range all {
			all[i] = plots.Candidate{Name: s.name(), Accuracy: s.number(), Scores: map[sdt.Validator]float64{}}
			for v := range validators {
				all[i].Scores[sdt.Validator(v+1)] = s.number()
			}
			if s.odd() {
				delete(all[i].Scores, sdt.Entropy)
			}
		}
		return []drawn{plots.Selection(all...)}
	},
	"Outcomes": func(s *source) []drawn {
		for _, o := range plots.Outcomes(s.two()) {
			_ = o.String()
		}
		return nil
	},
	"Gallery": func(s *source) []drawn {
		before, after := s.two()
		images := s.images()
		if n := len(after.Labels); images.Size() > 0 && s.byte() < 200 {
			images.Pixels = make([]uint8, n*images.Size())
		}
		var rows []int
		for range s.upTo(9) {
			rows = append(rows, s.index(len(after.Labels)))
		}
		return []drawn{plots.Gallery(images, before, after, rows...)}
	},
	"GallerySome": func(s *source) []drawn {
		before, after := s.two()
		images := s.images()
		var rows []int
		for range images.Len() {
			rows = append(rows, s.index(len(after.Labels)))
		}
		if s.byte() < 200 { // each once
			slices.Sort(rows)
			rows = slices.Compact(rows)
			images.Names = images.Names[:min(len(images.Names), len(rows))]
			images.Pixels = images.Pixels[:len(rows)*images.Size()]
		}
		return []drawn{plots.GallerySome(images, rows, before, after)}
	},
	"Domains": func(s *source) []drawn {
		classes, all := s.names(s.upTo(400)), make([]sdt.Labelled, s.upTo(5))
		for i := range all {
			all[i] = sdt.Labelled{Examples: s.images(), Classes: classes}
			for range all[i].Len() {
				all[i].Labels = append(all[i].Labels, int32(s.index(len(classes))))
			}
			if s.odd() {
				all[i].Labels = append(all[i].Labels, 0)
			}
		}
		return []drawn{plots.Domains(all...)}
	},
	"Settings": func(s *source) []drawn {
		differing, common := plots.Settings(s.runs()...)
		return []drawn{differing, common}
	},
	"DataTable":           func(s *source) []drawn { return []drawn{plots.DataTable(s.runs()...)} },
	"Origins":             func(s *source) []drawn { return []drawn{plots.Origins(s.runs()...)} },
	"OverSeeds":           func(s *source) []drawn { return []drawn{plots.OverSeeds(s.runs()...)} },
	"SettingsAndAccuracy": func(s *source) []drawn { return []drawn{plots.SettingsAndAccuracy(s.runs()...)} },
	"RunNames": func(s *source) []drawn {
		if runs := s.runs(); !slices.ContainsFunc(runs, func(r sdt.Run) bool { return r.Stages == nil }) {
			if names := plots.RunNames(runs...); len(names) != len(runs) {
				panic("not a name for each run")
			}
		}
		return nil
	},
	"Percent": func(s *source) []drawn {
		if text := plots.Percent(s.number()); regexp.MustCompile(`[NI]`).MatchString(text) {
			panic(text + " in a table")
		}
		return nil
	},
	"Follow": func(s *source) []drawn {
		w := watched{}
		report := w.follow()
		for _, h := range s.histories() {
			w.clock += followed
			report(sdt.Progress{Stage: h.Stage, Step: len(h.Step), Steps: len(h.Step) + s.byte(), History: h, Ended: s.byte() < 60})
		}
		return nil
	},
	"Watch": func(s *source) []drawn {
		report := plots.Watch(io.Discard)
		for _, h := range s.histories() {
			report(sdt.Progress{Stage: h.Stage, Step: len(h.Step), Steps: len(h.Step) + s.byte(), History: h, Ended: s.byte() < 60, Loaded: s.byte() < 20})
		}
		return nil
	},
	"Table": func(s *source) []drawn {
		t := plots.Table{Caption: s.name(), Head: s.names(s.upTo(30)), Text: []int{s.byte() - 3, s.byte()}}
		for range s.upTo(60) {
			t.Rows, t.Foot = append(t.Rows, s.names(s.upTo(30))), append(t.Foot, s.names(s.upTo(3)))
		}
		return []drawn{t}
	},
}

const followed = time.Second // between calls

// Every function that the package exports is in fuzzed, and FuzzFigures calls each.
func TestEveryFunctionIsFuzzed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() && fuzzed[f.Name.Name] == nil {
				t.Errorf("%s is not fuzzed", f.Name.Name)
			}
		}
	}
}

// Whatever the results, a function draws them or says in a sentence what its caller got wrong. What
// it draws is HTML, JSON and text in which no name has left its place, and has a dash or a gap for
// values that are not finite.
func FuzzFigures(f *testing.F) {
	names := slices.Sorted(maps.Keys(fuzzed))
	r := rand.New(rand.NewPCG(9, 9))
	for i := range names {
		for _, size := range []int{0, 30, 100, 300, 300, 1000, 3000} {
			data := make([]byte, size)
			for j := range data {
				data[j] = byte(r.IntN(256))
			}
			f.Add(byte(i), data)
		}
	}
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		name := names[int(which)%len(names)]
		s := source(data)
		for _, d := range drawnOrRefused(t, name, &s) {
			checkDrawn(t, name, d)
		}
	})
}

// drawnOrRefused returns what the function draws; nothing if it panics as documented.
func drawnOrRefused(t *testing.T, name string, s *source) (all []drawn) {
	defer func() {
		if p := recover(); p != nil {
			text, ok := p.(string)
			if !ok || !regexp.MustCompile(`^plots\.(`+name+`|PerClassAccuracy|LossCurves|Outcomes|Comparison): .*[a-z]`).MatchString(text) {
				panic(p)
			}
		}
	}()
	return fuzzed[name](s)
}

// never must not appear in HTML, whatever the names.
var never = []string{"<script>hacked", "<img src=x", "<svg onload", "</title></style>", "<!--<script", "javascript:"}

func checkDrawn(t *testing.T, name string, d drawn) {
	html, text := rendered(t, d), d.String()
	for _, n := range never[:5] {
		if strings.Contains(html, n) {
			t.Errorf("%s: %q is in the HTML", name, n)
		}
	}
	if n := strings.Count(html, "</script>"); n > 1 {
		t.Errorf("%s: %d scripts end", name, n)
	}
	for what, s := range map[string]string{"HTML": html, "text": text} {
		if !utf8.ValidString(s) {
			t.Errorf("%s: the %s is not UTF-8", name, what)
		}
		if at := strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' || r == '\u2028' || r == '\u202e' }); at >= 0 {
			t.Errorf("%s: the %s has the control character %q", name, what, s[at:min(len(s), at+20)])
		}
		if found := regexp.MustCompile(`\bNaN\b( %|<|"|$|;|,)|[+-]?\bInf\b`).FindString(strings.ReplaceAll(s, "isNaN", "")); found != "" {
			t.Errorf("%s: the %s has %q", name, what, found)
		}
	}
	if lines := strings.Count(text, "\n"); lines > 4000 {
		t.Errorf("%s: %d lines of text", name, lines)
	}
	c, ok := d.(plots.Chart)
	if !ok {
		return
	}
	var o any
	if err := json.Unmarshal(c.Option(), &o); err != nil || strings.ContainsAny(string(c.Option()), "<>&\u2028") {
		t.Errorf("%s: the option is not JSON for a <script>: %v", name, err)
	}
	for _, m := range regexp.MustCompile(`height:(-?\d+)px`).FindAllStringSubmatch(html, -1) {
		var px int
		if fmt.Sscan(m[1], &px); px < 40 || px > 16000 {
			if strings.Contains(m[0], "height:40px") {
				continue
			}
			t.Errorf("%s: a drawing of %d px", name, px)
		}
	}
}
