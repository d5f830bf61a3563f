// Package live is a Go program that grows by the cell. All cells are one package, main: each
// is compiled with what it uses of those before, linked as a plugin against one shared
// library of all that cells can import, and loaded into a process that holds the values
// ([Session]). The library, [Base], is made once for a state of the packages.
//
//	session    a cell on its way; process, the worker at the other end of a pipe; ended, what is said of its end
//	state      what else is asked of the worker
//	refused    what the compiler has against a cell that is right by its types
//	questions  what an editor asks
//	environ    the folder and the environment, which stay over a restart
//
// The packages below it, in the order in which a cell goes through them. Each knows only of
// those above it:
//
//	mark       what tells the meanings of a name apart
//	cell       the text of a cell
//	guard      where code looks whether it is to stop
//	program    what the cells have declared so far
//	names      how the names in a cell are written for another
//	check      what a cell means
//	emit       the package that is compiled for it
//	editor     completion, inspection: of a cell that is being typed
//
// And of those that run it, which know nothing of what it means:
//
//	host       is with the values, in the worker; loader, loads cells there
//	toolchain  compiles and links; linker, which linker of the system
package live

import (
	"context"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/input"
	"github.com/sdtlab/sdtlab/kernel/internal/live/cell"
	"github.com/sdtlab/sdtlab/kernel/internal/live/check"
	"github.com/sdtlab/sdtlab/kernel/internal/live/editor"
	"github.com/sdtlab/sdtlab/kernel/internal/live/emit"
	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
	"github.com/sdtlab/sdtlab/kernel/internal/live/program"
	"github.com/sdtlab/sdtlab/kernel/internal/live/toolchain"
)

// Base is the packages that cells can import, compiled and linked. See [toolchain.Base].
type Base = toolchain.Base

// ErrUnsupported is what [Build] returns, wrapped, where no cell can be loaded into a
// running process.
var ErrUnsupported = toolchain.ErrUnsupported

// Build makes a base: see [toolchain.Build].
var Build = toolchain.Build

// IsProgram is the error of an import of a command.
type IsProgram = toolchain.IsProgram

// Problem is what keeps a cell from being compiled, and where.
type Problem = cell.Problem

// Problems is the error for a cell that does not compile.
type Problems = cell.Problems

// Session is a living Go program that grows by the cell. Its methods are called one at a
// time, but for Interrupt and Kill, and for Complete and Inspect, which may be called while
// Eval runs: they answer from what was there before the cell.
type Session struct {
	base *Base
	dir  string // work folder of the worker
	env  []string
	out  func(stream string, text []byte)
	args []string // what os.Args is to be from the next cell on, as host.Command has it

	temp      string               // for compiled cells
	library   *toolchain.Library   // the base's
	libraries []*toolchain.Library // and those of cells
	fset      *token.FileSet
	imports   *program.Imports
	program   *program.Program
	left      []string // symbols of variables that nothing names any more

	meaning sync.Mutex // of program, and of what it reads: questions come while a cell runs
	editor  *editor.Editor

	mu     sync.Mutex // of worker
	worker *process
}

// Cell is what to run.
type Cell struct {
	Number int // names it in messages
	Code   string
	Quiet  bool // the value of the last expression is not shown
	Tests  bool // after the rest, run the tests and benchmarks that the cell declares
}

// Outcome is what became of a cell that compiled.
type Outcome struct {
	Value    *host.Value   // of the last expression; nil if there is none to show
	Failure  *host.Failure // nil if it ran to its end
	Warnings []string

	Building, Running time.Duration
}

// Open starts a session in a folder. out takes what cells write.
func Open(base *Base, dir string, env []string, out func(stream string, text []byte)) (*Session, error) {
	s := &Session{editor: editor.New(base), base: base, dir: dir, env: env, out: out}
	var err error
	if s.temp, err = toolchain.CellFolder(base.Dir); err != nil {
		return nil, err
	}
	if s.library, err = toolchain.OpenLibrary(base.Library()); err == nil {
		err = s.start()
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// start starts a fresh worker that knows nothing.
func (s *Session) start() error {
	worker, err := startWorker(s.base.Worker(), s.dir, s.env, s.temp, s.out)
	if err != nil {
		return err
	}
	s.mu.Lock()
	old := s.worker
	s.worker = worker
	s.mu.Unlock()
	if old != nil {
		old.stdin.End()
	}
	s.meaning.Lock()
	defer s.meaning.Unlock()
	if s.imports == nil {
		s.fset = token.NewFileSet()
		s.imports = program.NewImports(s.fset, s.base)
	}
	s.libraries = []*toolchain.Library{s.library}
	s.program, s.left = program.New(s.fset, s.imports), nil
	return nil
}

// Restart forgets everything and starts afresh.
func (s *Session) Restart() error {
	s.Kill()
	return s.start()
}

// Close ends the session.
func (s *Session) Close() error {
	if s.worker != nil {
		s.worker.kill()
	}
	return os.RemoveAll(s.temp)
}

func (s *Session) process() *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.worker
}

// Interrupt asks the running cell to stop: the context of its signals is done.
func (s *Session) Interrupt() { s.process().interrupt() }

// Kill ends the process with all values. The cell that runs returns [Ended].
func (s *Session) Kill() { s.process().kill() }

// Eval runs a cell of Go. ask, if not nil, answers what reads standard input, which is at
// its end otherwise. Its error is [Problems] where the cell does not compile, [*Ended]
// where the process ended with it, context.Canceled where ctx was done before it ran.
func (s *Session) Eval(ctx context.Context, do Cell, ask input.Ask) (*Outcome, error) {
	began := time.Now()
	out, err := s.prepare(do)
	if err != nil || out == nil {
		return &Outcome{}, err
	}
	plugin, err := s.build(ctx, out.Entry.Source.Unit, out)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	built := time.Now()
	var grow []string
	for _, name := range out.Grown {
		grow = append(grow, toolchain.TypeSymbols(name)...)
	}
	report, err := s.process().do(host.Command{
		Load: plugin, Tables: s.libraries[len(s.libraries)-1].Tables(), Grow: grow, Again: s.program.Again(out.Entry), Drop: s.left, Args: s.args,
	}, ask)
	s.args, s.left = nil, nil
	if err != nil {
		return nil, s.ended()
	}
	if report.Loaded {
		reached := map[string]bool{}
		for _, symbol := range report.Declared {
			reached[symbol] = true
		}
		s.meaning.Lock()
		s.left = s.program.Adopt(out.Entry, func(symbol string) bool { return reached[symbol] })
		s.meaning.Unlock()
	}
	return &Outcome{
		Value: report.Value, Failure: report.Failure, Warnings: append(out.Warnings, report.Warnings...),
		Building: built.Sub(began), Running: time.Since(built),
	}, nil
}

// prepare finds out what a cell means and writes its package; nothing where the cell has no
// code.
func (s *Session) prepare(do Cell) (*emit.Output, error) {
	s.meaning.Lock()
	defer s.meaning.Unlock()
	code, problems := cell.Pasted(do.Code, cell.ConstraintContext(s.env))
	if len(problems) > 0 {
		for i := range problems {
			problems[i].Cell = do.Number
		}
		return nil, problems
	}
	src := s.program.Next(do.Number, code, do.Quiet, do.Tests)
	if src.Empty() {
		return nil, nil
	}
	c, err := check.Check(s.program, src)
	if err != nil {
		return nil, err
	}
	return emit.Write(c)
}

// build compiles and links the package of a cell.
func (s *Session) build(ctx context.Context, unit int, out *emit.Output) (string, error) {
	s.base.Touch()
	u := &toolchain.Unit{
		Dir: filepath.Join(s.temp, fmt.Sprint(unit)), Imports: out.Imports, Stand: out.Run,
		Defined: out.Defined, Elsewhere: out.Elsewhere, Renamed: out.Renamed,
	}
	if err := os.MkdirAll(u.Dir, 0o700); err != nil {
		return "", fmt.Errorf("compile the cell: %w", err)
	}
	for name, text := range out.Files {
		file := filepath.Join(u.Dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return "", fmt.Errorf("compile the cell: %w", err)
		}
		u.Sources = append(u.Sources, file)
	}
	slices.Sort(u.Sources)
	err := s.base.Compile(ctx, u, s.imports.File)
	if err == nil {
		err = s.base.Link(ctx, u, s.libraries)
	}
	if err != nil {
		return "", refused(err, out.Entry)
	}
	l, err := toolchain.OpenLibrary(u.Plugin())
	if err != nil {
		return "", err
	}
	s.libraries = append(s.libraries, l)
	return u.Plugin(), nil
}
