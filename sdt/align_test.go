package sdt

import (
	"strings"
	"testing"
)

// Names that differ as two cameras' folders do come with the map that matches them.
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

// The advice depends on the mismatch: a Map cannot help with classes that only one domain has.
func TestAlignmentErrorSaysWhatToSet(t *testing.T) {
	for _, row := range []struct {
		why            string
		source, target []string
		want           string
	}{
		{"one on either side", []string{"laptop"}, []string{"notebook"}, `: set Align.Map (target name: source name, such as {"notebook": "laptop"}), or Align.Partial to drop them`},
		{"one name in two forms of Unicode", []string{"caf\u00e9"}, []string{"cafe\u0301"}, `such as {"cafe\u0301": "caf\u00e9"}), or Align.Partial to drop them`},
		{"several", []string{"laptop", "pen"}, []string{"notebook"}, `: set Align.Map (target name: source name, such as {"notebook PC": "laptop"}), or Align.Partial to drop them`},
		{"alike", []string{"Pen"}, []string{"pen"}, `: set Align.Map, target name: source name (these look alike: Map: map[string]string{"pen": "Pen"}), or Align.Partial to drop them`},
		{"the source's alone", []string{"laptop"}, nil, `only "shop" has "laptop": set Align.Partial to drop them`},
		{"the target's alone", nil, []string{"notebook"}, `only "desk" has "notebook": set Align.Partial to drop them`},
	} {
		said := (&AlignmentError{Source: "shop", Target: "desk", OnlySource: row.source, OnlyTarget: row.target}).Error()
		if !strings.HasSuffix(said, row.want) {
			t.Errorf("%s: %q, want it to end %q", row.why, said, row.want)
		}
	}
}
