package sdt

import (
	"strings"
	"testing"
)

// Names that differ as two cameras' folders do come with the map that brings them together.
func TestAlignmentErrorOffersAMap(t *testing.T) {
	for _, row := range []struct {
		why, source, target, says string
	}{
		{"case", "Mug", "mug", `(these look alike: Map: map[string]string{"mug": "Mug"})`},
		{"a space at the end", "mug", "mug ", `map[string]string{"mug ": "mug"}`},
		{"what stands between words", "back_pack", "Back-Pack", `map[string]string{"Back-Pack": "back_pack"}`},
		{"case and a form of Unicode", "Caf\u00e9", "cafe\u0301", "map[string]string{\"cafe\u0301\": \"Caf\u00e9\"}"},
		{"other words", "mug", "cup", ""},
		{"marks alone", "+", "-", ""},
	} {
		said := (&AlignmentError{Source: "shop", Target: "desk", OnlySource: []string{row.source, "pen"}, OnlyTarget: []string{"ruler", row.target}}).Error()
		if !strings.Contains(said, row.says) || row.says == "" && strings.Contains(said, "alike") {
			t.Errorf("%s: %q, want it to say %q", row.why, said, row.says)
		}
	}
}
