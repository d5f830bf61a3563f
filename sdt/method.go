package sdt

import "fmt"

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
	GradientReversal   Method = SoftOnly + 1 + iota // DANN: [loss.GradientReversal] of the domain classifier's gradient
	MeanDiscrepancy                                 // DDC: [loss.MMD] with the linear kernel
	CovarianceDistance                              // deep CORAL: [loss.CORAL]
)

var methodNames = [...]string{"confusion + soft labels", "source only", "target only", "source + target", "confusion only", "soft labels only",
	"gradient reversal", "MMD", "CORAL"}

// Methods returns the six rows in the order of the paper's Table 1.
func Methods() []Method {
	return []Method{SourceOnly, TargetOnly, SourceTarget, ConfusionOnly, SoftOnly, Full}
}

// Baselines returns the methods of others, after the paper's own.
func Baselines() []Method { return []Method{GradientReversal, MeanDiscrepancy, CovarianceDistance} }

// String returns the method's name as tables and charts show it.
func (m Method) String() string {
	if m < 0 || int(m) >= len(methodNames) {
		return fmt.Sprintf("Method(%d)", int(m))
	}
	return methodNames[m]
}

// MarshalText writes the method's name.
func (m Method) MarshalText() ([]byte, error) {
	if m < 0 || int(m) >= len(methodNames) {
		return nil, fmt.Errorf("method %d is unknown", int(m))
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads a method's name.
func (m *Method) UnmarshalText(text []byte) error {
	for i, name := range methodNames {
		if name == string(text) {
			*m = Method(i)
			return nil
		}
	}
	return fmt.Errorf("method %q is unknown: want one of %q", text, methodNames)
}

// UsesConfusion reports whether λ L_conf is on.
func (m Method) UsesConfusion() bool { return m == Full || m == ConfusionOnly }

// UsesDomainClassifier reports whether there is a θ_D, and L_D.
func (m Method) UsesDomainClassifier() bool { return m.UsesConfusion() || m == GradientReversal }

// UsesUnlabelled reports whether unlabelled target examples are seen: a loss that draws
// the domains together is on.
func (m Method) UsesUnlabelled() bool {
	return m.UsesDomainClassifier() || m == MeanDiscrepancy || m == CovarianceDistance
}

// lambda returns λ by default: the paper's for L_conf, their authors' for the others.
func (m Method) lambda() float64 {
	switch m {
	case GradientReversal, CovarianceDistance:
		return 1
	case MeanDiscrepancy:
		return 0.25
	}
	return 0.01
}

// UsesSoftLabels reports whether ν L_soft is on.
func (m Method) UsesSoftLabels() bool { return m == Full || m == SoftOnly }

// UsesSource reports whether adaptation sees the labelled source.
func (m Method) UsesSource() bool { return m != TargetOnly }
