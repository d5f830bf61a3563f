package sdt

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"

	"github.com/sdtlab/sdtlab/sdt/loss"
)

// Method says which losses are on. The zero value is the paper's full method; the
// others are its baselines, the same code with a switch off.
type Method int

// The rows of the paper's tables.
const (
	Full          Method = iota // source + target, λ L_conf and ν L_soft
	SourceOnly                  // the source network, not adapted
	TargetOnly                  // fine-tuned on the labelled target alone
	SourceTarget                // fine-tuned on both, λ = ν = 0
	ConfusionOnly               // ν = 0
	SoftOnly                    // λ = 0
)

// Other people's losses in the place of L_conf, without soft labels. All else is the same
// code: data, batches, network, optimizer, and λ as their weight.
const (
	DANN      Method = SoftOnly + 1 + iota // [loss.GradientReversal] of the domain classifier's gradient
	DDC                                    // [loss.MMD] with the linear kernel
	DeepCORAL                              // [loss.CORAL]
)

// methods is the table of them. To add one is a row here, and the loss that it brings.
var methods = [...]struct {
	name       string
	source     bool      // adaptation sees the labelled source
	labelled   bool      // it needs labelled target examples
	soft       bool      // ν L_soft is on
	classifier bool      // there is a θ_D, and L_D
	align      alignment // weighed by λ; its zero value: none
}{
	Full:          {name: "confusion + soft labels", source: true, labelled: true, soft: true, classifier: true, align: confusion},
	SourceOnly:    {name: "source only", source: true},
	TargetOnly:    {name: "target only", labelled: true},
	SourceTarget:  {name: "source + target", source: true, labelled: true},
	ConfusionOnly: {name: "confusion only", source: true, classifier: true, align: confusion},
	SoftOnly:      {name: "soft labels only", source: true, labelled: true, soft: true},
	DANN:          {name: "gradient reversal", source: true, classifier: true, align: reversal},
	DDC:           {name: "MMD", source: true, align: discrepancy},
	DeepCORAL:     {name: "CORAL", source: true, align: covariance},
}

// alignment is a loss that draws the features of the domains together.
type alignment struct {
	measure string  // what it is reported as, of [Measures]; "": not at all
	name    string  // in progress and errors
	lambda  float64 // λ by default
	rows    int     // of each domain that it needs, in the task and in a batch
	// of gives the loss of the rows' domains [n], of D, from the features [n, d], or, of a method
	// with a θ_D, from its logits [n, D].
	of func(x, domains *graph.Node, count int) *graph.Node
}

var (
	confusion = alignment{"L_conf", "L_conf", 0.01, 1, func(x, _ *graph.Node, _ int) *graph.Node { return loss.Confusion(x) }}
	reversal  = alignment{"", "", 1, 1, func(x, domains *graph.Node, _ int) *graph.Node { return loss.GradientReversal(x, domains) }}
	// of DDC and deep CORAL; the covariance of one row is none
	discrepancy = alignment{"discrepancy", "L_MMD", 0.25, 1, loss.MMD}
	covariance  = alignment{"discrepancy", "L_CORAL", 1, 2, loss.CORAL}
)

// Methods returns the six rows in the order of the paper's Table 1.
func Methods() []Method {
	return []Method{SourceOnly, TargetOnly, SourceTarget, ConfusionOnly, SoftOnly, Full}
}

// Baselines returns the methods of others, after the paper's own.
func Baselines() []Method { return []Method{DANN, DDC, DeepCORAL} }

func (m Method) known() bool { return m >= 0 && int(m) < len(methods) }

// String returns the method's name as tables and charts show it.
func (m Method) String() string {
	if !m.known() {
		return fmt.Sprintf("Method(%d)", int(m))
	}
	return methods[m].name
}

// MarshalText writes the method's name.
func (m Method) MarshalText() ([]byte, error) {
	if !m.known() {
		return nil, fmt.Errorf("method %d is unknown", int(m))
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads a method's name.
func (m *Method) UnmarshalText(text []byte) error {
	var names []string
	for i, row := range methods {
		if row.name == string(text) {
			*m = Method(i)
			return nil
		}
		names = append(names, row.name)
	}
	return fmt.Errorf("method %q is unknown: want one of %q", text, names)
}

// UsesConfusion reports whether λ L_conf is on.
func (m Method) UsesConfusion() bool {
	return m.known() && methods[m].align.measure == confusion.measure
}

// UsesDomainClassifier reports whether there is a θ_D, and L_D.
func (m Method) UsesDomainClassifier() bool { return m.known() && methods[m].classifier }

// UsesUnlabelled reports whether unlabelled target examples are seen: a loss that draws
// the domains together is on.
func (m Method) UsesUnlabelled() bool { return m.known() && methods[m].align.of != nil }

// UsesSoftLabels reports whether ν L_soft is on.
func (m Method) UsesSoftLabels() bool { return m.known() && methods[m].soft }

// UsesSource reports whether adaptation sees the labelled source.
func (m Method) UsesSource() bool { return m.known() && methods[m].source }

// lambda returns λ by default: the paper's for L_conf and where there is none, their
// authors' for the others.
func (m Method) lambda() float64 {
	if !m.UsesUnlabelled() {
		return confusion.lambda
	}
	return methods[m].align.lambda
}
