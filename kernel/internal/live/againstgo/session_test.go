// Package againstgo compares a live session with Go itself: what a program does, its pieces
// must do when they are run as cells. The programs are random ones (TestDifferential) and
// those with which Go is tested (TestGoPrograms).
package againstgo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/live"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// session is a live session, and what its cells have written.
type session struct {
	*live.Session

	mu   sync.Mutex // of text
	text written
}

// written is the output of a program or of cells.
type written struct{ stdout, stderr string }

// open starts a session in an empty folder.
func open(t *testing.T) *session {
	t.Helper()
	if testing.Short() {
		t.Skipf("%s: compiles what cells import", t.Name())
	}
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	cache := os.Getenv("SDT_CACHE")
	if cache == "" {
		if cache, err = os.UserCacheDir(); err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(cache, "sdtlab")
	}
	packages := []string{"./sdt", "./datasets", "./plots", "github.com/janpfeifer/gonb/gonbui", "github.com/janpfeifer/gonb/gonbui/widgets", "github.com/janpfeifer/gonb/gonbui/dom"}
	base, err := live.Build(t.Context(), root, cache, append(os.Environ(), "GOEXPERIMENT=simd"), packages, remark.Lines(func(s string) { t.Log(s) }))
	if err != nil {
		t.Fatal(err)
	}
	s := &session{}
	s.Session, err = live.Open(base, t.TempDir(), os.Environ(), func(stream string, text []byte) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if stream == "stdout" {
			s.text.stdout += string(text)
		} else {
			s.text.stderr += string(text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// take returns what cells have written since the last call.
func (s *session) take() written {
	s.Flush()
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.text
	s.text = written{}
	return text
}

// fails is the first line of a cell that must fail.
const fails = "// fails"

// play runs cells from a fresh start, each for half a minute at most, up to the first that
// fails. It returns what they write, and why one failed.
func (s *session) play(cells []string) (written, error) {
	if err := s.Restart(); err != nil {
		return written{}, err
	}
	s.take()
	for i, code := range cells {
		late := time.AfterFunc(30*time.Second, s.Kill)
		err := s.eval(live.Cell{Number: i + 1, Code: code, Quiet: true})
		late.Stop()
		if strings.HasPrefix(code, fails) {
			if err == nil {
				err = errors.New("does not fail")
			} else {
				err = nil
			}
		}
		if err != nil {
			return s.take(), fmt.Errorf("cell %d: %w", i+1, err)
		}
	}
	return s.take(), nil
}

// eval runs a cell. A panic of the session is an error like others here, so that the next
// programs still run.
func (s *session) eval(c live.Cell) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the session panics: %v", r)
		}
	}()
	o, err := s.Eval(context.Background(), c, nil)
	if err == nil && o.Failure != nil {
		return errors.New(o.Failure.Kind + ": " + o.Failure.Message)
	}
	return err
}
