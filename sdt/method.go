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

var methodNames = [...]string{"confusion + soft labels", "source only", "target only", "source + target", "confusion only", "soft labels only"}

// Methods returns the six rows in the order of the paper's Table 1.
func Methods() []Method {
	return []Method{SourceOnly, TargetOnly, SourceTarget, ConfusionOnly, SoftOnly, Full}
}

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

// UsesConfusion reports whether λ L_conf (and with it the domain classifier) is on.
func (m Method) UsesConfusion() bool { return m == Full || m == ConfusionOnly }

// UsesSoftLabels reports whether ν L_soft is on.
func (m Method) UsesSoftLabels() bool { return m == Full || m == SoftOnly }

// UsesSource reports whether adaptation sees the labelled source.
func (m Method) UsesSource() bool { return m != TargetOnly }
