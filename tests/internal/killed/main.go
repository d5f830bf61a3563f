// Command killed runs the four stages on small made data, in the run directory that is
// its argument, and prints a line for each step. Package tests kills it.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "killed:", err)
		os.Exit(1)
	}
}

// run saves after every step, so that there is something to kill it in.
func run(ctx context.Context, dir string) error {
	glyphs, err := datasets.Glyphs31(datasets.GlyphsConfig{Fraction: 0.05, Grey: true, Size: 28})
	if err != nil {
		return err
	}
	task, err := datasets.SemiSupervised(glyphs.Catalogue, glyphs.Webcam, datasets.Protocol{Seed: 1, PerTarget: 1})
	if err != nil {
		return err
	}
	lab, err := sdt.Open(dir, task, sdt.Config{Network: network.LeNet, SourceBatch: 8, TargetBatch: 8, PretrainSteps: 30, AdaptSteps: 30, Seed: 1})
	if err != nil {
		return err
	}
	lab.SaveEvery = time.Nanosecond
	lab.OnProgress = func(p sdt.Progress) { fmt.Println(p.Stage, p.Step) }
	source, err := lab.Pretrain(ctx)
	if err != nil {
		return err
	}
	soft, err := lab.SoftLabels(ctx, source)
	if err != nil {
		return err
	}
	model, err := lab.Adapt(ctx, source, soft)
	if err != nil {
		return err
	}
	_, err = lab.Evaluate(ctx, model)
	return err
}
