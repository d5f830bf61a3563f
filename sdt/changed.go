package sdt

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// unchanged returns an error if a training in the run directory began on data that has
// changed since: the same task, domains and classes, but other examples. It is called before
// another training begins, which would leave that one behind unnoticed.
func (l *Lab) unchanged() error {
	entries, err := os.ReadDir(l.dir)
	if err != nil {
		return advise(err)
	}
	for _, e := range entries {
		dir := filepath.Join(l.dir, e.Name())
		if _, err := os.Stat(filepath.Join(dir, checkpointFile)); err != nil {
			continue
		}
		s, ok, err := readStage(l.dir, e.Name())
		if err != nil || !ok || s.UnderWay == nil {
			continue // damage is reported when the file is needed
		}
		if changed := l.summary().changedSince(s.Provenance.Data); changed != nil {
			return fmt.Errorf("the data of %s has changed since the training in %s began (step %d): to resume that training, put the data back as it was; to train on the data as it is now, delete that folder or use another run directory",
				strings.Join(changed, " and "), dir, *s.UnderWay)
		}
	}
	return nil
}

// changedSince returns the sets used in training with examples that differ from before;
// nil if none do, or if before is another task.
func (s TaskSummary) changedSince(before TaskSummary) []string {
	same := func(a, b SetSummary) bool {
		return a.Role == b.Role && a.Domain == b.Domain && slices.Equal(a.Shape, b.Shape)
	}
	if s.Name != before.Name || s.Protocol != before.Protocol || s.Seed != before.Seed || s.PerSource != before.PerSource ||
		s.PerTarget != before.PerTarget || !slices.Equal(s.Classes, before.Classes) || !slices.Equal(s.HeldOut, before.HeldOut) ||
		!slices.EqualFunc(s.Sets, before.Sets, same) {
		return nil
	}
	var changed []string
	for i, p := range s.Sets {
		if p.Role != "test" && p.SHA256 != before.Sets[i].SHA256 {
			changed = append(changed, p.String())
		}
	}
	return changed
}
