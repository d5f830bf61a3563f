package sdt

import (
	"math"
	"strings"
	"testing"
)

func TestConfigZeroIsThePaper(t *testing.T) {
	c := Config{}.withDefaults()
	for _, v := range []struct {
		name      string
		got, want float64
	}{
		{"λ", c.Lambda, 0.01}, {"ν", c.Nu, 0.1}, {"τ", c.Temperature, 2},
		{"base rate", c.LearningRate, 0.001}, {"new layers", c.NewLayerRate, 10}, {"biases", c.BiasRate, 2},
		{"momentum", c.Momentum, 0.9}, {"weight decay", c.WeightDecay, 5e-4},
		{"source batch", float64(c.SourceBatch), 64}, {"target batch", float64(c.TargetBatch), 64},
	} {
		if v.got != v.want {
			t.Errorf("%s is %v, want %v", v.name, v.got, v.want)
		}
	}
	if c.Method != Full || c.Policy != Inv || c.Optimizer != SGD {
		t.Errorf("method %v, policy %v, optimizer %v", c.Method, c.Policy, c.Optimizer)
	}
	if err := (Config{}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestLambdaOfEachMethodAndItsRamp(t *testing.T) {
	for m, want := range map[Method]float64{Full: 0.01, ConfusionOnly: 0.01, DANN: 1, DDC: 0.25, DeepCORAL: 1, MME: 0.1, EntropyMinimization: 0.1, CCSA: 0.25, CDAN: 1} {
		if got := (Config{Method: m}).withDefaults().Lambda; got != want {
			t.Errorf("λ of %s is %v, want %v", m, got, want)
		}
	}
	c := Config{Lambda: 2, LambdaRamp: true}
	for step, want := range map[int]float64{0: 0, 50: 2 * math.Tanh(2.5), 100: 2 * math.Tanh(5)} { // 2/(1 + e^−x) − 1 = tanh x/2
		if got := c.lambda(step, 100); math.Abs(got-want) > 1e-12 {
			t.Errorf("λ at step %d is %v, want %v", step, got, want)
		}
	}
	if got := (Config{Lambda: 2}).lambda(0, 100); got != 2 {
		t.Errorf("without a ramp λ begins at %v", got)
	}
}

func TestConfigOff(t *testing.T) {
	c := Config{Momentum: Off, WeightDecay: Off, Lambda: Off}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	if c = c.withDefaults(); c.Momentum != 0 || c.WeightDecay != 0 || c.Lambda != 0 {
		t.Errorf("Off became %+v", c)
	}
}

func TestConfigNamesTheFieldItRejects(t *testing.T) {
	for field, c := range map[string]Config{
		"Lambda": {Lambda: -0.5}, "Nu": {Nu: math.NaN()}, "Temperature": {Temperature: Off},
		"LearningRate": {LearningRate: math.Inf(1)}, "Momentum": {Momentum: 1}, "WeightDecay": {WeightDecay: -2},
		"SourceBatch": {SourceBatch: -1}, "LabelledBatch": {LabelledBatch: 65}, "Crop": {Crop: -1},
		"AdaptSteps": {AdaptSteps: -5}, "Method": {Method: 17}, "Optimizer": {Optimizer: 9}, "Policy": {Policy: -1}, "Devices": {Devices: -1},
		"NewLayerRate": {NewLayerRate: -3}, "DomainRate": {DomainRate: -1}, "ClipNorm": {ClipNorm: 1, Optimizer: Adam}, "BiasRate": {BiasRate: -3}, "TargetBatch": {TargetBatch: -1}, "PretrainSteps": {PretrainSteps: -1},
		"TargetWeight": {TargetWeight: -1}, "PseudoLabels": {PseudoLabels: Off}, "PseudoThreshold": {PseudoThreshold: 1}, "PseudoRamp": {PseudoRamp: 1.5},
		"Lambda is 1.5, want at most 1: for CCSA it is a share": {Method: CCSA, Lambda: 1.5},
	} {
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: error %v does not name it", field, err)
		}
	}
}

// A value that becomes 0 in float32 switches off its setting, or is divided by. A value that
// becomes infinite ends as a divergence that is not the data's fault.
func TestConfigInFloat32(t *testing.T) {
	const less, more = 1e-46, 1e39
	for _, row := range []struct {
		why    string
		config Config
		want   string // "": it is accepted
	}{
		{"no step moves anything", Config{LearningRate: less}, "LearningRate is 1e-46, want at least 1.4e-45, below which it is 0 in float32"},
		{"the least there is", Config{LearningRate: math.SmallestNonzeroFloat32}, ""},
		{"every gradient is cut to nothing", Config{ClipNorm: less}, "ClipNorm is 1e-46"},
		{"λ off by another name", Config{Lambda: less}, "Lambda is 1e-46"},
		{"ν off by another name", Config{Nu: less}, "Nu is 1e-46"},
		{"the classifiers do not learn", Config{NewLayerRate: less}, "NewLayerRate is 1e-46"},
		{"L_soft is NaN: a division by 0", Config{Temperature: less}, "Temperature is 1e-46"},
		{"L_soft is NaN: infinite logits", Config{Temperature: 1e-38}, "Temperature is 1e-38, want at least 1e-30, below which it is too small for float32"},
		{"it is what its authors want", Config{Temperature: 1e-30}, ""},
		{"infinite steps", Config{LearningRate: more}, "LearningRate is 1e+39, want at most 3.40282"},
		{"infinite τ", Config{Temperature: more}, "Temperature is 1e+39, want at most"},
		{"speed that never fades", Config{Momentum: 1 - 1e-12}, "Momentum is 0.999999999999, want below 1"},
	} {
		if err := row.config.Validate(); row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%s: %v, want %s", row.why, err, row.want)
		}
	}
}

func TestConfigThatDoesNotFitTheTask(t *testing.T) {
	task, images, values := blobs(1, 4, 5, 1, false), blobImages(), blobImages()
	for _, e := range []*Examples{&values.Sources[0].Examples, &values.Target.Examples, &values.Unlabelled, &values.Test.Examples} {
		e.Pixels, e.Values = nil, make([]float32, len(e.Pixels))
	}
	none := task
	none.Target = Labelled{}
	for name, c := range map[string]struct {
		task   Task
		change func(*Config)
		want   string
	}{
		"crop of features":         {task, func(c *Config) { c.Crop = 3 }, "Crop is 3, but the task's examples are features: set Crop to 0"},
		"crop above the images":    {images, func(c *Config) { c.Crop = 64 }, "Crop is 64, but the images are 32×32: set Crop to 32 or less, 0 for no crop"},
		"crop of values":           {values, func(c *Config) { c.Crop = 28 }, "Crop is 28, but the task's examples are values (float32), not pixels: set Crop to 0"},
		"mirror of features":       {task, func(c *Config) { c.Mirror = true }, "Mirror is set, but the task's examples are features: unset it"},
		"mirror of values":         {values, func(c *Config) { c.Mirror = true }, "Mirror is set, but the task's examples are values (float32), not pixels: unset it"},
		"target only, no labels":   {none, func(c *Config) { c.Method = TargetOnly }, "target only"},
		"a batch without examples": {Task{Sources: []Labelled{task.Sources[0], task.Sources[0]}, Test: task.Test}, func(c *Config) { c.SourceBatch = 1 }, "SourceBatch"},
	} {
		config := quick(Full)
		c.change(&config)
		if _, err := Open(t.TempDir(), c.task, config); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestRatePolicies(t *testing.T) {
	for _, c := range []struct {
		policy   Policy
		t, total int
		want     float64
		why      string
	}{
		{Inv, 0, 10, 0.1, "base"},
		{Inv, 1000, 10, 0.1 * math.Pow(2, -0.75), "(1 + 0.001·1000)^−0.75"},
		{Step, 33, 100, 0.1, "first third"},
		{Step, 34, 100, 0.01, "second third"},
		{Step, 99, 100, 0.001, "last third"},
		{Constant, 99, 100, 0.1, "base"},
	} {
		if got := (Config{LearningRate: 0.1, Policy: c.policy}).rate(c.t, c.total); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("policy %d at %d: %v, want %v: %s", c.policy, c.t, got, c.want, c.why)
		}
	}
}
