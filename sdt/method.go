package sdt

import "fmt"

// Method says which losses are on. The zero value is the paper's full method; the others
// are its baselines, the same code with losses switched off.
type Method int

// The rows of the paper's tables.
const (
	Full          Method = iota // source + target, λ L_conf and ν L_soft
	SourceOnly                  // the source network, not adapted
	TargetOnly                  // fine-tuned on the labelled target only
	SourceTarget                // fine-tuned on both, λ = ν = 0
	ConfusionOnly               // ν = 0
	SoftOnly                    // λ = 0
)

// Other authors' losses in place of L_conf, without soft labels. Everything else is the same
// code: data, batches, network, optimizer, and λ as the weight.
const (
	DANN                Method = SoftOnly + 1 + iota // [loss.GradientReversal] of the domain classifier's gradient
	DDC                                              // [loss.MMD] with the linear kernel
	DeepCORAL                                        // [loss.CORAL]
	MME                                              // [loss.MinimaxEntropy] of the unlabelled target, with the cosine classifier
	EntropyMinimization                              // [loss.Entropy] of the unlabelled target
	CCSA                                             // [loss.Contrastive] of labelled pairs; (1 − λ) L_C
	CDAN                                             // [loss.GradientReversal] of a domain classifier that sees [loss.Multilinear]
)

// methods is the table of methods. To add one, add a row here and the loss that it needs.
var methods = [...]struct {
	name        string
	source      bool      // adaptation sees the labelled source
	labelled    bool      // it needs labelled target examples
	soft        bool      // ν L_soft is on
	classifier  bool      // there is a θ_D, and L_D
	conditional bool      // θ_D sees features and predictions
	cosine      bool      // the class classifier is the cosine classifier
	align       alignment // weighted by λ; its zero value: none
}{
	Full:                {name: "confusion + soft labels", source: true, labelled: true, soft: true, classifier: true, align: confusion},
	SourceOnly:          {name: "source only", source: true},
	TargetOnly:          {name: "target only", labelled: true},
	SourceTarget:        {name: "source + target", source: true, labelled: true},
	ConfusionOnly:       {name: "confusion only", source: true, classifier: true, align: confusion},
	SoftOnly:            {name: "soft labels only", source: true, labelled: true, soft: true},
	DANN:                {name: "gradient reversal", source: true, classifier: true, align: reversal},
	DDC:                 {name: "MMD", source: true, align: discrepancy},
	DeepCORAL:           {name: "CORAL", source: true, align: covariance},
	MME:                 {name: "MME", source: true, cosine: true, align: minimax},
	EntropyMinimization: {name: "entropy minimization", source: true, align: sureness},
	CCSA:                {name: "CCSA", source: true, labelled: true, align: contrast},
	CDAN:                {name: "CDAN", source: true, classifier: true, conditional: true, align: reversal},
}

// Methods returns the paper's six methods in the order of its Table 1.
func Methods() []Method {
	return []Method{SourceOnly, TargetOnly, SourceTarget, ConfusionOnly, SoftOnly, Full}
}

// Baselines returns other authors' methods, which come after the paper's own.
func Baselines() []Method {
	return []Method{DANN, DDC, DeepCORAL, MME, EntropyMinimization, CCSA, CDAN}
}

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

// UsesUnlabelled reports whether the method sees unlabelled target examples: a loss that draws
// the domains together, or that makes predictions sure, is on. With [Config.PseudoLabels]
// others see them too.
func (m Method) UsesUnlabelled() bool { return m.weighs() && methods[m].align.target != labelledRows }

// weighs reports whether the method has a loss weighted by λ.
func (m Method) weighs() bool { return m.known() && methods[m].align.of != nil }

// usesCosine reports whether the method's class classifier is the cosine classifier.
func (m Method) usesCosine() bool { return m.known() && methods[m].cosine }

// UsesSoftLabels reports whether ν L_soft is on.
func (m Method) UsesSoftLabels() bool { return m.known() && methods[m].soft }

// NeedsTargetLabels reports whether the method needs labelled target examples.
func (m Method) NeedsTargetLabels() bool { return m.known() && methods[m].labelled }

// UsesSource reports whether adaptation sees the labelled source.
func (m Method) UsesSource() bool { return m.known() && methods[m].source }

// lambda returns the default λ: the paper's for L_conf and for methods without such a loss,
// the authors' own for the others.
func (m Method) lambda() float64 {
	if !m.weighs() {
		return confusion.lambda
	}
	return methods[m].align.lambda
}
