// Package repl runs cells in a live session and shows what they do: Go, the commands
// between its lines (see package dialect), and the programs of gonbui. The Jupyter kernel,
// the terminal and the notebook runner are built on it.
//
//	opening    the session is being opened; slow, what the user sees of that; changed, packages
//	           are newer than it
//	execute    a cell; failure, the report of one that failed
//	commands   those that begin with %: environ, folder and environment; shell; module, go get;
//	           echarts; help; unknown, other tools' commands
//	questions  what an editor asks
package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
	"github.com/sdtlab/sdtlab/kernel/internal/gonbpipe"
	"github.com/sdtlab/sdtlab/kernel/internal/live"
	"github.com/sdtlab/sdtlab/kernel/internal/remark"
)

// Options describe a session.
type Options struct {
	Module   string        // folder of the module whose packages cells can import
	Packages []string      // these packages, in the form of the go command
	Watch    []string      // folders of those that may change meanwhile
	Base     *live.Base    // these packages, compiled, for the first session; nil: the evaluator compiles them
	Cache    string        // folder for compiled packages
	Dir      string        // where cells run
	Env      []string      // their environment
	Tell     remark.Teller // shows what is slow while no cell runs, and states in place; nil: cells show both
	Kernel   string        // the id by which a Jupyter server knows this kernel; "" without one
}

// Evaluator implements [eval.Evaluator] with a live session, which it opens in [New] and
// again at each restart.
type Evaluator struct {
	opt  Options
	temp string // folder for pipes
	pipe *gonbpipe.Pipe
	slow *slow

	module *module   // what cells are compiled in
	since  time.Time // when the session began

	env      []string // set by %env
	autoget  bool     // missing packages may be fetched
	password bool     // the next input of a shell command is a password
	reminded bool     // the message that packages have changed was printed

	mu     sync.Mutex
	at     *opening
	out    eval.Output       // of the cell that runs, or ran last
	halves map[string][]byte // for each stream, the beginning of an incomplete rune
	cancel context.CancelFunc
	done   chan struct{}  // closed when the running cell has ended; nil when none runs
	asked  int            // how often it was asked to stop
	forced bool           // its process was ended because of that
	codes  map[int]string // the cells that have run, by number
}

// Ready waits until the session is ready or has failed to open: [live.ErrUnsupported] if
// the system cannot run it.
func (e *Evaluator) Ready(ctx context.Context) error {
	_, err := e.session().wait(ctx)
	return err
}

var _ eval.Evaluator = (*Evaluator)(nil)

// New returns an evaluator, which begins to open its session.
func New(opt Options) (*Evaluator, error) {
	temp, err := os.MkdirTemp("", "sdt-")
	if err != nil {
		return nil, fmt.Errorf("create a folder for pipes: %w: set TMPDIR to a writable folder", err)
	}
	e := &Evaluator{opt: opt, temp: temp, codes: map[int]string{}, halves: map[string][]byte{}, autoget: true}
	if e.module, err = newModule(opt, temp); err == nil {
		e.pipe, err = gonbpipe.Open(temp, opt.Kernel, pipeOutput{e})
	}
	if err != nil {
		os.RemoveAll(temp)
		return nil, err
	}
	e.slow = &slow{e: e}
	e.open()
	return e, nil
}

// open opens a session, in the background.
func (e *Evaluator) open() {
	ctx, stop := context.WithCancel(context.Background())
	o := &opening{stop: stop, done: make(chan struct{})}
	e.since = time.Now()
	env := slices.Concat(e.opt.Env, e.pipe.Env(), e.env)
	dir := e.opt.Dir
	e.mu.Lock()
	e.at = o
	e.mu.Unlock()
	go func() {
		defer close(o.done)
		base, err := e.module.build(ctx, e.slow)
		if err != nil {
			o.failed = err
			return
		}
		o.live, o.failed = live.Open(base, dir, env, e.write)
	}()
}

// session returns the present session, which may still be opening.
func (e *Evaluator) session() *opening {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.at
}

// write receives the output of cells and commands. It never splits runes.
func (e *Evaluator) write(stream string, text []byte) {
	e.mu.Lock()
	out := e.out
	text = append(e.halves[stream], text...)
	n := whole(text)
	e.halves[stream] = slices.Clone(text[n:])
	e.mu.Unlock()
	if out != nil && n > 0 {
		out.Stream(stream, string(text[:n]))
	}
}

// whole returns the length of text without an incomplete rune at its end.
func whole(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return len(text) - n
			}
			break
		}
	}
	return len(text)
}

func (e *Evaluator) output() eval.Output {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.out
}

// Restart discards everything, and compiles what has changed.
func (e *Evaluator) Restart() error {
	err := e.session().close()
	e.reminded = false
	e.open()
	return err
}

// Close ends the session and removes its files.
func (e *Evaluator) Close() error {
	return errors.Join(e.session().close(), e.pipe.Close(), os.RemoveAll(e.temp))
}

// Running reports whether a cell runs.
func (e *Evaluator) Running() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.done != nil
}

// Interrupt asks the running cell to stop; a second call stops it at once. What does not
// stop even then, a loop in a compiled package, ends with the process and all values.
func (e *Evaluator) Interrupt() {
	e.mu.Lock()
	done := e.done
	if done == nil {
		e.mu.Unlock()
		return
	}
	e.asked++
	asked := e.asked
	e.cancel()
	session := e.at.now()
	e.mu.Unlock() // the cell's output until it ends needs the lock
	if session == nil {
		return
	}
	session.Interrupt()
	time.AfterFunc(patience, func() {
		select {
		case <-done:
			return
		default:
		}
		if asked > 1 {
			e.mu.Lock()
			e.forced = true
			e.mu.Unlock()
			session.Kill()
			return
		}
		e.slow.Say("The cell has not stopped yet. A second interrupt ends the process: all values are lost.")
	})
}

// patience is how long a cell may take to stop before the user is told how to force it, and
// then before it is forced.
const patience = 4 * time.Second

// pipeOutput passes on what programs of gonbui show, after what they wrote before.
type pipeOutput struct{ e *Evaluator }

func (p pipeOutput) to(show func(eval.Output)) {
	out := p.e.output()
	if out == nil {
		return
	}
	if session := p.e.session().now(); session != nil {
		session.Flush()
	}
	show(out)
}

func (p pipeOutput) Stream(name, text string) {
	p.to(func(out eval.Output) { out.Stream(name, text) })
}

func (p pipeOutput) Display(data, metadata map[string]any, id string) {
	p.to(func(out eval.Output) { out.Display(data, metadata, id) })
}

func (p pipeOutput) Update(data, metadata map[string]any, id string) {
	p.to(func(out eval.Output) { out.Update(data, metadata, id) })
}

func (p pipeOutput) Comm(m gonbpipe.Comm) {
	p.to(func(out eval.Output) { out.Comm(eval.Comm(m)) })
}
