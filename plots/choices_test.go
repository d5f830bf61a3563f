package plots_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
)

// version is one version of a figure as its script sees it.
type version struct {
	Name, Subtitle, Label string
	Value                 float64
	Option                map[string]any
	Tables                string
	Hello                 bool
}

// versions reads the versions from the fragment.
func versions(t *testing.T, c plots.Chart) []version {
	t.Helper()
	html := rendered(t, c)
	_, call, ok := strings.Cut(html, `)).bind("`+c.ID()+`", plots, `)
	if !ok {
		t.Fatalf("no versions in %.300s", html)
	}
	var v struct{ All []version }
	if err := json.NewDecoder(strings.NewReader(call)).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v.All
}

func TestClassByClassNumbers(t *testing.T) {
	// mug: before 1 of 3 right; after 2 of 3, and one taken for a ruler.
	before := small
	before.Method, before.Predictions = sdt.SourceOnly, []int32{0, 1, 2, 1}
	c := plots.ClassByClass(before, small)
	all := versions(t, c)
	if len(all) != 3 || all[0].Name != "mug *" || all[1].Name != "pen" || all[2].Name != "ruler *" {
		t.Fatalf("versions %+v", all)
	}
	wantRows(t, "mug", c.Tables()[0].Rows, [][]string{{"source only", "3", "1", "33.3", "pen 1, ruler 1"}, {"confusion + soft labels", "3", "2", "66.7", "ruler 1"}})
	wantRows(t, "pen", c.Tables()[1].Rows, [][]string{{"source only", "1", "1", "100.0", ""}, {"confusion + soft labels", "1", "0", "0.0", "mug 1"}})
	wantRows(t, "ruler, without images", c.Tables()[2].Rows, [][]string{{"source only", "0", "0", "–", ""}, {"confusion + soft labels", "0", "0", "–", ""}})
	pieces := map[string][]any{} // by series, for each method
	for _, s := range all[0].Option["series"].([]any) {
		s := s.(map[string]any)
		for _, d := range s["data"].([]any) {
			pieces[s["name"].(string)] = append(pieces[s["name"].(string)], d.(map[string]any)["value"])
		}
	}
	// The ruler is the more frequent mistake, so it comes first; parts of 100 %.
	want := map[string][]any{"right: mug *": {33.333, 66.667}, "ruler *": {33.333, 33.333}, "pen": {33.333, 0.}}
	if !reflect.DeepEqual(pieces, want) {
		t.Errorf("the pieces for mug are %v, want %v", pieces, want)
	}
	// mug gains 33 points, pen loses 100, ruler has no image: the figure starts with mug.
	if html := rendered(t, c); !strings.Contains(html, `<option value="0" selected>mug *</option>`) || strings.Count(html, " selected>") != 1 {
		t.Errorf("the figure does not begin with the class that gains most")
	}

	// Seven wrong classes, the first of them twice: five are named.
	many := sdt.Evaluation{Domain: "webcam", Classes: strings.Split("abcdefgh", ""), Labels: make([]int32, 9),
		Predictions: []int32{0, 1, 1, 2, 3, 4, 5, 6, 7}, Confidence: make([]float32, 9)}
	series := versions(t, plots.ClassByClass(many))[0].Option["series"].([]any)
	var names []string
	for _, s := range series {
		names = append(names, s.(map[string]any)["name"].(string))
	}
	if strings.Join(names, ",") != "right: a,b,c,d,e,f,other classes" {
		t.Errorf("pieces %q", names)
	}
	if last := series[6].(map[string]any)["data"].([]any)[0].(map[string]any)["value"]; last != 22.222 { // g and h: 2 of 9
		t.Errorf("others are %v %%", last)
	}
}

func TestTemperatureNumbers(t *testing.T) {
	at := func(τ float64) sdt.SoftLabels {
		return sdt.SoftLabels{Classes: []string{"a", "b"}, Temperature: τ, L: [][]float64{{1 - τ/100, τ / 100}, {τ / 50, 1 - τ/50}}, Counts: []int{3, 4}}
	}
	c := plots.SoftLabelsByTemperature(at, 1, 2, 10)
	all := versions(t, c)
	if len(all) != 3 || all[1].Name != "τ = 2" || all[1].Value != 2 {
		t.Fatalf("versions %+v", all)
	}
	wantRows(t, "τ = 10", c.Tables()[2].Rows, [][]string{{"a", "3", "90.0", "0.33", "b 10.0 %"}, {"b", "4", "80.0", "0.50", "a 20.0 %"}})
	var o struct {
		VisualMap []struct{ Min, Max float64 }
	}
	if err := json.Unmarshal(c.Option(), &o); err != nil {
		t.Fatal(err)
	}
	// One scale for all: from a tenth of the largest at τ = 1 or below, 0.002, to 20 % at τ = 10.
	if s := o.VisualMap[0]; s.Min > -2.69 || s.Min < -2.71 || s.Max > -0.69 || s.Max < -0.71 {
		t.Errorf("the colours go from 10^%v to 10^%v", s.Min, s.Max)
	}

	// The program answers with soft labels at any τ of the slider, and otherwise with a greeting.
	var v version
	ask := func(q string) {
		t.Helper()
		v = version{}
		if err := json.Unmarshal([]byte(plots.Reply(c, q)), &v); err != nil {
			t.Fatal(err)
		}
	}
	if ask("3.5"); v.Value != 3.5 || v.Name != "τ = 3.5" || !strings.Contains(v.Tables, "96.5") || !strings.Contains(v.Subtitle, "τ = 3.5") {
		t.Errorf("at τ = 3.5: %+v", v)
	}
	for _, q := range []string{"hello", "NaN", "0.5", "11", "-Inf", ""} {
		if ask(q); !v.Hello || v.Option != nil {
			t.Errorf("to %q it answers %+v", q, v)
		}
	}
}
