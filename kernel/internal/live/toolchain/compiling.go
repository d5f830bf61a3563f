package toolchain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// forLibrary are the go command's flags for the packages of the library. It is linked
// without debugging information, so none is compiled, which takes a tenth of the time.
var forLibrary = []string{"-linkshared", "-gcflags=all=-dwarf=false"}

// After waitToTell, how far the compiler is is told every tellEvery.
const (
	waitToTell = 2 * time.Second
	tellEvery  = time.Second
)

// compiling compiles packages, and those that they depend on, and returns what the go command
// lists of each in a format. tell is told how far that is. Packages in Go's cache are not
// compiled, and if all of them are there, nothing is told, nor any time spent on counting.
func (b *Base) compiling(ctx context.Context, tell remark.Teller, format string, packages []string) ([]byte, error) {
	f := &follower{tally: newTally(), first: make(chan struct{}), known: make(chan struct{})}
	ended := make(chan struct{})
	var told sync.WaitGroup
	told.Go(func() { f.tell(ended, tell) })
	counting, stop := context.WithCancel(ctx)
	defer stop()
	told.Go(func() {
		select {
		case <-ended:
		case <-f.first:
			f.expect(b.expect(counting, packages))
		}
	})
	// -v: each package is named when the compiler begins with it.
	args := slices.Concat([]string{"list", "-export", "-deps", "-v"}, forLibrary, []string{"-f", format}, packages)
	out, err := b.follow(ctx, f.see, "go", args...)
	var failed *toolFailure
	if errors.As(err, &failed) {
		select {
		case <-f.first:
			<-f.known
		default:
		}
		failed.stdout, failed.stderr = "", f.withoutNames(failed.stderr) // the compiler writes only errors
	}
	stop()
	close(ended)
	told.Wait()
	if err == nil {
		f.conclude(tell)
	}
	return out, err
}

// follower follows what the go command writes while it compiles.
type follower struct {
	first chan struct{} // closed when the first package begins
	known chan struct{} // closed when it is known what to compile, or that this cannot be found out

	mu    sync.Mutex
	line  []byte // the beginning of a line
	tally *tally
	all   map[string]bool // all packages, compiled or not; nil if not known
	shown bool            // a state was told
}

// see receives what the go command writes: names of packages, each on a line, and whatever
// it says otherwise.
func (f *follower) see(text []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.line = append(f.line, text...)
	for {
		line, rest, whole := bytes.Cut(f.line, []byte("\n"))
		if !whole {
			return
		}
		f.line = slices.Clone(rest)
		name := string(line)
		if name == "" || strings.ContainsAny(name, " \t\r:#") || f.all != nil && !f.all[name] {
			continue
		}
		if f.tally.begin(name, time.Now()); len(f.tally.started) == 1 {
			close(f.first)
		}
	}
}

// expect records what is expected to be compiled.
func (f *follower) expect(all []expected, err error) {
	defer close(f.known)
	if err != nil {
		return // the build says what is wrong, if anything is
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = map[string]bool{}
	for _, p := range all {
		f.all[p.path] = true
	}
	f.tally.expect(all)
}

// tell tells how far the compiler is, until ended is closed.
func (f *follower) tell(ended <-chan struct{}, to remark.Teller) {
	select {
	case <-ended:
		return
	case <-f.first:
	}
	for wait := waitToTell; ; wait = tellEvery {
		select {
		case <-ended:
			if f.shown {
				to.Now("")
			}
			return
		case now := <-time.After(wait):
			f.mu.Lock()
			state := f.tally.state(now)
			f.mu.Unlock()
			if state != "" {
				f.shown = true
				to.Now(state)
			}
		}
	}
}

// conclude says what was compiled, if it was told that something is.
func (f *follower) conclude(to remark.Teller) {
	if f.shown {
		to.Say(fmt.Sprintf("compiled %d packages in %s", len(f.tally.started), time.Since(f.tally.began).Round(time.Second)))
	}
}

// withoutNames returns what the go command wrote without the names of packages.
func (f *follower) withoutNames(text string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !f.all[strings.TrimRight(line, "\n")] {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
