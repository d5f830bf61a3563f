// Package live is a Go program that grows cell by cell. All cells form one package, main:
// each is compiled with what it uses from earlier cells, linked as a plugin against one
// shared library of everything that cells can import, and loaded into a process that holds
// the values ([Session]). The library, [Base], is built once for each state of the
// packages.
//
//	session    runs a cell; process, the worker at the other end of a pipe; ended, the error when it dies
//	state      other requests to the worker
//	refused    what the compiler rejects although the cell's types are right
//	questions  what an editor asks
//	environ    the folder and the environment, which survive a restart
//
// The packages below it, in the order in which a cell passes through them. Each knows only
// those above it:
//
//	mark       tells apart the meanings of a name
//	cell       the text of a cell
//	guard      where code checks whether it should stop
//	program    what the cells have declared so far
//	names      how a cell's names are written in another cell
//	check      what a cell means
//	emit       the package that is compiled for a cell
//	editor     completion and inspection, for a cell that is being typed
//
// And the packages that run a cell, which do not know what it means:
//
//	host       runs beside the values, in the worker; loader loads cells there
//	toolchain  compiles and links; linker chooses the system's linker
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

// Base is the set of packages that cells can import, compiled and linked. See
// [toolchain.Base].
type Base = toolchain.Base

// ErrUnsupported is the error that [Build] returns, wrapped, on systems where no cell can
// be loaded into a running process.
var ErrUnsupported = toolchain.ErrUnsupported

// Build builds a base: see [toolchain.Build].
var Build = toolchain.Build

// IsProgram is the error when a cell imports a command.
type IsProgram = toolchain.IsProgram

// Problem is a reason why a cell does not compile, with its place.
type Problem = cell.Problem

// Problems is the error of a cell that does not compile.
type Problems = cell.Problems

// Session is a live Go program that grows cell by cell. Its methods must be called one at a
// time, except Interrupt and Kill, and Complete and Inspect. These may be called while Eval
// runs; Complete and Inspect then answer from the state before the cell.
type Session struct {
	base *Base
	dir  string // work folder of the worker
	env  []string
	out  func(stream string, text []byte)
	args []string // os.Args from the next cell on, in the form of host.Command

	temp      string               // for compiled cells
	library   *toolchain.Library   // the base's
	libraries []*toolchain.Library // and those of cells
	fset      *token.FileSet
	imports   *program.Imports
	program   *program.Program
	left      []string // symbols of variables that nothing names any longer

	meaning sync.Mutex // guards program and what it reads: questions arrive while a cell runs
	editor  *editor.Editor

	mu     sync.Mutex // guards worker
	worker *process
}

// Cell is a cell to run.
type Cell struct {
	Number int // identifies it in messages
	Code   string
	Quiet  bool // do not show the value of the last expression
	Tests  bool // afterwards, run the tests and benchmarks that the cell declares
}

// Outcome is the result of a cell that compiled.
type Outcome struct {
	Value    *host.Value   // of the last expression; nil if it has none to show
	Failure  *host.Failure // nil if the cell ran to its end
	Warnings []string

	Building, Running time.Duration
}

// Open starts a session in a folder. out receives what cells write.
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

// start starts a fresh worker without any cells.
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

// Restart discards everything and starts afresh.
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

// Interrupt asks the running cell to stop by cancelling the context of its signals.
func (s *Session) Interrupt() { s.process().interrupt() }

// Kill ends the process with all its values. The running cell returns [Ended].
func (s *Session) Kill() { s.process().kill() }

// Eval runs a cell of Go. ask, if not nil, answers reads from standard input, which is
// otherwise at its end. The error is [Problems] if the cell does not compile, [*Ended] if
// the process ended, and context.Canceled if ctx was done before the cell ran.
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

// prepare works out what a cell means and writes its package. It returns nil for a cell
// without code.
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
