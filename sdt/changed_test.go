package sdt

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// A training in progress prevents another on data that has changed since, but no other: not one
// on another task, with another seed, or with other settings on the same data.
func TestDataThatHasChanged(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Task, *Config)
		says   string
	}{
		{"a source image", func(task *Task, _ *Config) {
			s := &task.Sources[0]
			s.Values = slices.Clone(s.Values)
			s.Values[5]++
		}, "the data of source (source) has changed"},
		{"a label of the test examples", func(task *Task, c *Config) {
			task.Test.Labels = slices.Clone(task.Test.Labels)
			task.Test.Labels[0] = 1 - task.Test.Labels[0]
			c.LearningRate = 0.02
		}, ""},
		{"other settings", func(_ *Task, c *Config) { c.LearningRate = 0.02 }, ""},
		{"another task", func(task *Task, _ *Config) {
			task.Name = "another"
			task.Sources[0].Values = slices.Clone(task.Sources[0].Values)
			task.Sources[0].Values[5]++
		}, ""},
		{"another seed", func(task *Task, c *Config) {
			again := blobs(2, 4, 20, 3, false)
			again.Name, again.Split.Seed = task.Name, 2
			*task = again
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, task, config := t.TempDir(), blobs(1, 4, 20, 3, false), quick(Full)
			ctx, cancel := context.WithCancel(t.Context())
			l, err := Open(dir, task, config)
			if err != nil {
				t.Fatal(err)
			}
			l.OnProgress = func(p Progress) { cancel() }
			_, err = l.Pretrain(ctx)
			if stopped := (*Interrupted)(nil); !errors.As(err, &stopped) {
				t.Fatal(err)
			}
			c.change(&task, &config)
			if l, err = Open(dir, task, config); err != nil {
				t.Fatal(err)
			}
			_, err = l.Pretrain(t.Context())
			if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("error %v, want %q", err, c.says)
			}
		})
	}
}
