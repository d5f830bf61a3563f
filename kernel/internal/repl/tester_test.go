package repl

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// screen receives what cells show and answers what they ask.
type screen struct {
	mu    sync.Mutex
	shown strings.Builder
	reply func(ctx context.Context, prompt string, password bool) (string, error)
}

func (s *screen) put(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown.WriteString(text)
}

// all returns what has been shown since the last call.
func (s *screen) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.shown.Reset()
	return s.shown.String()
}

func (s *screen) Stream(_, text string)                     { s.put(text) }
func (s *screen) Display(data, _ map[string]any, id string) { s.put("<" + id + form(data) + ">") }
func (s *screen) Update(data, _ map[string]any, id string)  { s.put("<" + id + "=" + form(data) + ">") }
func (s *screen) Clear(bool)                                {}
func (s *screen) Comm(m eval.Comm)                          { s.put("<" + m.Type + " " + m.Target + ">") }

func (s *screen) Input(ctx context.Context, prompt string, password bool) (string, error) {
	s.put(fmt.Sprintf("[%s%t]", prompt, password))
	if s.reply == nil {
		return "", io.EOF
	}
	return s.reply(ctx, prompt, password)
}

// form returns data in the most informative of its types.
func form(data map[string]any) string {
	for _, mime := range []string{"text/html", "text/markdown", "text/plain"} {
		if text, ok := data[mime].(string); ok {
			return text
		}
	}
	return fmt.Sprint(len(data), " forms")
}

// tester is an evaluator under test.
type tester struct {
	*Evaluator
	screen *screen
	t      *testing.T
	cells  int
}

// options are the options for a session with sdtlab's packages.
func options(t *testing.T) Options {
	t.Helper()
	if testing.Short() {
		t.Skip("starts sessions")
	}
	root, err := filepath.Abs("../../..")
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
	const gonbui = "github.com/janpfeifer/gonb/gonbui"
	return Options{
		Module: root, Cache: cache, Dir: t.TempDir(), Env: append(os.Environ(), "GOEXPERIMENT=simd"),
		Packages: []string{"./sdt", "./datasets", "./plots", gonbui, gonbui + "/widgets", gonbui + "/dom"},
		Tell:     remark.On(os.Stderr),
	}
}

// newTester opens a session that ends with the test.
func newTester(t *testing.T, opt Options) *tester {
	t.Helper()
	e, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := e.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &tester{Evaluator: e, screen: &screen{}, t: t}
}

// run executes a cell and returns what it shows, its value and its failure.
func (l *tester) run(code string) (shown string, failure *eval.Failure) {
	l.t.Helper()
	r := l.ask(l.t.Context(), code, nil)
	shown = l.screen.all()
	if r.Data != nil {
		shown += "Out: " + form(r.Data)
	}
	return shown, r.Failure
}

func (l *tester) ask(ctx context.Context, code string, expressions map[string]string) eval.Result {
	l.cells++
	return l.Execute(ctx, code, eval.Ask{Count: l.cells, AllowStdin: true, Expressions: expressions}, l.screen)
}

// want executes a cell and expects what it shows.
func (l *tester) want(code, want string) {
	l.t.Helper()
	shown, failure := l.run(code)
	if failure != nil {
		l.t.Errorf("%s\n\tfails: %s\n\tand shows %q", code, said(failure), shown)
	} else if shown != want {
		l.t.Errorf("%s\n\tshows %q, want %q", code, shown, want)
	}
}

// matches executes a cell and expects that what it shows matches a pattern.
func (l *tester) matches(code, want string) {
	l.t.Helper()
	shown, failure := l.run(code)
	if failure != nil {
		l.t.Errorf("%s\n\tfails: %s\n\tand shows %q", code, said(failure), shown)
	} else if !regexp.MustCompile("(?s)" + want).MatchString(shown) {
		l.t.Errorf("%s\n\tshows %q, want %s", code, shown, want)
	}
}

// fails executes a cell and expects its failure: the name, and part of its text without
// colours. It returns what the cell shows.
func (l *tester) fails(code, name string, says ...string) string {
	l.t.Helper()
	shown, failure := l.run(code)
	if failure == nil {
		l.t.Errorf("%s\n\tdoes not fail, and shows %q", code, shown)
		return shown
	}
	text := said(failure)
	if failure.Name != name {
		l.t.Errorf("%s\n\tfails with %s, want %s:\n%s", code, failure.Name, name, text)
	}
	for _, s := range says {
		if !strings.Contains(text, s) {
			l.t.Errorf("%s\n\tdoes not say %q:\n%s", code, s, text)
		}
	}
	return shown
}

var colour = regexp.MustCompile("\x1b\\[\\d+m")

// said returns the complete text of a failure.
func said(f *eval.Failure) string {
	return colour.ReplaceAllString(f.Name+": "+f.Value+"\n"+strings.Join(f.Traceback, "\n"), "")
}

// begin starts a cell and returns a channel for its result. It waits until the cell has
// shown something.
func (l *tester) begin(ctx context.Context, code string) <-chan eval.Result {
	l.t.Helper()
	done := make(chan eval.Result, 1)
	go func() { done <- l.ask(ctx, code, nil) }()
	l.await("the cell shows something", func() bool {
		l.screen.mu.Lock()
		defer l.screen.mu.Unlock()
		return l.screen.shown.Len() > 0
	})
	return done
}

// await waits until a condition holds.
func (l *tester) await(what string, so func() bool) {
	l.t.Helper()
	for end := time.Now().Add(20 * time.Second); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			l.t.Fatalf("not within 20 seconds: %s", what)
		}
	}
}

// result waits for the end of a cell.
func (l *tester) result(done <-chan eval.Result, within time.Duration) eval.Result {
	l.t.Helper()
	select {
	case r := <-done:
		return r
	case <-time.After(within):
		l.t.Fatalf("the cell has not ended within %v", within)
		return eval.Result{}
	}
}
