package sdt

import (
	"reflect"
	"slices"
	"testing"
)

// TestIdleSettings changes each setting for each method. If it has an effect, the training must
// have another key; if not, the same one, unless the setting has always been in the key: then
// reports do not show it. Which is which is written out here.
func TestIdleSettings(t *testing.T) {
	every := slices.Concat(Methods(), Baselines())
	all := func(not ...Method) func(Method) bool {
		return func(m Method) bool { return !slices.Contains(not, m) }
	}
	only := func(of ...Method) func(Method) bool {
		return func(m Method) bool { return slices.Contains(of, m) }
	}
	aligned, classifier, soft := only(append(Baselines(), Full, ConfusionOnly)...), only(Full, ConfusionOnly, DANN, CDAN), only(Full, SoftOnly)
	unlabelled := only(Full, ConfusionOnly, DANN, DDC, DeepCORAL, MME, EntropyMinimization, CDAN)
	never, adapted, always := all(every...), all(SourceOnly), all()
	base := func(m Method) Config { return quick(m) }
	early := func(m Method) Config { c := quick(m); c.EarlyStop = Entropy; return c }
	pseudo := func(m Method) Config { c := quick(m); c.PseudoLabels = 0.5; return c }
	adam := func(m Method) Config { c := quick(m); c.Optimizer = Adam; return c }
	tried := map[string]bool{"Method": true, "Network": true, "Pretrained": true, "Crop": true, "Mirror": true, // Open refuses these two where they are idle
		"Freeze": true, "CachedCuts": true} // and these: see TestFreezeRefused and TestFrozenKeys
	for _, row := range []struct {
		setting string
		from    func(Method) Config
		value   any
		counts  func(Method) bool
		inKey   func(Method) bool // where it has no effect
	}{
		{"Lambda", base, 0.7, aligned, never},
		{"Nu", base, 0.7, soft, never},
		{"Temperature", base, 3.5, soft, never},
		{"LambdaRamp", base, true, aligned, never},
		{"NormalizeFeatures", base, true, classifier, never},
		{"DomainRate", base, 0.05, classifier, never},
		{"CosineClassifier", base, true, all(MME), never},
		{"TargetWeight", base, 0.25, all(SourceOnly, TargetOnly), never},
		{"TargetWeight", base, 1.0, never, never},
		{"PseudoLabels", base, 0.7, adapted, never},
		{"PseudoThreshold", base, 0.7, never, never},
		{"PseudoRamp", base, 0.7, never, never},
		{"PseudoBalanced", base, true, never, never},
		{"PseudoLabels", pseudo, 0.7, adapted, never},
		{"PseudoThreshold", pseudo, 0.7, adapted, never},
		{"PseudoRamp", pseudo, 0.7, adapted, never},
		{"PseudoBalanced", pseudo, true, adapted, never},
		{"EarlyStop", base, Entropy, adapted, never},
		{"ValidateEvery", base, 7, never, never},
		{"ValidateEvery", early, 7, adapted, never},
		{"Patience", base, 5, never, never},
		{"Patience", early, 5, adapted, never},
		{"NetworkTag", base, "x", always, never},
		{"SourceBatch", base, 17, all(TargetOnly), always},
		{"TargetBatch", func(m Method) Config { c := quick(m); c.LabelledBatch = 4; return c }, 17, unlabelled, adapted},
		{"TargetBatch", func(m Method) Config { c := pseudo(m); c.LabelledBatch = 4; return c }, 17, adapted, never},
		{"LabelledBatch", base, 3, adapted, never},
		{"Optimizer", base, Adam, always, never},
		{"LearningRate", base, 0.01, always, never},
		{"NewLayerRate", base, 3.0, always, never},
		{"BiasRate", base, 3.0, always, never},
		{"Momentum", base, 0.5, always, never},
		{"WeightDecay", base, 0.01, always, never},
		{"ClipNorm", base, 1.0, always, never},
		{"LearningRate", adam, 0.01, always, never},
		{"NormalizeFeatures", adam, true, classifier, never},
		{"DomainRate", adam, 0.05, never, never},
		{"NewLayerRate", adam, 3.0, never, always},
		{"BiasRate", adam, 3.0, never, always},
		{"Momentum", adam, 0.5, never, always},
		{"WeightDecay", adam, 0.01, never, always},
		{"Policy", base, Step, always, never},
		{"PretrainSteps", base, 7, all(TargetOnly), never},
		{"AdaptSteps", base, 7, adapted, never},
		{"Devices", base, 1, never, never}, // more: see TestDevicesKey
		{"Seed", base, uint64(9), always, never},
	} {
		tried[row.setting] = true
		for _, m := range every {
			changed := row.from(m)
			reflect.ValueOf(&changed).Elem().FieldByName(row.setting).Set(reflect.ValueOf(row.value))
			before, after := idleRun(t, row.from(m)), idleRun(t, changed)
			sameKey := before.Key() == after.Key()
			shown := func(r Run) any { return reflect.ValueOf(*r.Config()).FieldByName(row.setting).Interface() }
			switch {
			case row.counts(m):
				if sameKey {
					t.Errorf("%s counts for %s, and does not change its key", row.setting, m)
				}
				if row.setting != "NetworkTag" && shown(after) != row.value {
					t.Errorf("%s of %s is shown as %v, want %v", row.setting, m, shown(after), row.value)
				}
			case sameKey == row.inKey(m):
				t.Errorf("%s counts for nothing in %s: the same key %t, want %t", row.setting, m, sameKey, !row.inKey(m))
			case !reflect.ValueOf(shown(before)).IsZero() || !reflect.ValueOf(shown(after)).IsZero():
				t.Errorf("%s counts for nothing in %s, and is shown as %v, %v", row.setting, m, shown(before), shown(after))
			}
		}
	}
	for f := range reflect.TypeFor[Config]().Fields() {
		if !tried[f.Name] {
			t.Errorf("%s is not tried: for which methods does it count?", f.Name)
		}
	}
}

// idleRun returns the run of a configuration as ReadRuns would, without training it.
func idleRun(t *testing.T, config Config) Run {
	t.Helper()
	l, err := Open(t.TempDir(), blobs(1, 4, 5, 3, false), config)
	if err != nil {
		t.Fatal(err)
	}
	var r Run
	add := func(tr training) string {
		in, key, err := l.keyOf(tr)
		if err != nil {
			t.Fatal(err)
		}
		r.Stages = append(r.Stages, Stage{Key: key, Provenance: l.provenance(in), History: &History{Method: tr.config.Method}})
		return key
	}
	source := add(l.pretraining())
	if config.Method == SourceOnly {
		return r
	}
	_, softKey, err := l.softInputs(source)
	if err != nil {
		t.Fatal(err)
	}
	adapt := l.adaptation(&Model{Key: source}, &SoftLabels{Key: softKey, L: make([][]float64, 4), Temperature: l.config.Temperature})
	if adapt.from == nil {
		r.Stages = nil
	}
	add(adapt)
	return r
}
