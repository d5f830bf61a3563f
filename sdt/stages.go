package sdt

import (
	"context"
	"fmt"
	"path/filepath"
)

// Pretrain is stage 1: it trains the network, from Config.Pretrained if it is set, and the
// class classifier on the labelled source only, for PretrainSteps, and returns the source
// network.
//
// If the context ends, it saves the state and returns an [*Interrupted] error. If a loss is
// not finite, even if this appears only after the last step, it returns a [*Diverged] error
// and does not keep the stage.
func (l *Lab) Pretrain(ctx context.Context) (*Model, error) { return l.train(ctx, l.pretraining()) }

func (l *Lab) pretraining() training {
	c := l.config
	c.CosineClassifier = c.cosine() // the method's, which is SourceOnly here
	c.Method, c.AdaptSteps, c.EarlyStop = SourceOnly, 0, 0
	c.TargetBatch, c.LabelledBatch = 0, 0
	return training{stage: "pretrain", config: c.withoutIdle(false), steps: c.PretrainSteps, data: l.sources()}
}

// SoftLabels is stage 2: for each class the mean, over the source examples of that class, of
// the source network's prediction at the configured temperature,
//
//	l^(k) = mean softmax(θ_Cᵀ f(x) / τ).
//
// A class without source examples has zeros in place of l^(k). If the target has labelled
// examples of it, [Open] rejects methods that would learn from them. It returns an error if
// the model cannot be used (see [Model]).
//
// Tzeng et al., ICCV 2015, section 3.2.
func (l *Lab) SoftLabels(ctx context.Context, source *Model) (*SoftLabels, error) {
	if err := l.usableOver(source); err != nil {
		return nil, fmt.Errorf("soft labels: %w", err)
	}
	in, key, err := l.softInputs(source.Key)
	if err != nil {
		return nil, err
	}
	soft := &SoftLabels{}
	done, err := readRecord(l.softPath(key), key, soft)
	if err != nil {
		return nil, err
	}
	if done {
		l.progress(Progress{Stage: "soft", Method: l.config.Method, Loaded: true})
	} else {
		logits, err := l.SourceLogits(ctx, source)
		if err != nil {
			return nil, err
		}
		*soft = logits.SoftLabels(l.config.Temperature)
		soft.Key = key
		if err := l.keep(l.softPath(key), key, l.provenance(in), soft); err != nil {
			return nil, err
		}
	}
	soft.written, soft.inputs = soft.content(), in
	return soft, nil
}

// softPath returns the path of the file of soft labels.
func (l *Lab) softPath(key string) string { return filepath.Join(l.dir, "soft-"+key+".json") }

// softInputs returns what the soft labels of a source network depend on, and their key.
func (l *Lab) softInputs(source string) (StageInputs, string, error) {
	return l.inputs("soft", Config{Temperature: l.config.Temperature, Crop: l.config.Crop}, l.sources(), source)
}

// Adapt is stage 3: starting from the source network's weights it alternates, for AdaptSteps,
// one step of θ_D with one of θ_repr and θ_C, with the losses of the lab's method, and
// returns the adapted network.
//
// soft may be nil if the method has no soft labels. They must cover the task's classes, at
// the configured temperature, and each row that is learnt from must be a distribution. Soft
// labels that [Lab.SoftLabels] did not write, such as smoothed ones, have a training of their
// own. Those that are not in the run directory yet, such as those of another one, are kept in
// it.
//
// [SourceOnly] returns source itself. [TargetOnly] starts where the source network started,
// at Config.Pretrained if it is set, not from the source network; it needs source all the
// same, like every method. It returns an error if the model or the soft labels cannot be used;
// other errors are as in [Lab.Pretrain].
func (l *Lab) Adapt(ctx context.Context, source *Model, soft *SoftLabels) (*Model, error) {
	if err := l.usableOver(source); err != nil {
		return nil, fmt.Errorf("adapt: %w", err)
	}
	if l.config.Method == SourceOnly {
		return source, nil
	}
	if l.config.Method.UsesSoftLabels() {
		if err := l.checkSoft(soft); err != nil {
			return nil, fmt.Errorf("adapt: %w", err)
		}
		var err error
		if soft, err = l.keepGiven(soft); err != nil {
			return nil, fmt.Errorf("adapt: %w", err)
		}
	}
	return l.train(ctx, l.adaptation(source, soft))
}

// adaptation is stage 3 from soft labels and a source network, of which only the key has to
// be known.
func (l *Lab) adaptation(source *Model, soft *SoftLabels) training {
	c := l.config
	c.PretrainSteps = 0
	t := training{stage: "adapt", config: c.withoutIdle(false), steps: c.AdaptSteps, data: l.data() + l.chosenBy(c.EarlyStop), from: source}
	if c.Method == TargetOnly {
		t.from = nil
	}
	if c.Method.UsesSoftLabels() {
		t.soft = soft
	}
	return t
}

// chosenBy returns the fingerprint of what early stopping sees besides the training data.
func (l *Lab) chosenBy(v Validator) string {
	switch {
	case v == Oracle:
		return " " + l.task.Test.Fingerprint() + fmt.Sprint(l.task.HeldOut)
	case v.usesValidation():
		return " " + l.task.Validation.Fingerprint()
	}
	return ""
}

// checkSoft returns an error for soft labels that do not belong to the task or the
// temperature, or that nothing can learn from.
func (l *Lab) checkSoft(soft *SoftLabels) error {
	classes := l.task.Classes()
	switch {
	case soft == nil:
		return fmt.Errorf("%s needs soft labels: call SoftLabels first", l.config.Method)
	case soft.Temperature != l.config.Temperature:
		return fmt.Errorf("soft labels have temperature %g, want %g as in the configuration", soft.Temperature, l.config.Temperature)
	}
	if err := sameClasses("the soft labels cover", soft.Classes, classes); err != nil {
		return err
	}
	used := make([]bool, len(classes))
	for _, y := range l.task.Target.Labels {
		used[y] = true
	}
	if err := soft.validate(used); err != nil {
		return fmt.Errorf("soft labels: %w", err)
	}
	return nil
}

// keepGiven returns soft labels under the key from which a training continues: the stage's
// key, if they are as the stage wrote them. Any others have a key of their content, so that
// different ones are distinguished. It writes them to the run directory if they are not there,
// so that a report can show what the network learnt from.
func (l *Lab) keepGiven(soft *SoftLabels) (*SoftLabels, error) {
	content, in := soft.content(), soft.inputs
	key, err := in.key()
	switch {
	case err != nil:
	case soft.Key != key || soft.written != content:
		in, key, err = l.inputs("soft", Config{Temperature: soft.Temperature}, givenMark+content, "")
	case !isAbsent(l.softPath(key)):
		return soft, nil
	}
	if err != nil {
		return nil, err
	}
	kept := *soft
	kept.Key = key
	if done, err := readRecord(l.softPath(key), key, &SoftLabels{}); done || err != nil {
		return &kept, err
	}
	return &kept, l.keep(l.softPath(key), key, l.provenance(in), &kept)
}

// Evaluate is stage 4: it predicts the target's test examples, over all K outputs, and returns
// the result. Only it and [Oracle] read their labels. It returns an error if the model cannot
// be used (see [Model]).
func (l *Lab) Evaluate(ctx context.Context, m *Model) (Evaluation, error) {
	if err := l.usableOver(m); err != nil {
		return Evaluation{}, fmt.Errorf("evaluate: %w", err)
	}
	test := l.task.Test
	set := test.Fingerprint()
	in, key, err := l.inputs("evaluate", Config{Crop: l.config.Crop}, set+fmt.Sprint(l.task.HeldOut), m.Key)
	if err != nil {
		return Evaluation{}, err
	}
	path := filepath.Join(l.dir, "evaluate-"+key+".json")
	var e Evaluation
	if done, err := readRecord(path, key, &e); done || err != nil {
		e.TestSet = set
		return e, err
	}
	if e, err = l.evaluate(ctx, m); err != nil {
		return Evaluation{}, fmt.Errorf("evaluate: %w", err)
	}
	e.TestSet = set
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
