// Package torchtest finds PyTorch for the tests that hold this library beside it.
package torchtest

import (
	"os/exec"
	"slices"
	"testing"
)

// pythons are where PyTorch may be: the distribution's where another comes first without it.
var pythons = []string{"python3", "/usr/bin/python3"}

// Python returns a Python that has PyTorch, and "" where there is none: Install says how to
// get one.
func Python(t testing.TB) string {
	python := slices.IndexFunc(pythons, func(python string) bool {
		return exec.CommandContext(t.Context(), python, "-c", "import torch").Run() == nil
	})
	if python < 0 {
		return ""
	}
	return pythons[python]
}

// Install is the command that installs PyTorch.
const Install = "apt-get install python3-torch libopenblas0-pthread"
