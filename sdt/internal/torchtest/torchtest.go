// Package torchtest finds PyTorch for tests that compare this library with it.
package torchtest

import (
	"os/exec"
	"slices"
	"testing"
)

// pythons are where PyTorch may be: the system's Python, if the first on PATH lacks it.
var pythons = []string{"python3", "/usr/bin/python3"}

// Python returns a Python that has PyTorch, or "" if there is none: Install says how to get
// it.
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
