package sdt

import (
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// TestNeeds checks row by row what [Open] rejects: a method that would be another one, a score
// that would be NaN, a network that does not accept the task's images.
func TestNeeds(t *testing.T) {
	whole := blobs(1, 4, 20, 3, false)
	whole.Validation = whole.Sources[0]
	with := func(change func(*Task)) Task {
		task := whole
		task.Sources = slices.Clone(task.Sources)
		change(&task)
		return task
	}
	few := func(l Labelled, n int) Labelled { return l.Rows([]int{0, 1, 2, 3, 4, 5, 6, 7}[:n]) }
	unlabelled := with(func(t *Task) { t.Target = Labelled{} })
	supervised := with(func(t *Task) { t.Unlabelled = Examples{} })
	sourceAlone := with(func(t *Task) { t.Target, t.Unlabelled = Labelled{}, Examples{} })
	two := with(func(t *Task) {
		second := t.Sources[0]
		second.Domain = "second"
		t.Sources = append(t.Sources, second)
	})
	holdOut := func(t *Task, classes ...int) {
		var rows []int
		for i, y := range t.Target.Labels {
			if !slices.Contains(classes, int(y)) {
				rows = append(rows, i)
			}
		}
		t.HeldOut, t.Target = classes, t.Target.Rows(rows)
	}
	notTested := with(func(t *Task) {
		holdOut(t, 1, 2)
		t.Test = t.Test.Rows([]int{0, 1, 2}) // of the first class
	})
	const ok = ""
	all := []Method{SourceOnly, TargetOnly, SourceTarget, ConfusionOnly, SoftOnly, Full, DANN, DDC, DeepCORAL, MME, EntropyMinimization, CCSA, CDAN}
	if len(all) != len(methods) || len(validatorNeeds) != len(validatorNames)-1 {
		t.Errorf("%d methods are tried and %d validators have rows, of %d and %d", len(all), len(validatorNeeds), len(methods), len(validatorNames)-1)
	}
	const noLabelled, noTarget = "has no labelled target example", "has no target examples to learn from, labelled or not"
	for _, row := range []struct {
		why  string
		task Task
		set  func(*Config)
		of   []Method
		want string
	}{
		{"all is there", whole, nil, all, ok},
		{"labels are what it is made of", unlabelled, nil, []Method{TargetOnly, SourceTarget, SoftOnly, Full, CCSA}, noLabelled},
		{"it learns without target labels", unlabelled, nil, []Method{SourceOnly, ConfusionOnly, DANN, DDC, DeepCORAL, MME, EntropyMinimization, CDAN}, ok},
		{"it learns from the labelled ones", supervised, nil, []Method{SourceOnly, TargetOnly, SourceTarget, ConfusionOnly, SoftOnly, Full, DANN, DDC, DeepCORAL, CCSA, CDAN}, ok},
		{"what it lowers is the entropy of unlabelled ones", supervised, nil, []Method{MME, EntropyMinimization}, "learns from unlabelled target examples, but the task has none"},
		{"nothing can be labelled", supervised, func(c *Config) { c.PseudoLabels = 1 }, []Method{TargetOnly, SoftOnly, Full, CCSA}, "PseudoLabels is 1, but the task has no unlabelled target examples to label"},
		{"it takes no step in the target", supervised, func(c *Config) { c.PseudoLabels = 1 }, []Method{SourceOnly}, ok},
		{"no row is left to label", whole, func(c *Config) { c.PseudoLabels, c.TargetBatch = 1, 1 }, []Method{SourceTarget, TargetOnly, CCSA}, "which leaves no row for the unlabelled target examples that PseudoLabels learns from"},
		{"no pair is of one class", with(func(t *Task) { t.Sources[0] = t.Sources[0].Rows([]int{0, 1}); holdOut(t, 0) }), nil, []Method{CCSA}, "but no class has both with labels"},
		{"no target at all", sourceAlone, nil, []Method{ConfusionOnly, DANN, DDC, DeepCORAL, CDAN}, noTarget},
		{"no target at all", sourceAlone, nil, []Method{TargetOnly, SourceTarget, SoftOnly, Full, CCSA}, noLabelled},
		{"no target at all", sourceAlone, nil, []Method{SourceOnly}, ok},
		{"a covariance of one row", whole, func(c *Config) { c.SourceBatch = 1 }, []Method{DeepCORAL}, "SourceBatch is 1: CORAL needs at least 2 rows of each domain"},
		{"a mean of one row is one", whole, func(c *Config) { c.SourceBatch, c.TargetBatch = 1, 2 }, []Method{DDC, Full, DANN}, ok},
		{"its one target row is labelled", whole, func(c *Config) { c.TargetBatch = 1 }, []Method{DDC, Full, DANN, ConfusionOnly, MME, EntropyMinimization, CDAN}, "TargetBatch is 1 and LabelledBatch 1, which leaves no row for the unlabelled target examples"},
		{"its target rows are labelled", whole, func(c *Config) { c.LabelledBatch = 16 }, []Method{DeepCORAL, Full}, "set TargetBatch above 16"},
		{"its one target row is unlabelled", unlabelled, func(c *Config) { c.TargetBatch = 1 }, []Method{DANN, ConfusionOnly}, ok},
		{"there is no unlabelled example", supervised, func(c *Config) { c.TargetBatch = 1 }, []Method{DANN, Full}, ok},
		{"it has no use for unlabelled rows", whole, func(c *Config) { c.TargetBatch = 1 }, []Method{SourceOnly, TargetOnly, SourceTarget, SoftOnly}, ok},
		{"a covariance of one row", whole, func(c *Config) { c.TargetBatch = 1 }, []Method{DeepCORAL}, "TargetBatch is 1: CORAL needs at least 2 rows of each domain"},
		{"the second of two domains has one row", two, func(c *Config) { c.SourceBatch = 3 }, []Method{DeepCORAL}, "SourceBatch is 3 for 2 source domains: CORAL needs"},
		{"two rows of each", two, func(c *Config) { c.SourceBatch, c.TargetBatch = 4, 2 }, []Method{DeepCORAL}, ok},
		{"one labelled row, no others", supervised, func(c *Config) { c.LabelledBatch = 1 }, []Method{DeepCORAL}, "LabelledBatch is 1: CORAL needs"},
		{"one example of a domain", with(func(t *Task) { t.Target, t.Unlabelled = few(t.Target, 1), Examples{} }), nil, []Method{DeepCORAL}, `at least 2 examples of each domain: "target" has 1`},
		{"one example of a domain", with(func(t *Task) { t.Sources[0] = few(t.Sources[0], 1) }), nil, []Method{DeepCORAL}, `at least 2 examples of each domain: "source" has 1`},
		{"fewer rows than domains", two, func(c *Config) { c.SourceBatch = 1 }, all, "SourceBatch is 1 for 2 source domains"},

		{"a class without soft label", with(func(t *Task) { t.Sources[0] = few(t.Sources[0], 8) }), nil, []Method{Full, SoftOnly}, "no source example, so it can have no soft label"},
		{"it has no soft labels", with(func(t *Task) { t.Sources[0] = few(t.Sources[0], 8) }), nil, []Method{ConfusionOnly, SourceTarget}, ok},

		{"by the target's predictions", supervised, func(c *Config) { c.EarlyStop = Entropy }, []Method{Full}, "EarlyStop: entropy needs unlabelled target examples"},
		{"by the target's predictions", supervised, func(c *Config) { c.EarlyStop = InformationMaximization }, []Method{Full}, "needs unlabelled target examples"},
		{"of one it is 0 whatever it is", with(func(t *Task) { t.Unlabelled = t.Unlabelled.Rows([]int{0}) }), func(c *Config) { c.EarlyStop = InformationMaximization }, []Method{Full}, "needs at least two unlabelled target examples"},
		{"one has no neighbour", with(func(t *Task) { t.Unlabelled = t.Unlabelled.Rows([]int{0}) }), func(c *Config) { c.EarlyStop = SoftNeighbourhoodDensity }, []Method{SourceTarget}, "soft neighbourhood density needs at least two unlabelled target examples: the task has one"},
		{"one is sure of something", with(func(t *Task) { t.Unlabelled = t.Unlabelled.Rows([]int{0}) }), func(c *Config) { c.EarlyStop = Entropy }, []Method{Full}, ok},
		{"no source example is set aside", with(func(t *Task) { t.Validation = Labelled{} }), func(c *Config) { c.EarlyStop = SourceRisk }, []Method{Full}, "the task has no Validation"},
		{"no source example is set aside", with(func(t *Task) { t.Validation = Labelled{} }), func(c *Config) { c.EarlyStop = DeepEmbedded }, []Method{Full}, "the task has no Validation"},
		{"no reported class is tested", notTested, func(c *Config) { c.EarlyStop = Oracle }, []Method{Full}, "oracle needs test images of the reported classes: the task has none of b, c"},
		{"one reported class is tested", with(func(t *Task) { holdOut(t, 0, 3); t.Test = t.Test.Rows([]int{0, 1}) }), func(c *Config) { c.EarlyStop = Oracle }, []Method{Full}, ok},
	} {
		for _, m := range row.of {
			config := quick(m)
			if row.set != nil {
				row.set(&config)
			}
			_, err := Open(t.TempDir(), row.task, config)
			if row.want == ok && err != nil || row.want != ok && (err == nil || !strings.Contains(err.Error(), row.want)) {
				t.Errorf("%s, %s: %v, want %q", m, row.why, err, row.want)
			}
		}
	}
}

// TestScoreNeeds checks that Score uses the same table as Open.
func TestScoreNeeds(t *testing.T) {
	task := blobs(1, 4, 20, 3, false)
	task.HeldOut, task.Test, task.Target = []int{1}, task.Test.Rows([]int{0, 1}), Labelled{}
	task.Unlabelled = task.Unlabelled.Rows([]int{0})
	l, err := Open(t.TempDir(), task, quick(SourceOnly))
	if err != nil {
		t.Fatal(err)
	}
	m, err := l.Pretrain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for v := range validatorNeeds {
		score, err := l.Score(t.Context(), m, v)
		if v == Entropy {
			if err != nil {
				t.Error(err)
			}
		} else if err == nil || !strings.HasPrefix(err.Error(), "score by "+v.String()+": it needs ") {
			t.Errorf("%s is %v, %v: want what it needs", v, score, err)
		}
	}
}

// TestNetworkNeeds checks the message for examples that a network does not accept: what it
// accepts, what it was given, what to set.
func TestNetworkNeeds(t *testing.T) {
	for _, row := range []struct {
		network network.Network
		shape   []int
		crop    int
		want    string
	}{
		{network.AlexNet, []int{256, 256, 3}, 227, "AlexNet needs images of 224×224×3, the task's are 227×227×3 after Crop 227: set Crop to 224"},
		{network.AlexNet, []int{256, 256, 3}, 0, "AlexNet needs images of 224×224×3, the task's are 256×256×3: set Crop to 224"},
		{network.AlexNet, []int{224, 224, 3}, 200, "AlexNet needs images of 224×224×3, the task's are 200×200×3 after Crop 200: set Crop to 0"},
		{network.AlexNet, []int{300, 240, 3}, 0, "the task's are 300×240×3: set Crop to 224"},
		{network.CaffeNet, []int{32, 32, 3}, 0, "CaffeNet needs images of 227×227×3, the task's are 32×32×3: read them at 227×227 (FolderConfig.Width)"},
		{network.CaffeNet, []int{227, 227, 1}, 0, "CaffeNet needs images of 227×227×3, the task's are 227×227×1: read them in colour"},
		{network.LeNet, []int{28, 28, 3}, 0, "LeNet needs images of 28×28×1, the task's are 28×28×3: read them in grey (FolderConfig.Grey)"},
		{network.LeNet, []int{32, 32, 3}, 0, "LeNet needs images of 28×28×1, the task's are 32×32×3: set Crop to 28 and read them in grey (FolderConfig.Grey)"},
		{network.ConvNet, []int{64, 64, 3}, 0, "ConvNet needs images of 32×32×3, the task's are 64×64×3: set Crop to 32"},
		{network.ConvNet, []int{16, 64, 3}, 0, "read them at 32×32 (FolderConfig.Width)"},
		{network.ConvNet, nil, 0, "ConvNet needs images of 32×32×3, the task's examples are features, 5 numbers each: choose Head, the network for features"},
		{network.Head(8), []int{28, 28, 1}, 0, "Head needs features, one row of numbers for each example, the task's are 28×28×1: choose a network for images, such as LeNet"},
		{network.Head(8), []int{32, 32, 3}, 0, "the task's are 32×32×3: choose a network for images, such as ConvNet or CaffeNet"},
		{network.Head(8), []int{2, 3}, 0, "the task's are 2×3: flatten them to one row of 6"},
		{network.LeNet, []int{2, 3}, 0, "the task's are 2×3: flatten them to one row of 6 and choose Head, the network for features"},
		{network.LeNet, []int{1}, 0, "the task's examples are features, one number each: choose Head"},
		{network.LeNet, []int{28, 28}, 0, "the task's are 28×28: give them the shape 28×28×1"},
		{network.ConvNet, []int{28, 28, 3}, 28, "the task's are 28×28×3 after Crop 28: read them at 32×32 (FolderConfig.Width) and set Crop to 0"},
		{network.CaffeNet, []int{28, 28, 1}, 28, "read them at 227×227 (FolderConfig.Width) and set Crop to 0 and read them in colour"},
		{network.CaffeNet, []int{256, 256, 3}, 28, "set Crop to 227"},
	} {
		task := blobs(1, 4, 2, 1, false)
		if row.shape != nil {
			task = imageTask(row.shape...)
		}
		config := quick(Full)
		config.Network, config.Crop = row.network, row.crop
		if _, err := Open(t.TempDir(), task, config); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%v, crop %d: %v\nwant %s", row.shape, row.crop, err, row.want)
		}
	}
}

func TestOpenRejectsANetworkThatDoesNotFit(t *testing.T) {
	config := quick(Full)
	config.Network = network.LeNet
	if _, err := Open(t.TempDir(), blobs(1, 4, 5, 1, false), config); err == nil {
		t.Error("LeNet was accepted for examples of shape [5]")
	}
	config.Network = network.Of(func(_ *model.Scope, x *graph.Node) *graph.Node { return graph.ReduceAllSum(x) })
	if _, err := Open(t.TempDir(), blobs(1, 4, 5, 1, false), config); err == nil {
		t.Error("a network without features [n, d] was accepted")
	}
}

// imageTask returns a task of black images, or of other examples, with a shape.
func imageTask(shape ...int) Task {
	task := blobs(1, 4, 2, 1, false)
	size := Examples{Shape: shape}.Size()
	draw := func(e *Examples) { e.Shape, e.Pixels, e.Values = shape, make([]uint8, e.Len()*size), nil }
	draw(&task.Sources[0].Examples)
	draw(&task.Target.Examples)
	draw(&task.Unlabelled)
	draw(&task.Test.Examples)
	return task
}
