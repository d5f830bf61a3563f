package backend

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Peer is PyTorch on this machine, and how long it takes for the steps that [Measure] times.
type Peer struct {
	Version          string
	Images, Features float64 // seconds of a step
}

// MeasurePeer times PyTorch on the CPU. ok is false if python3 does not have it.
func MeasurePeer(ctx context.Context, w Where) (p Peer, ok bool, err error) {
	version, err := exec.CommandContext(ctx, "python3", "-c", "import torch; print(torch.__version__)").Output()
	if err != nil {
		return Peer{}, false, ctx.Err()
	}
	p.Version, _, _ = strings.Cut(strings.TrimSpace(string(version)), "+")
	for network, into := range map[string]*float64{"convnet": &p.Images, "head": &p.Features} {
		if *into, err = torchStep(ctx, w, network); err != nil {
			return Peer{}, false, fmt.Errorf("PyTorch: %w", err)
		}
	}
	return p, true, nil
}

// torchStep returns the median time of a step in PyTorch, in seconds, after some that are not
// counted.
func torchStep(ctx context.Context, w Where, network string) (float64, error) {
	const warm, counted = 5, 15
	cmd := exec.CommandContext(ctx, "python3", filepath.Join("sdt", "testdata", "torch_step.py"), network, "cpu")
	cmd.Dir = w.Project
	cmd.Stdin = strings.NewReader(fmt.Sprintf("%d\n%d\n", warm, counted))
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return 0, reason(said.String(), err)
	}
	var seconds []float64
	for _, word := range strings.Fields(lastLine(string(out))) {
		s, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return 0, err
		}
		seconds = append(seconds, s)
	}
	if len(seconds) != counted {
		return 0, fmt.Errorf("it took %d steps, not %d", len(seconds), counted)
	}
	slices.Sort(seconds)
	return seconds[counted/2], nil
}
