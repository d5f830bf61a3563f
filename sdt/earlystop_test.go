package sdt

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// stopping is quick with a score every five steps.
func stopping(v Validator, patience int) Config {
	config := quick(Full)
	config.EarlyStop, config.ValidateEvery, config.Patience = v, 5, patience
	return config
}

func TestEarlyStopKeepsTheBest(t *testing.T) {
	task := withValidation(1)
	for _, v := range append(Validators(), Oracle) {
		_, m, _, _ := stages(t, t.Context(), t.TempDir(), task, stopping(v, Off))
		h := m.History
		if len(h.Scores) != 12 || len(h.Step) != 60 {
			t.Fatalf("%s: %d looks in %d steps, want 12 in 60", v, len(h.Scores), len(h.Step))
		}
		best := slices.MaxFunc(h.Scores, func(a, b StepScore) int {
			if a.Score > b.Score {
				return 1
			}
			return -1 // the first of equals
		})
		if h.Kept != best.Step {
			t.Errorf("%s: kept step %d of %+v", v, h.Kept, h.Scores)
		}
		lab, err := Open(t.TempDir(), task, stopping(v, Off))
		if err != nil {
			t.Fatal(err)
		}
		if score, err := lab.Score(t.Context(), m, v); err != nil || score != best.Score {
			t.Errorf("%s: the network kept scores %v, the best was %v: %v", v, score, best.Score, err)
		}
	}
}

func TestEarlyStopEndsWithoutPatience(t *testing.T) {
	task := withValidation(1)
	config := stopping(Oracle, 2)
	config.AdaptSteps = 400 // the accuracy peaks long before
	_, m, _, _ := stages(t, t.Context(), t.TempDir(), task, config)
	last := m.History.Scores[len(m.History.Scores)-1].Step
	if last != m.History.Kept+2*5 || len(m.History.Step) != last || last == 400 {
		t.Errorf("training ended at step %d, the last score was at %d, step %d was kept", len(m.History.Step), last, m.History.Kept)
	}
}

// An interrupted run, even one interrupted right after a score, ends like an uninterrupted one.
func TestEarlyStopGoesOn(t *testing.T) {
	task, config := withValidation(1), stopping(InformationMaximization, Off)
	_, want, _, _ := stages(t, t.Context(), t.TempDir(), task, config)
	for _, at := range []int{5, 32, 58} {
		dir := t.TempDir()
		lab, err := Open(dir, task, config)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		lab.OnProgress = func(p Progress) {
			if p.Stage == "adapt" && p.Step == at {
				cancel()
			}
		}
		source, err := lab.Pretrain(ctx)
		if err != nil {
			t.Fatal(err)
		}
		soft, err := lab.SoftLabels(ctx, source)
		if err != nil {
			t.Fatal(err)
		}
		var stopped *Interrupted
		if _, err := lab.Adapt(ctx, source, soft); !errors.As(err, &stopped) || stopped.Step != at {
			t.Fatalf("interrupted at %d: %v", at, err)
		}
		_, got, _, _ := stages(t, t.Context(), dir, task, config)
		if !equalWeights(got, want) || !slices.Equal(got.History.Scores, want.History.Scores) || got.History.Kept != want.History.Kept {
			t.Errorf("after an interruption at step %d the run ends with step %d of %+v, otherwise with %d of %+v",
				at, got.History.Kept, got.History.Scores, want.History.Kept, want.History.Scores)
		}
	}
}

func TestEarlyStopIsPartOfTheKey(t *testing.T) {
	task, dir := withValidation(1), t.TempDir()
	_, plain, _, _ := stages(t, t.Context(), dir, task, quick(Full))
	_, byRisk, _, _ := stages(t, t.Context(), dir, task, stopping(SourceRisk, 0))
	task.Validation.Values[0]++
	source, other, _, _ := stages(t, t.Context(), dir, task, stopping(SourceRisk, 0))
	if plain.Key == byRisk.Key || byRisk.Key == other.Key {
		t.Errorf("keys %s, %s and, with other validation examples, %s", plain.Key, byRisk.Key, other.Key)
	}
	same, _, _, _ := stages(t, t.Context(), dir, task, quick(Full))
	if same.Key != source.Key {
		t.Error("early stopping changed the source network's key")
	}
}
