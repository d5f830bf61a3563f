package plots_test

import (
	"fmt"
	"os"

	"github.com/sdtlab/sdtlab/plots"
	"github.com/sdtlab/sdtlab/sdt"
)

// Three trials of two methods, as a notebook prints them in a terminal.
func ExampleResultTable() {
	fmt.Print(plots.ResultTable(
		plots.Trials{Task: "amazon → webcam", Method: sdt.SourceTarget, Accuracies: []float64{.81, .83, .82}},
		plots.Trials{Task: "amazon → webcam", Method: sdt.Full, Accuracies: []float64{.83, .85, .84}},
		plots.Trials{Task: "amazon → dslr", Method: sdt.SourceTarget, Accuracies: []float64{.85}},
	))
	// Output:
	// Accuracy, %: mean ± standard error over 1 to 3 trials
	// method                   amazon → webcam  amazon → dslr  mean
	// ─────────────────────────────────────────────────────────────
	// source + target               82.0 ± 0.6           85.0  83.5
	// confusion + soft labels       84.0 ± 0.6              –     –
}

// Outside a notebook a figure is written to a file, or printed.
func ExampleChart_Display() {
	chart := plots.ConfusionMatrix(sdt.Evaluation{Domain: "webcam", Classes: []string{"mug", "pen"},
		Labels: []int32{0, 0, 1}, Predictions: []int32{0, 1, 1}, Confidence: []float32{.9, .6, .8}})
	if err := chart.Display(); err != nil {
		fmt.Println(err)
		fmt.Print(chart)
	}
	// Output:
	// no notebook to display in: use Render or String
	// Confusion matrix: confusion + soft labels
	// Test images of webcam. Colour: share of the row's images.
	//
	// Predictions for the images of each class
	// true class  images  right  accuracy, %  predicted instead
	// ─────────────────────────────────────────────────────────
	// mug              2      1         50.0  pen 1
	// pen              1      1        100.0
	// ─────────────────────────────────────────────────────────
	// all              3      2         66.7
}

// Several figures in one file.
func ExamplePage() {
	trials := plots.Trials{Method: sdt.Full, Accuracies: []float64{.8, .9}}
	page := plots.Page{Title: "A run", Figures: []plots.Figure{plots.Comparison(trials), plots.ResultTable(trials)}}
	file, err := os.CreateTemp("", "run-*.html")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(file.Name())
	fmt.Println(page.Render(file), file.Close())
	// Output: <nil> <nil>
}

// A figure is also a table, for those who cannot see it.
func ExamplePerClassAccuracy() {
	of := func(m sdt.Method, predictions ...int32) sdt.Evaluation {
		return sdt.Evaluation{Method: m, Domain: "webcam", Classes: []string{"mug", "pen"}, Labels: []int32{0, 0, 1, 1},
			Predictions: predictions, Confidence: []float32{.9, .6, .8, .7}}
	}
	fmt.Print(plots.PerClassAccuracy(of(sdt.SourceOnly, 0, 1, 1, 0), of(sdt.Full, 0, 0, 1, 0)).Tables()[0])
	// Output:
	// Accuracy on each class, %
	// class            images  source only  confusion + soft labels
	// ─────────────────────────────────────────────────────────────
	// mug                   2         50.0                    100.0
	// pen                   2         50.0                     50.0
	// ─────────────────────────────────────────────────────────────
	// mean of classes                 50.0                     75.0
	// all images                      50.0                     75.0
}

func ExampleLossCurves() {
	h := sdt.History{Stage: "pretrain", Method: sdt.SourceOnly, Domains: 2, Step: []int{1, 2, 3}, ClassLoss: []float64{3.4, 2.1, 1.5}}
	fmt.Print(plots.LossCurves(h).Tables()[0])
	// Output:
	// Losses of source pretraining
	// step  L_C, nats
	// ───────────────
	// 1        3.4000
	// 2        2.1000
	// 3        1.5000
}
