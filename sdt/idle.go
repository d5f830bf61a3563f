package sdt

import "reflect"

// idleSettings lists the settings that have no effect in some trainings, and in which ones.
// They are zero in the key of such a training, so that changing one does not train it again.
// Those with inKey stay in the key, because they have always been there and removing them
// would retrain everyone's runs; they are zero only in what [Run.Config] returns.
var idleSettings = []struct {
	name  string
	in    func(Config) bool
	inKey bool
}{
	{"Lambda", withoutAlignment, false},
	{"LambdaRamp", func(c Config) bool { return withoutAlignment(c) || c.Lambda == 0 }, false},
	{"Nu", withoutSoftLabels, false},
	{"Temperature", withoutSoftLabels, false},
	{"NormalizeFeatures", withoutDomainClassifier, false},
	{"DomainRate", func(c Config) bool { return withoutDomainClassifier(c) || byAdam(c) }, false},
	{"CosineClassifier", func(c Config) bool { return c.Method.usesCosine() }, false}, // MME has it in any case
	{"TargetWeight", func(c Config) bool { return c.targetWeight() == 1 }, false},
	{"PseudoLabels", withoutPseudoLabels, false},
	{"PseudoThreshold", withoutPseudoLabels, false},
	{"PseudoRamp", withoutPseudoLabels, false},
	{"PseudoBalanced", withoutPseudoLabels, false},
	{"ValidateEvery", withoutEarlyStop, false},
	{"Patience", withoutEarlyStop, false},
	{"Devices", func(c Config) bool { return c.Devices == 1 }, false},

	{"SourceBatch", func(c Config) bool { return !c.Method.UsesSource() }, true},
	{"TargetBatch", func(c Config) bool { return !c.usesUnlabelled() }, true}, // except that LabelledBatch has its default from it
	{"NewLayerRate", byAdam, true},
	{"BiasRate", byAdam, true},
	{"Momentum", byAdam, true},
	{"WeightDecay", byAdam, true},
}

func withoutAlignment(c Config) bool        { return !c.Method.weighs() }
func withoutSoftLabels(c Config) bool       { return !c.Method.UsesSoftLabels() }
func withoutDomainClassifier(c Config) bool { return !c.Method.UsesDomainClassifier() }
func withoutPseudoLabels(c Config) bool     { return c.pseudoWeight() == 0 }
func withoutEarlyStop(c Config) bool        { return c.EarlyStop == 0 }
func byAdam(c Config) bool                  { return c.Optimizer == Adam }

// withoutIdle returns the settings of a training, defaults filled in, with those zero that
// have no effect in it; if such a setting is in the key all the same, only if shown is set.
func (c Config) withoutIdle(shown bool) Config {
	out := c
	for _, s := range idleSettings {
		if s.in(c) && (shown || !s.inKey) {
			reflect.ValueOf(&out).Elem().FieldByName(s.name).SetZero()
		}
	}
	return out
}
