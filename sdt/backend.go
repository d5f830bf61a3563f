package sdt

import (
	"os"
	"slices"

	"github.com/gomlx/compute"

	"github.com/sdtlab/sdtlab/sdt/internal/backend"
)

// NewBackend returns the GoMLX back end that $GOMLX_BACKEND names, as "name" or
// "name:options": "go"; "onnx", ONNX Runtime at $ONNXRUNTIME_SHARED_LIBRARY_PATH;
// "xla:/path/plugin.so", any PJRT plugin. If it is not set, it is the fastest for networks on
// images of those that "kernel doctor" or "kernel install" measured on this machine, or pure Go
// if none was. It never downloads one.
//
// The pure Go back end runs one operation at a time, unless its options say "ops_parallel".
func NewBackend() (compute.Backend, error) {
	b, _, err := backend.Choose(true, nil)
	return b, err
}

// BackendName names a back end in the keys of results, which are those of one back end: by
// GoMLX's name, with the device if it is XLA on the CPU, "xla-cpu".
func BackendName(b compute.Backend) string { return backend.Identify(b) }

// ChooseBackend is [NewBackend] for networks on images, or on features, whose results are in the
// given run directories: if $GOMLX_BACKEND is not set, the back end that computed them, so that
// they are resumed. why is a sentence for the user; "" if there is nothing to say.
func ChooseBackend(images bool, dirs ...string) (b compute.Backend, why string, err error) {
	return backend.Choose(images, backendsOf(dirs))
}

// backendsOf returns the names of the back ends that computed the trainings in run directories,
// the newest first. What cannot be read is reported when it is needed.
func backendsOf(dirs []string) []string {
	var stages []Stage
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // Open makes it
		}
		for _, e := range entries {
			if s, ok, err := readStage(dir, e.Name()); err == nil && ok && s.History != nil {
				stages = append(stages, s)
			}
		}
	}
	slices.SortStableFunc(stages, func(a, b Stage) int { return b.Provenance.Made.Compare(a.Provenance.Made) })
	var names []string
	for _, s := range stages {
		if name := s.Provenance.Inputs.Backend; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
