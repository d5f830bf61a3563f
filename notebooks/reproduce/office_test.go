package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
)

// The table office on the drawn set: both protocols, their averages, and rows with settings that
// the validator chooses, the oracle beside them.
func TestTableOffice(t *testing.T) {
	markdown, comma, latex, results, classes := made31(t, "office", "-set", "office31", "-network", "lenet", "-methods", "source + target, source + target + pseudo-labels")
	const number = `( \| \d+\.\d){7} \|`
	const title, shifts = `Office-31, all 31 classes, LeNet from random weights; published: all 31, CaffeNet fine-tuned from ImageNet`,
		` \| amazon→webcam \| amazon→dslr \| webcam→amazon \| webcam→dslr \| dslr→amazon \| dslr→webcam \| average \|`
	lines(t, markdown,
		`\| `+title+shifts, `\| source \+ target`+number, `\| source \+ target \+ pseudo-labels, oracle`+number,
		`\| held-out classes: `+title+shifts,
		`\| published \| 82\.5 \(m\) \|.*\| 81\.50 \(v\) \|`, // source + target is in the paper's Table 1 alone
		`\| minus source \+ target, paired`+shifts, `\| held-out classes: minus source \+ target, paired`+shifts,
		`\| source \+ target \+ pseudo-labels( \| [+-]\d+\.\d){7} \|`,
		`\| held-out classes: taken for a class with labelled target images, percent`+shifts,
		`Chosen by information maximization, .*held-out classes, source \+ target \+ pseudo-labels: threshold = 0\.\d+ in \d.*`,
		`Published by others .*So-HoT 82\.7, CCSA 83\.1, d-SNE 83\.6, DAGE-LDA 83\.6 \(v\)\. .*CCSA 82\.2, d-SNE 81\.6, DAGE-LDA 82\.8 \(v\)\.`)
	for row, want := range map[string]int{"source + target": 3, "source + target + pseudo-labels": 5, "published": 1} { // accuracies twice, shares, and differences twice
		if n := strings.Count(markdown, "\n| "+row+" | "); n != want {
			t.Errorf("%d rows of %s, want %d in\n%s", n, row, want, markdown)
		}
	}
	lines(t, latex, `source \+ target & .*`, `held-out classes: .* & amazon\$\\to\$webcam & .*`)
	if rows := strings.Count(comma, "\n"); rows != 1+14*3 {
		t.Errorf("%d lines of CSV, want a head and 14 rows of 3 columns", rows)
	}
	if len(results) != 12*(1+2) {
		t.Errorf("%d results, want 12 problems with one setting and two", len(results))
	}
	tried := map[string]int{}
	for _, r := range results {
		source, target, _ := strings.Cut(strings.TrimSuffix(r.Problem, heldOut), "→")
		if held := strings.HasSuffix(r.Problem, heldOut); held != (r.HeldOut != nil) || held && len(r.Split.Source) != len(classes[source]) {
			t.Errorf("%s holds out %v, with %d of %d source images", r.Problem, r.HeldOut, len(r.Split.Source), len(classes[source]))
		}
		if len(r.Split.Target)+len(r.Split.Test) != len(classes[target]) {
			t.Errorf("%s: %d labelled and %d tested of %d", r.Problem, len(r.Split.Target), len(r.Split.Test), len(classes[target]))
		}
		tried[fmt.Sprint(r.Method, r.Variant, " ", r.Setting, " ", r.Config.PseudoLabels, r.Config.PseudoThreshold, " ", r.Config.Lambda)]++
		if (r.Setting != "") != (len(r.Scores) == 3) {
			t.Errorf("%s, %s %q has scores %v", r.Problem, r.Method, r.Setting, r.Scores)
		}
	}
	want := map[string]int{"source + target  0 0 0.01": 12, "source + target + pseudo-labels threshold = 0.8 1 0.8 0.01": 12, "source + target + pseudo-labels threshold = 0.95 1 0.95 0.01": 12}
	if !maps.Equal(tried, want) {
		t.Errorf("tried are %v\nwant %v", tried, want)
	}
}

// The cells of the table at full size, without data.
func TestOfficeCells(t *testing.T) {
	for network, want := range map[string]struct{ cells, problems int }{
		"":                        {5 * 6 * (6 + 5 + 2*(8+2+2+7*2)), 12}, // trials, shifts, the paper's methods in both protocols, then those with settings
		"efficientnet-lite0-last": {3 * (6 + 5 + 2*2), 2},                // one shift
	} {
		o := options{data: "data", set: "photos256"}
		table, err := o.of(tables["office"], network)
		if err != nil {
			t.Fatal(err)
		}
		cells, err := table.cells(t.Context(), o)
		if err != nil || len(cells) != want.cells {
			t.Errorf("%s: %d cells, %v; want %d", network, len(cells), err, want.cells)
		}
		problems, keys := map[string]bool{}, map[string]string{}
		for _, c := range tuned(cells) {
			problems[c.problem] = true
			if before, twice := keys[c.key()]; twice {
				t.Errorf("%s and %s have one key", c.name(), before)
			}
			keys[c.key()] = c.name()
			// The methods of the paper as they are have its values; what is tried has its own.
			if network != "" {
				continue // no setting to choose
			}
			if own := c.config.Lambda == 0 && c.config.Nu == 0 && c.config.Temperature == 0 && c.config.PseudoLabels == 0; own != (c.setting == "") {
				t.Errorf("%s has λ %v, ν %v, τ %v, pseudo-labels %v", c.name(), c.config.Lambda, c.config.Nu, c.config.Temperature, c.config.PseudoLabels)
			}
		}
		if len(problems) != want.problems {
			t.Errorf("%s: the problems are %v", network, slices.Collect(maps.Keys(problems)))
		}
	}
	for _, m := range sdt.Baselines() {
		if own := fmt.Sprintf(`"Lambda":%v,`, ownLambda[m]); !strings.Contains(sdt.Config{Method: m}.String(), own) {
			t.Errorf("%s: its own λ is not %s of %s", m, own, sdt.Config{Method: m})
		}
	}
}

// A set that the user does not name is the first that is there; the others are errors.
func TestOfficeSet(t *testing.T) {
	for _, row := range []struct{ set, want string }{{"", "neither office31 nor office_caltech10/photos256 is in"}, {"office32", `no set "office32"`}} {
		o := options{data: t.TempDir(), set: row.set}
		if _, err := o.of(tables["office"], "convnet"); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%q: %v, want %s", row.set, err, row.want)
		}
	}
}
