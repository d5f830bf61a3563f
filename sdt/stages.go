package sdt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
)

// Pretrain is stage 1: it trains the network, from Config.Pretrained if there is one, and
// the class classifier on the labelled source alone, for PretrainSteps, and returns the
// source network.
//
// An ended context saves the state and returns an [*Interrupted] error. A loss that is not
// finite returns a [*Diverged] one, also if it shows only after the last step; the stage is
// not kept then.
func (l *Lab) Pretrain(ctx context.Context) (*Model, error) { return l.train(ctx, l.pretraining()) }

func (l *Lab) pretraining() training {
	c := l.config
	c.Method, c.AdaptSteps, c.EarlyStop = SourceOnly, 0, 0
	c.TargetBatch, c.LabelledBatch = 0, 0
	return training{stage: "pretrain", config: c.withoutIdle(false), steps: c.PretrainSteps, data: l.sources()}
}

// SoftLabels is stage 2: for each class the mean, over the source examples of that
// class, of the source network's prediction at the configured temperature,
//
//	l^(k) = mean softmax(θ_Cᵀ f(x) / τ).
//
// A class without source examples has no l^(k), but zeros. Where the target has labelled
// examples of it, [Open] refuses a method that would learn from them.
//
// Tzeng et al., ICCV 2015, section 3.2.
func (l *Lab) SoftLabels(ctx context.Context, source *Model) (*SoftLabels, error) {
	in, key, err := l.softInputs(source.Key)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(l.dir, "soft-"+key+".json")
	soft := &SoftLabels{}
	if done, err := readRecord(path, key, soft); done || err != nil {
		if done {
			l.progress(Progress{Stage: "soft", Method: l.config.Method, Loaded: true})
		}
		return soft, err
	}
	logits, err := l.SourceLogits(ctx, source)
	if err != nil {
		return nil, err
	}
	*soft = logits.SoftLabels(l.config.Temperature)
	soft.Key = key
	return soft, l.keep(path, key, l.provenance(in), soft)
}

// softInputs returns what the soft labels of a source network depend on, and their key.
func (l *Lab) softInputs(source string) (StageInputs, string, error) {
	return l.inputs("soft", Config{Temperature: l.config.Temperature, Crop: l.config.Crop}, l.sources(), source)
}

// Adapt is stage 3: from the source network's weights it alternates, for AdaptSteps,
// one step of θ_D and one of θ_repr and θ_C, with the losses that the lab's method has,
// and returns the adapted network.
//
// soft may be nil where the method has no soft labels. [SourceOnly] returns source
// itself; [TargetOnly] starts where the source network started, at Config.Pretrained if
// there is one, not from it. Errors are as in [Lab.Pretrain].
func (l *Lab) Adapt(ctx context.Context, source *Model, soft *SoftLabels) (*Model, error) {
	if source == nil {
		return nil, errors.New("adapt: no source network: call Pretrain first")
	}
	if l.config.Method == SourceOnly {
		return source, nil
	}
	t, err := l.adaptation(source, soft)
	if err != nil {
		return nil, err
	}
	return l.train(ctx, t)
}

func (l *Lab) adaptation(source *Model, soft *SoftLabels) (training, error) {
	c := l.config
	c.PretrainSteps = 0
	t := training{stage: "adapt", config: c.withoutIdle(false), steps: c.AdaptSteps, data: l.data() + l.chosenBy(c.EarlyStop), from: source}
	if c.Method == TargetOnly {
		t.from = nil
	}
	if c.Method.UsesSoftLabels() {
		if err := l.checkSoft(soft); err != nil {
			return training{}, err
		}
		t.soft = soft
	}
	return t, nil
}

// chosenBy returns the fingerprint of what early stopping sees beside the training data.
func (l *Lab) chosenBy(v Validator) string {
	switch {
	case v == Oracle:
		return " " + l.task.Test.Fingerprint() + fmt.Sprint(l.task.HeldOut)
	case v.usesValidation():
		return " " + l.task.Validation.Fingerprint()
	}
	return ""
}

// checkSoft reports soft labels that do not belong to the task or the temperature.
func (l *Lab) checkSoft(soft *SoftLabels) error {
	switch {
	case soft == nil:
		return fmt.Errorf("adapt: %s needs soft labels: call SoftLabels first", l.config.Method)
	case len(soft.L) != len(l.task.Classes()):
		return fmt.Errorf("adapt: soft labels over %d classes for a task of %d", len(soft.L), len(l.task.Classes()))
	case soft.Temperature != l.config.Temperature:
		return fmt.Errorf("adapt: soft labels at temperature %g for a configuration of %g", soft.Temperature, l.config.Temperature)
	}
	return nil
}

// Evaluate is stage 4: it predicts the target's test examples, over all K outputs, and
// returns how that went. Only it and [Oracle] read their labels.
func (l *Lab) Evaluate(ctx context.Context, m *Model) (Evaluation, error) {
	test := l.task.Test
	in, key, err := l.inputs("evaluate", Config{Crop: l.config.Crop}, test.Fingerprint()+fmt.Sprint(l.task.HeldOut), m.Key)
	if err != nil {
		return Evaluation{}, err
	}
	path := filepath.Join(l.dir, "evaluate-"+key+".json")
	var e Evaluation
	if done, err := readRecord(path, key, &e); done || err != nil {
		return e, err
	}
	if e, err = l.evaluate(ctx, m); err != nil {
		return Evaluation{}, fmt.Errorf("evaluate: %w", err)
	}
	from := l.provenance(in)
	images, err := mistakes(test.Examples, e)
	if err != nil {
		return Evaluation{}, fmt.Errorf("evaluate: %w", err)
	}
	if images != nil {
		if err := l.keep(filepath.Join(l.dir, mistakesFile(key)), key, from, images); err != nil {
			return Evaluation{}, fmt.Errorf("evaluate: %w", err)
		}
	}
	return e, l.keep(path, key, from, e)
}
