package plots

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt"
)

// TestEveryMeasureHasACurve fills each field of a history with numbers of its own, and checks
// that each measure is drawn by one curve, in a panel, and in the table of values.
func TestEveryMeasureHasACurve(t *testing.T) {
	h := sdt.History{Stage: "adapt", Domains: 2, Step: []int{1, 2}}
	fields := reflect.ValueOf(&h).Elem()
	for i := range fields.NumField() {
		if fields.Field(i).Type() == reflect.TypeFor[[]float64]() {
			fields.Field(i).Set(reflect.ValueOf([]float64{float64(i), float64(i) + 0.5}))
		}
	}
	table := historyTable(h, "x")
	for _, m := range sdt.Measures() {
		var drawn []curve
		for _, c := range curves {
			if slices.Equal(c.values(h), m.Of(h)) {
				drawn = append(drawn, c)
			}
		}
		if len(drawn) != 1 || drawn[0].panel >= len(panels) || !slices.Contains(table.Head, drawn[0].head()) {
			t.Errorf("%s is drawn by %d curves, want one, which the table has too", m.Name, len(drawn))
		}
	}
	if text := lossSubtitle([]sdt.History{h, h}, []int{0, 1}); !strings.Contains(text, "Dotted: L_pseudo.") {
		t.Errorf("%q does not say which line is L_pseudo", text)
	}
}
