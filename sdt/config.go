package sdt

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/sdtlab/sdtlab/sdt/network"
)

// Off switches a setting off where zero means its default: Momentum: sdt.Off.
const Off = -1

// Config says how a network is trained. Its zero value is the paper's setting, as far as
// the paper states it, completed by the public Caffe recipe for AlexNet on Office-31; each
// field's comment says what its zero means. Settings that can sensibly be off accept [Off].
type Config struct {
	Method Method // which losses are on; 0: confusion + soft labels

	// The paper's three numbers.
	Lambda      float64 // λ, weight of L_conf; 0: 0.01. For gradient reversal, CDAN and CORAL 1, for MMD 0.25, for MME and entropy minimization 0.1, for CCSA the share 0.25, as in their papers or code
	Nu          float64 // ν, weight of L_soft; 0: 0.1
	Temperature float64 // τ of the soft labels and of L_soft; 0: 2 (the paper says only τ > 1)

	// Against collapse where λ is high; neither is in the paper.
	LambdaRamp        bool `json:",omitempty"` // raise λ from 0 with the step (Ganin and Lempitsky, 2015)
	NormalizeFeatures bool `json:",omitempty"` // scale each example's features to a root mean square of 1 for the domain classifier

	// Beside any method's losses; neither is in the paper.
	TargetWeight    float64 `json:",omitempty"` // weight of a labelled target row in L_C, where a source row has 1; 0: 1. L_C is the weighted mean
	PseudoLabels    float64 `json:",omitempty"` // weight of L_pseudo, the cross-entropy to the network's own confident predictions for unlabelled target rows (Lee, 2013; FixMatch, 2020); 0: off
	PseudoThreshold float64 `json:",omitempty"` // probability, below 1, above which a prediction is a pseudo-label; 0: 0.9
	PseudoRamp      float64 `json:",omitempty"` // share of AdaptSteps, 0…1, over which the weight of L_pseudo rises from 0 (Lee, 2013, equation 16); 0: none
	PseudoBalanced  bool    `json:",omitempty"` // weight pseudo-labels so that each class predicted in a batch has the same weight; see [loss.PseudoLabel]

	// The class classifier.
	CosineClassifier bool `json:",omitempty"` // normalise features for the class classifier, which has no biases, and divide by T = 0.05 (Saito et al., ICCV 2019); MME always does

	// When adaptation ends.
	EarlyStop     Validator `json:",omitempty"` // keep the weights for which this score was highest; 0: those of the last step, which are also kept if no score is finite
	ValidateEvery int       `json:",omitempty"` // steps between two scores; 0: a tenth of AdaptSteps
	Patience      int       `json:",omitempty"` // scores without a new highest after which training ends; 0: 3; Off: take all steps

	// The network.
	Network    network.Network  `json:"-"`          // builds the features; nil: CaffeNet
	NetworkTag string           `json:"Features"`   // part of the run's key, for networks with the same operations but different constants
	Freeze     string           `json:",omitempty"` // name of the last block of Network that keeps its weights, which must come from Pretrained or from the network; "": all are trained. What comes out of it is computed once for each image and kept in the run directory
	CachedCuts int              `json:",omitempty"` // with Freeze, how many random cuts (Crop, Mirror) of each training image are kept, from which each step draws; 0: none, so that each step computes the frozen part anew, if Crop or Mirror make random cuts; Off: training sees the centre, as evaluation does
	Pretrained *network.Weights `json:",omitempty"` // where θ_repr starts, from [network.ReadCaffeNet], [network.ReadAlexNet], [network.ReadEfficientNetLite0] or [network.ReadWeights]; nil: at random. Does not include the classifiers

	// Batches, counted in examples.
	SourceBatch   int  // source examples per step, shared evenly by the source domains; 0: 64
	TargetBatch   int  // target examples per step, including the labelled ones; 0: 64
	LabelledBatch int  // labelled target examples per step; 0: a quarter of TargetBatch, none if the task has none
	Crop          int  // side of the square cropped from images, at random in training, at the centre in evaluation; 0: no crop
	Mirror        bool // flip images left to right at random in training

	// The optimizer.
	Optimizer     Optimizer // 0: SGD with momentum
	LearningRate  float64   // base rate; 0: 0.001
	NewLayerRate  float64   // factor on the base rate for the class and domain classifiers; 0: 10
	DomainRate    float64   `json:",omitempty"` // factor on the base rate for the domain classifier only; 0: NewLayerRate. At a high rate it oscillates on features of large norm
	BiasRate      float64   // factor on a layer's rate for its biases; 0: 2
	Momentum      float64   // of SGD, 0…1; 0: 0.9; Off: none
	WeightDecay   float64   // of weights, not of biases; 0: 5e-4; Off: none
	ClipNorm      float64   `json:",omitempty"` // largest norm of a gradient over all its weights, separately for L_D and for L; 0: no limit. SGD only
	Policy        Policy    // how the rate falls with the step; 0: inv
	PretrainSteps int       // steps of source pretraining; 0: 2000
	AdaptSteps    int       // steps of adaptation; 0: 2000

	// Where steps are taken.
	Devices int `json:",omitempty"` // how many devices of the back end take each step together, each with its share of the batch's rows and with all weights; 0: 1. The losses equal those of one device to rounding. SourceBatch and the target rows of a batch must be multiples of it. Only XLA has more than one

	Seed uint64 // of initial weights, batches, crops, dropout
}

// leastTemperature is the τ by which logits of 10⁸ can be divided and remain finite in
// float32.
const leastTemperature = 1e-30

// Optimizer names the rule that turns gradients into steps.
type Optimizer int

// The optimizers.
const (
	SGD  Optimizer = iota // with momentum and weight decay, as in Caffe
	Adam                  // GoMLX's, without weight decay or rate factors
)

// String returns the optimizer's name.
func (o Optimizer) String() string { return nameOf(o, "SGD", "Adam") }

// Policy names how the learning rate falls with the step t, from 0.
type Policy int

// The policies, with Caffe's constants.
const (
	Inv      Policy = iota // base · (1 + 0.001·t)^−0.75
	Step                   // base · 0.1^⌊3t/T⌋, T steps in all
	Constant               // base
)

// String returns the policy's name.
func (p Policy) String() string { return nameOf(p, "inv", "step", "constant") }

// nameOf returns the name of a value counted from 0.
func nameOf[T ~int](v T, names ...string) string {
	if v < 0 || int(v) >= len(names) {
		return fmt.Sprintf("%T(%d)", v, int(v))
	}
	return names[v]
}

// withDefaults returns the configuration with every zero replaced by its default, and every
// Off by zero.
func (c Config) withDefaults() Config {
	number := func(x *float64, value float64) {
		switch {
		case *x == 0:
			*x = value
		case *x == Off:
			*x = 0
		}
	}
	number(&c.Lambda, c.Method.lambda())
	number(&c.Nu, 0.1)
	number(&c.Temperature, 2)
	if c.PseudoLabels != 0 { // otherwise it is not in the key
		number(&c.PseudoThreshold, 0.9)
	}
	number(&c.LearningRate, 0.001)
	number(&c.NewLayerRate, 10)
	number(&c.BiasRate, 2)
	number(&c.Momentum, 0.9)
	number(&c.WeightDecay, 5e-4)
	count := func(n *int, value int) {
		if *n == 0 {
			*n = value
		}
	}
	count(&c.SourceBatch, 64)
	count(&c.TargetBatch, 64)
	count(&c.LabelledBatch, max(1, c.TargetBatch/4))
	count(&c.PretrainSteps, 2000)
	count(&c.AdaptSteps, 2000)
	if c.Network == nil {
		c.Network = network.CaffeNet
	}
	return c
}

// Validate returns an error that names the first field with an unusable value.
func (c Config) Validate() error {
	for _, f := range []struct {
		name  string
		value float64
		max   float64
		off   bool
	}{
		{"TargetWeight", c.TargetWeight, math.Inf(1), false}, {"PseudoLabels", c.PseudoLabels, math.Inf(1), false}, {"PseudoThreshold", c.PseudoThreshold, 1, false},
		{"Lambda", c.Lambda, math.Inf(1), true}, {"Nu", c.Nu, math.Inf(1), true},
		{"Temperature", c.Temperature, math.Inf(1), false}, {"LearningRate", c.LearningRate, math.Inf(1), false},
		{"NewLayerRate", c.NewLayerRate, math.Inf(1), true}, {"DomainRate", c.DomainRate, math.Inf(1), false}, {"BiasRate", c.BiasRate, math.Inf(1), true},
		{"ClipNorm", c.ClipNorm, math.Inf(1), false}, {"Momentum", c.Momentum, 1, true}, {"WeightDecay", c.WeightDecay, math.Inf(1), true},
	} {
		switch {
		case f.value == Off && f.off:
		case math.IsNaN(f.value) || f.value < 0 || math.IsInf(f.value, 0):
			return reject(f.name, f.value, "a finite number not below 0")
		case f.max == 1 && float32(f.value) >= 1:
			return reject(f.name, f.value, fmt.Sprintf("below %g", f.max))
		case f.value > 0 && float32(f.value) == 0:
			return reject(f.name, f.value, fmt.Sprintf("at least %.2g, below which it is 0 in float32", math.SmallestNonzeroFloat32))
		case f.value > math.MaxFloat32:
			return reject(f.name, f.value, fmt.Sprintf("at most %.6g, the largest number in float32", math.MaxFloat32))
		}
	}
	for _, f := range []struct {
		name  string
		value int
	}{{"SourceBatch", c.SourceBatch}, {"TargetBatch", c.TargetBatch}, {"LabelledBatch", c.LabelledBatch},
		{"Crop", c.Crop}, {"PretrainSteps", c.PretrainSteps}, {"AdaptSteps", c.AdaptSteps}, {"ValidateEvery", c.ValidateEvery}, {"Devices", c.Devices}} {
		if f.value < 0 {
			return reject(f.name, f.value, "0 or above")
		}
	}
	d := c.withDefaults()
	if d.Temperature < leastTemperature {
		return reject("Temperature", d.Temperature, fmt.Sprintf("at least %g, below which it is too small for float32: logits divided by it are infinite", leastTemperature))
	}
	if d.LabelledBatch > d.TargetBatch {
		return reject("LabelledBatch", d.LabelledBatch, fmt.Sprintf("at most TargetBatch, %d", d.TargetBatch))
	}
	if _, err := c.Method.MarshalText(); err != nil {
		return reject("Method", int(c.Method), "one of sdt.Methods")
	}
	if err := c.validateCuts(); err != nil {
		return err
	}
	if c.PseudoRamp < 0 || c.PseudoRamp > 1 || math.IsNaN(c.PseudoRamp) {
		return reject("PseudoRamp", c.PseudoRamp, "a share of AdaptSteps, 0…1")
	}
	if d.Lambda > 1 && methods[c.Method].align.share {
		return reject("Lambda", d.Lambda, fmt.Sprintf("at most 1: for %s it is a share, and L_C has the rest", c.Method))
	}
	if c.Patience < Off {
		return reject("Patience", c.Patience, "0 or above, or sdt.Off")
	}
	if c.EarlyStop < 0 || c.EarlyStop > Oracle {
		return reject("EarlyStop", int(c.EarlyStop), "0, one of sdt.Validators, or sdt.Oracle")
	}
	if c.Optimizer < SGD || c.Optimizer > Adam {
		return reject("Optimizer", int(c.Optimizer), "sdt.SGD or sdt.Adam")
	}
	if c.ClipNorm > 0 && c.Optimizer != SGD {
		return reject("ClipNorm", c.ClipNorm, "0: only sdt.SGD has it")
	}
	if c.Policy < Inv || c.Policy > Constant {
		return reject("Policy", int(c.Policy), "sdt.Inv, sdt.Step or sdt.Constant")
	}
	return nil
}

// reject returns the error for a field with an unusable value.
func reject(field string, value any, want string) error {
	return fmt.Errorf("config: %s is %v, want %s", field, value, want)
}

// validateCuts is Validate for CachedCuts.
func (c Config) validateCuts() error {
	switch {
	case c.CachedCuts < Off:
		return reject("CachedCuts", c.CachedCuts, "0 or above, or sdt.Off")
	case c.CachedCuts == Off && c.Mirror:
		return reject("Mirror", c.Mirror, "false: with CachedCuts off no image is flipped")
	case c.CachedCuts != 0 && c.Freeze == "":
		return reject("CachedCuts", c.CachedCuts, "0: nothing is frozen, since Freeze is empty")
	case c.CachedCuts != 0 && c.Crop == 0 && !c.Mirror:
		return reject("CachedCuts", c.CachedCuts, "0: without Crop and Mirror there are no random cuts")
	}
	return nil
}

// rate returns the learning rate at step t of total, from 0, without layer factors.
func (c Config) rate(t, total int) float64 {
	switch c.Policy {
	case Inv:
		return c.LearningRate * math.Pow(1+0.001*float64(t), -0.75)
	case Step:
		return c.LearningRate * math.Pow(0.1, float64(3*t/max(total, 1)))
	default:
		return c.LearningRate
	}
}

// lambda returns λ at step t of total, from 0: constant, or with LambdaRamp
// λ·(2/(1 + exp(−10 t/total)) − 1).
func (c Config) lambda(t, total int) float64 {
	if !c.LambdaRamp {
		return c.Lambda
	}
	return c.Lambda * (2/(1+math.Exp(-10*float64(t)/float64(max(total, 1)))) - 1)
}

// earlyStopping returns ValidateEvery and Patience of a training of that many steps, defaults
// filled in. The key of a training has them as they are in c.
func (c Config) earlyStopping(steps int) (every, patience int) {
	return cmp.Or(c.ValidateEvery, max(1, steps/10)), cmp.Or(c.Patience, 3)
}

// String returns the configuration's settings as JSON, defaults filled in.
func (c Config) String() string {
	b, err := json.Marshal(c.withDefaults())
	if err != nil {
		return "config: " + err.Error()
	}
	return strings.TrimSpace(string(b))
}
