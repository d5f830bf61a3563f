package sdt

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// format is that of what this version writes, and reads.
const format = 2

// otherFormat says that another version of the lab has written a record.
type otherFormat struct{ have int }

func (e *otherFormat) Error() string {
	if e.have > format {
		return fmt.Sprintf("it was written by a newer version of sdtlab (format %d, this version reads %d): update sdtlab, or delete it to make it again", e.have, format)
	}
	return fmt.Sprintf("it was written by an earlier version of sdtlab (format %d, this version reads %d): delete it to make it again", e.have, format)
}

// readProvenance reads where the result of a stage comes from. One that does not say all that
// the stage depends on is an error, and so is one whose hash is not the key: a setting that is
// not there would be read as zero, and zero is a setting.
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
		return p, fmt.Errorf("provenance: it does not say what the result depends on")
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
			return p, fmt.Errorf("it does not say what these settings were: %s", strings.Join(absent, ", "))
		}
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return Provenance{}, fmt.Errorf("provenance: %w", err)
	}
	if p.Inputs.Stage != stage {
		return Provenance{}, fmt.Errorf("it is the result of %q, want %q", p.Inputs.Stage, stage)
	}
	if hash, err := p.Inputs.key(); err != nil || hash != key {
		return Provenance{}, fmt.Errorf("its key %s is not the hash of what it says that it depends on", key)
	}
	return p, nil
}

// writtenSettings are the names of those that a training's record has even where they are zero.
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
