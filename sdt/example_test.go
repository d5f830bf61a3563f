package sdt_test

import (
	"context"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/sdtlab/sdtlab/sdt"
	"github.com/sdtlab/sdtlab/sdt/network"
)

// features returns examples of two classes, four numbers each, of a domain that is shifted.
func features(domain string, perClass int, shift float32) sdt.Labelled {
	l := sdt.Labelled{Classes: []string{"mug", "pen"}, Examples: sdt.Examples{Domain: domain, Shape: []int{4}}}
	for i := range 2 * perClass {
		k := i % 2
		l.Labels = append(l.Labels, int32(k))
		near, far := 1+float32(i%5)/10+shift, float32(i%3)/10
		if k == 0 {
			l.Values = append(l.Values, near, near, far, far)
		} else {
			l.Values = append(l.Values, far, far, near, near)
		}
	}
	return l
}

// exampleTask is to learn in a shop and to test on a desk.
func exampleTask() sdt.Task {
	desk := features("desk", 10, 0.3)
	return sdt.Task{Name: "shop→desk", Sources: []sdt.Labelled{features("shop", 20, 0)},
		Target: desk.Rows([]int{0, 1}), Unlabelled: desk.Examples.Rows([]int{2, 3, 4, 5, 6, 7, 8, 9}),
		Test: desk.Rows([]int{10, 11, 12, 13, 14, 15, 16, 17, 18, 19})}
}

// openExample opens a lab in a folder of its own.
func openExample() (lab *sdt.Lab, dir string) {
	dir, err := os.MkdirTemp("", "sdt-example-")
	if err != nil {
		log.Fatal(err)
	}
	lab, err = sdt.Open(dir, exampleTask(), sdt.Config{Network: network.Head(8), LearningRate: 0.05, PretrainSteps: 40, AdaptSteps: 40, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	return lab, dir
}

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "sdt-example-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	lab, err := sdt.Open(dir, exampleTask(), sdt.Config{Network: network.Head(8)})
	if err != nil {
		log.Fatal(err)
	}
	c := lab.Config() // the defaults are the paper's
	fmt.Printf("%s: λ = %g, ν = %g, τ = %g\n", c.Method, c.Lambda, c.Nu, c.Temperature)
	// Output: confusion + soft labels: λ = 0.01, ν = 0.1, τ = 2
}

func ExampleLab() {
	lab, dir := openExample()
	defer os.RemoveAll(dir)
	ctx := context.Background()

	source, err := lab.Pretrain(ctx) // 1
	if err != nil {
		log.Fatal(err)
	}
	soft, err := lab.SoftLabels(ctx, source) // 2
	if err != nil {
		log.Fatal(err)
	}
	adapted, err := lab.Adapt(ctx, source, soft) // 3
	if err != nil {
		log.Fatal(err)
	}
	e, err := lab.Evaluate(ctx, adapted) // 4
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d images of %s: %.0f %% right\n", len(e.Labels), e.Domain, 100*e.Accuracy())
	// Output: 10 images of desk: 100 % right
}

func ExampleLab_Export() {
	lab, dir := openExample()
	defer os.RemoveAll(dir)
	source, err := lab.Pretrain(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"source.onnx", "source.safetensors"} {
		if err := lab.Export(source, filepath.Join(dir, name)); err != nil {
			log.Fatal(err)
		}
	}
	weights, err := network.ReadWeights(filepath.Join(dir, "source.safetensors")) // for Config.Pretrained
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(slices.Sorted(maps.Keys(weights.Values)))
	// Output: [fc7/biases fc7/weights]
}

func ExampleLab_Score() {
	lab, dir := openExample()
	defer os.RemoveAll(dir)
	source, err := lab.Pretrain(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, v := range []sdt.Validator{sdt.Entropy, sdt.InformationMaximization} {
		if _, err := lab.Score(context.Background(), source, v); err != nil {
			log.Fatal(err)
		}
		fmt.Println(v, "needs no target label")
	}
	// Output:
	// entropy needs no target label
	// information maximization needs no target label
}

func ExampleReadRuns() {
	lab, dir := openExample()
	defer os.RemoveAll(dir)
	source, err := lab.Pretrain(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	if _, err := lab.Evaluate(context.Background(), source); err != nil {
		log.Fatal(err)
	}
	runs, err := sdt.ReadRuns(dir)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range runs {
		fmt.Printf("%s, %d steps of pretraining, evaluated on %s\n", r.Method(), r.Config().PretrainSteps, r.Evaluation().Domain)
	}
	// Output: source only, 40 steps of pretraining, evaluated on desk
}

func ExampleEvaluation_PerClass() {
	e := sdt.Evaluation{Method: sdt.Full, Classes: []string{"mug", "pen"}, Labels: []int32{0, 0, 0, 1}, Predictions: []int32{0, 0, 1, 1}}
	for k, accuracy := range e.PerClass() {
		fmt.Printf("%s %.2f\n", e.Classes[k], accuracy)
	}
	fmt.Printf("all %.2f, mean of classes %.2f\n", e.Accuracy(), e.MeanPerClass())
	// Output:
	// mug 0.67
	// pen 1.00
	// all 0.75, mean of classes 0.83
}
