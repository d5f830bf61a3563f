package sdt

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// format is the format that this version writes and reads.
const format = 2

// otherFormat reports a record that another version of sdtlab has written.
type otherFormat struct{ have int }

func (e *otherFormat) Error() string {
	if e.have > format {
		return fmt.Sprintf("it was written by a newer version of sdtlab (format %d, this version reads %d): update sdtlab, or delete it to make it again", e.have, format)
	}
	return fmt.Sprintf("it was written by an earlier version of sdtlab (format %d, this version reads %d): delete it to make it again", e.have, format)
}

// readProvenance reads where the result of a stage comes from. It returns an error if that
// does not include everything that the stage depends on, since a missing setting would be
// read as zero, which is a setting; or if its hash is not the key.
func readProvenance(raw []byte, stage, key string) (p Provenance, err error) {
	var there struct {
		Inputs struct {
			Format *int
			Config map[string]json.RawMessage
		} `json:"inputs"`
	}
	if err := json.Unmarshal(raw, &there); err != nil {
		return p, fmt.Errorf("provenance: %w", err)
	}
	if f := there.Inputs.Format; f == nil {
		return p, fmt.Errorf("provenance: the inputs of the result are missing")
	} else if *f != format {
		return p, &otherFormat{*f}
	}
	if stage == "pretrain" || stage == "adapt" {
		var absent []string
		for _, name := range writtenSettings() {
			if v := there.Inputs.Config[name]; v == nil || string(v) == "null" {
				absent = append(absent, name)
			}
		}
		if len(absent) > 0 {
			return p, fmt.Errorf("these settings are missing: %s", strings.Join(absent, ", "))
		}
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return Provenance{}, fmt.Errorf("provenance: %w", err)
	}
	if p.Inputs.Stage != stage {
		return Provenance{}, fmt.Errorf("it is the result of %q, want %q", p.Inputs.Stage, stage)
	}
	if hash, err := p.Inputs.key(); err != nil || hash != key {
		return Provenance{}, fmt.Errorf("its key %s is not the hash of its inputs", key)
	}
	return p, nil
}

// writtenSettings returns the names of the settings that a training's record always has, even
// if they are zero.
func writtenSettings() (names []string) {
	for f := range reflect.TypeFor[Config]().Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || options == "omitempty" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		names = append(names, name)
	}
	return names
}
