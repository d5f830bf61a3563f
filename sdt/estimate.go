package sdt

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Estimate returns roughly how long the lab's two trainings take on this machine. It runs
// some steps of each, from other weights, and discards them. A training that is done takes
// no time; one in progress counts in full. Early stopping is not taken into account, neither
// its scores nor the steps that it saves. Errors are as in the trainings.
func (l *Lab) Estimate(ctx context.Context) (pretrain, adapt time.Duration, err error) {
	t := l.pretraining()
	if pretrain, err = l.estimate(ctx, t); err != nil || l.config.Method == SourceOnly {
		return pretrain, 0, err
	}
	_, source, err := l.keyOf(t)
	if err != nil {
		return 0, 0, err
	}
	_, soft, err := l.softInputs(source)
	if err != nil {
		return 0, 0, err
	}
	k := len(l.task.Classes())
	even := SoftLabels{Key: soft, Temperature: l.config.Temperature, L: slices.Repeat([][]float64{slices.Repeat([]float64{1 / float64(k)}, k)}, k)}
	adapt, err = l.estimate(ctx, l.adaptation(&Model{Key: source}, &even))
	return pretrain, adapt, err
}

// estimate is Estimate for one training.
func (l *Lab) estimate(ctx context.Context, t training) (time.Duration, error) {
	_, key, err := l.keyOf(t)
	if err != nil {
		return 0, err
	}
	if _, err := os.Stat(filepath.Join(l.dir, t.stage+"-"+key, stageFile)); err == nil {
		return 0, nil
	}
	dir, err := os.MkdirTemp("", "sdt-estimate-")
	if err != nil {
		return 0, fmt.Errorf("estimate: %w", err)
	}
	defer os.RemoveAll(dir)
	steps := t.steps
	t.from, t.config.EarlyStop, t.config.LearningRate = nil, 0, 1e-9 // so that no step diverges
	const short, long = 2, 20
	each, err := l.stepTime(ctx, t, dir, short)
	if err == nil && each < time.Second/long { // too few steps to be accurate
		each, err = l.stepTime(ctx, t, dir, long)
	}
	return time.Duration(steps) * each, err
}

// stepTime returns the time of a step, not counting the first, which compiles the graph.
func (l *Lab) stepTime(ctx context.Context, t training, dir string, steps int) (time.Duration, error) {
	var first, last time.Duration
	quiet := *l
	quiet.OnProgress = func(p Progress) {
		if p.Step == 1 {
			first = p.Elapsed
		}
		last = p.Elapsed
	}
	t.steps = steps
	err := quiet.run(ctx, t, &Model{Stage: t.stage, Dir: dir})
	return (last - first) / time.Duration(steps-1), err
}
