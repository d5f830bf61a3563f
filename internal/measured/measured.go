// Package measured has how fast the back ends are that were measured on this machine: kernel
// measures them and keeps the times in the cache folder, sdt chooses the fastest by them.
//
// The file machine says what machine this is.
package measured

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// file is where the times are in the cache folder.
const file = "backends.json"

// Path returns the file of the times in a cache folder.
func Path(cache string) string { return filepath.Join(cache, file) }

// BackEnd is a back end and how long it took for a step of training.
type BackEnd struct {
	Name     string   `json:"name"`     // "go", "onnx", "xla-cpu" or "xla-cuda"
	Environ  []string `json:"environ"`  // name=value, which choose it
	Images   float64  `json:"images"`   // seconds of a step of a convolutional network
	Features float64  `json:"features"` // seconds of a step of fully connected layers
}

// Times are those of a machine.
type Times struct {
	Machine  string    `json:"machine"` // see [Machine]
	BackEnds []BackEnd `json:"back_ends"`
}

// Config returns the setting of $GOMLX_BACKEND that chooses the back end.
func (b BackEnd) Config() string {
	for _, kv := range b.Environ {
		if name, value, _ := strings.Cut(kv, "="); name == "GOMLX_BACKEND" {
			return value
		}
	}
	return b.Name
}

// Encode returns the times as the file has them.
func (t Times) Encode() ([]byte, error) {
	data, err := json.MarshalIndent(t, "", "\t")
	return append(data, '\n'), err
}

// Read returns the back ends whose times are in a cache folder and that are still installed;
// none if nothing was measured on this machine.
func Read(cache string) ([]BackEnd, error) {
	path := Path(cache)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("times of the back ends: %w", err)
	}
	var t Times
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("times of the back ends: %s: %w: delete it, and run go run ./kernel doctor", path, err)
	}
	if t.Machine != Machine() {
		return nil, nil
	}
	return slices.DeleteFunc(t.BackEnds, func(b BackEnd) bool { return !b.installed() }), nil
}

// installed reports whether the files that choose a back end exist, and whether its times can
// be those of a step.
func (b BackEnd) installed() bool {
	for _, kv := range b.Environ {
		_, value, _ := strings.Cut(kv, "=")
		_, plugin, _ := strings.Cut(value, ":")
		for _, path := range []string{value, plugin} {
			if _, err := os.Stat(path); filepath.IsAbs(path) && err != nil {
				return false
			}
		}
	}
	return b.Images > 0 && b.Features > 0
}

// Fastest sorts back ends by their times, the fastest first: for networks on images, or on
// features.
func Fastest(all []BackEnd, images bool) []BackEnd {
	time := func(b BackEnd) float64 {
		if images {
			return b.Images
		}
		return b.Features
	}
	return slices.SortedStableFunc(slices.Values(all), func(a, b BackEnd) int { return cmp.Compare(time(a), time(b)) })
}
