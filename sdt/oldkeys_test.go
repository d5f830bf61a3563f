package sdt

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// firstInputs are what a training depended on, as the first version hashed them: before there
// were the settings in laterSettings.
const firstInputs = `{"Format":2,"Stage":"adapt","Data":"d","Before":"b","Backend":"go","Network":"n","Config":{` +
	`"Method":"confusion + soft labels","Lambda":0.01,"Nu":0.1,"Temperature":2,"Features":"","SourceBatch":64,"TargetBatch":64,` +
	`"LabelledBatch":16,"Crop":0,"Mirror":false,"Optimizer":0,"LearningRate":0.001,"NewLayerRate":10,"BiasRate":2,"Momentum":0.9,` +
	`"WeightDecay":0.0005,"Policy":0,"PretrainSteps":2000,"AdaptSteps":2000,"Seed":0}}`

// laterSettings are the settings that keys have only if they are set.
var laterSettings = []string{"LambdaRamp", "NormalizeFeatures", "TargetWeight", "PseudoLabels", "PseudoThreshold", "PseudoRamp", "PseudoBalanced",
	"CosineClassifier", "EarlyStop", "ValidateEvery", "Patience", "Freeze", "CachedCuts", "Pretrained", "DomainRate", "ClipNorm", "Devices"}

// TestOldKeys checks that settings that were added later do not change the key of a training
// without them: its result is loaded, not trained again. A new setting needs omitempty.
func TestOldKeys(t *testing.T) {
	in := StageInputs{Format: 2, Stage: "adapt", Data: "d", Before: "b", Backend: "go", Network: "n", Config: Config{}.withDefaults()}
	sum := sha256.Sum256([]byte(firstInputs))
	if key, err := in.key(); err != nil || key != hex.EncodeToString(sum[:8]) {
		t.Errorf("the key is %s, %v; the first version had %x", key, err, sum[:8])
	}
	var later []string
	for f := range reflect.TypeFor[Config]().Fields() {
		if strings.Contains(f.Tag.Get("json"), ",omitempty") {
			later = append(later, f.Name)
		}
	}
	if !slices.Equal(later, laterSettings) {
		t.Errorf("omitempty is on %q, want it on %q", later, laterSettings)
	}
}
