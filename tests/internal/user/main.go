// Command user does with the library what a user's own program does: it reads two domains,
// makes a task, runs the four stages in a run directory, and ends with the accuracy; or with
// one sentence and exit status 1. Package tests puts faults in its way.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/datasets"
	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// steps are taken in pretraining, and as many in adaptation.
const steps = 3

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// run reads the flags, and saves after every step.
func run(ctx context.Context) error {
	source := flag.String("source", "", "folder of images, or .npy file of features, with labels in labels.npy beside it")
	target := flag.String("target", "", "likewise")
	dir := flag.String("run", "", "run directory")
	cache := flag.String("cache", "", "directory for decoded images")
	classes := flag.String("classes", "", "names of the classes of features, with commas")
	stop := flag.Int("stop", 0, "interrupt the run after so many steps in all, as Ctrl-C does; 0: never")
	hold := flag.Bool("hold", false, "wait after the first step until standard input ends")
	flag.Parse()
	config := sdt.Config{Network: network.LeNet, SourceBatch: 4, TargetBatch: 4, PretrainSteps: steps, AdaptSteps: steps, Seed: 1}
	read := func(path string) (sdt.Labelled, error) {
		if strings.HasSuffix(path, ".npy") {
			config.Network = network.Head(8)
			labels := filepath.Join(filepath.Dir(path), "labels.npy")
			return datasets.ReadFeatures(filepath.Base(path), path, labels, strings.Split(*classes, ","))
		}
		return datasets.ReadFolder(ctx, path, datasets.FolderConfig{Width: 28, Grey: true, Cache: *cache})
	}
	from, err := read(*source)
	if err != nil {
		return err
	}
	to, err := read(*target)
	if err != nil {
		return err
	}
	task, err := datasets.Supervised(from, to, datasets.Protocol{PerTarget: 1})
	if err != nil {
		return err
	}
	lab, err := sdt.Open(*dir, task, config)
	if err != nil {
		return err
	}
	lab.SaveEvery = time.Nanosecond
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	taken := 0
	lab.OnProgress = func(p sdt.Progress) {
		if p.Loaded {
			fmt.Println(p.Stage, "loaded")
			return
		}
		fmt.Println(p.Stage, p.Step)
		if taken++; taken == *stop {
			interrupt()
		}
		if *hold && taken == 1 {
			io.Copy(io.Discard, os.Stdin)
		}
	}
	network, err := lab.Pretrain(ctx)
	if err != nil {
		return err
	}
	soft, err := lab.SoftLabels(ctx, network)
	if err != nil {
		return err
	}
	adapted, err := lab.Adapt(ctx, network, soft)
	if err != nil {
		return err
	}
	e, err := lab.Evaluate(ctx, adapted)
	if err != nil {
		return err
	}
	_, err = fmt.Printf("accuracy %.3f of %q\n", e.Accuracy(), e.Classes)
	return err
}
