package dashboard

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
)

// setting is one of a run's settings.
type setting struct {
	name string          // of the field of sdt.Config
	json json.RawMessage // its value
}

// settings returns those of a run by name, none if they are unknown. It leaves out what is empty,
// and the steps of a pretraining that is unknown.
func settings(r sdt.Run) ([]setting, error) {
	c := r.Config()
	if c == nil {
		return nil, nil
	}
	text, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, err
	}
	if c.PretrainSteps == 0 {
		delete(values, "PretrainSteps")
	}
	var all []setting
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if value := values[name]; !bytes.Equal(value, []byte(`""`)) && !bytes.Equal(value, []byte("null")) {
			all = append(all, setting{name, value})
		}
	}
	return all, nil
}

// value returns a number, a truth value or a string; of anything else, its JSON.
func (s setting) value() any {
	var v any
	if err := json.Unmarshal(s.json, &v); err == nil {
		switch v.(type) {
		case float64, bool, string:
			return v
		}
	}
	return string(s.json)
}

// text returns the value as text: a number with all its digits, a string without quotes.
func (s setting) text() string {
	if v, ok := s.value().(string); ok {
		return v
	}
	return string(s.json)
}
