package sdt

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/sdt/internal/torchtest"
)

// torchSteps returns a function that takes n steps of a network in PyTorch and returns how many
// seconds each took; without PyTorch it takes none, and this is logged. The arguments are those
// of testdata/torch_step.py.
func torchSteps(b *testing.B, args ...string) func(n int) []float64 {
	python := torchtest.Python(b)
	if python == "" {
		b.Log("no python3 with PyTorch, so no figure beside it: " + torchtest.Install)
		return func(int) []float64 { return nil }
	}
	c := exec.CommandContext(b.Context(), python, append([]string{filepath.Join("testdata", "torch_step.py")}, args...)...)
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		c.Wait() // killed, because its context is done
	})
	lines := bufio.NewScanner(out)
	return func(n int) []float64 {
		if _, err := fmt.Fprintln(in, n); err != nil || !lines.Scan() {
			b.Fatalf("PyTorch stopped: %v, %v", err, lines.Err())
		}
		var seconds []float64
		for _, text := range strings.Fields(lines.Text()) {
			s, err := strconv.ParseFloat(text, 64)
			if err != nil {
				b.Fatal(err)
			}
			seconds = append(seconds, s)
		}
		return seconds
	}
}
