package tests

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// trainingCells are a notebook that trains.
var trainingCells = []string{`glyphs, err := datasets.Glyphs31(datasets.GlyphsConfig{Fraction: 0.05, Grey: true, Size: 28})
if err != nil {
	panic(err)
}
task, err := datasets.SemiSupervised(glyphs.Catalogue, glyphs.Webcam, datasets.Protocol{})
if err != nil {
	panic(err)
}
lab, err := sdt.Open("run", task, sdt.Config{Network: network.LeNet, SourceBatch: 16, PretrainSteps: 200, AdaptSteps: 1})
if err != nil {
	panic(err)
}
lab.OnProgress = sdt.Bar(os.Stdout)`,
	`ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
source, err := lab.Pretrain(ctx)
stop()
if err != nil {
	panic(err)
}
len(source.History.Step)`}

// watchSteps is an expression that begins to note the steps that a cell's bar shows.
const watchSteps = `(function (node) {
  window.steps = [];
  clearInterval(window.watching);
  window.watching = setInterval(function () {
    var m = node.innerText.match(/pretrain +[█░]+ (\d+)\/200/);
    if (m && window.steps[window.steps.length - 1] !== +m[1]) window.steps.push(+m[1]);
  }, 20);
})(jupyterapp.shell.currentWidget.content.widgets[1].outputArea.node)`

// In JupyterLab the bar of a training cell moves; an interrupt ends the cell within ten
// seconds, with its state saved; run again, it goes on there.
func TestLabTraining(t *testing.T) {
	b := openLab(t)
	b.open(writeNotebook(t, "training.ipynb", trainingCells))
	b.start(0)
	b.ended(0)
	steps := func() (all []int) {
		t.Helper()
		if err := b.Value(&all, "window.steps"); err != nil {
			t.Fatal(err)
		}
		return all
	}

	b.Do(watchSteps)
	b.start(1)
	b.Until("a bar that moves", "window.steps.length >= 3")
	b.Shot("training")
	begun := time.Now()
	b.command("notebook:interrupt-kernel")
	b.ended(1)
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("the cell ended %v behind the interrupt, want within 10 s", took)
	}
	text := b.cells()[1].Text
	for _, want := range []string{"saved in", "call it again to resume", "Cell [2] Line 5"} {
		if !strings.Contains(text, want) {
			t.Errorf("the interrupted cell does not say %q:\n%s", want, text)
		}
	}
	first := steps()
	stopped := first[len(first)-1]
	if stopped >= 200 {
		t.Fatalf("it was at its end before the interrupt: %v", first)
	}

	b.Do(watchSteps)
	b.start(1)
	b.ended(1)
	b.shows(1, "200/200")
	second := steps()
	for i, step := range second {
		if step < stopped || i > 0 && step <= second[i-1] {
			t.Errorf("interrupted at step %d it went on with %v", stopped, second)
			break
		}
	}
	b.shows(1, fmt.Sprint("[3]:\n", 200))
}
