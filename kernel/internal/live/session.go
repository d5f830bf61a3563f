// Package live is a Go program that grows by the cell. Each cell is compiled as a package
// of its own, linked as a plugin against one shared library of all that cells can import,
// and loaded into a process that holds the values ([Session]). The library, [Base], is made
// once for a state of the packages.
//
//	split, source    a cell in chunks, and as files of its own shape
//	check, scope     what its names mean, in the session
//	typecheck        by Go's own type checker
//	carry, elsewhere types and variables of earlier cells
//	rewrite, frame   the package that is compiled
//	link, stub       the plugin
//	adopt            what the session keeps of it
//	process, host    the worker; host is what runs there
//	complete, inspect, whole   questions of an editor
package live

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/input"
	"github.com/sdtlab/sdtlab/kernel/internal/live/host"
)

// Session is a living Go program that grows by the cell. Its methods are called one at a
// time, but for Interrupt and Kill.
type Session struct {
	base *Base
	dir  string // work folder of the worker
	env  []string
	out  func(stream string, text []byte)
	args []string // what os.Args is to be from the next cell on, as host.Command has it

	temp      string // for compiled cells
	fset      *token.FileSet
	library   *library // the base's
	libraries []*library
	packages  map[string]string // compiled cells and the shim, by import path
	scope     *scope
	imports   *imports
	sources   map[int]*source // cells that ran, by number
	count     int

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

// Ended is the error of a cell that took the process with it: the session starts afresh.
type Ended struct {
	How  string   // exit status or signal
	Tail string   // the end of its error output
	Lost []string // variables
}

// Error says how it ended and what was lost.
func (e *Ended) Error() string {
	s := "the process that held the values has ended (" + e.How + ")"
	if len(e.Lost) > 0 {
		s += "; lost: " + strings.Join(e.Lost, ", ")
	}
	return s
}

// Open starts a session in a folder. out takes what cells write.
func Open(base *Base, dir string, env []string, out func(stream string, text []byte)) (*Session, error) {
	s := &Session{base: base, dir: dir, env: env, out: out}
	var err error
	if s.temp, err = os.MkdirTemp("", "sdt-live-"); err != nil {
		return nil, fmt.Errorf("make a folder for compiled cells: %w", err)
	}
	if s.library, err = openLibrary(base.library()); err == nil {
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
	worker, err := startWorker(s.base, s.dir, s.env, s.temp, s.out)
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
	for _, l := range s.libraries {
		if l != s.library {
			l.close()
		}
	}
	if s.imports == nil {
		s.fset = token.NewFileSet()
		s.imports = newImports(s.fset, s.base)
	}
	s.imports.named = map[string]string{}
	s.libraries = []*library{s.library}
	s.packages = map[string]string{shimPackage: s.base.shim()}
	s.scope, s.sources = newScope(), map[int]*source{}
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
	if s.library != nil {
		s.library.close()
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
	cell := &source{number: do.Number, text: do.Code, chunks: split(do.Code), quiet: do.Quiet, tests: do.Tests}
	if !slices.ContainsFunc(cell.chunks, func(c chunk) bool { return c.kind != blank }) {
		return &Outcome{}, nil
	}
	s.count++
	cell.unit = s.count
	c, err := check(s.fset, s.scope, s.imports, cell)
	if err != nil {
		return nil, err
	}
	plugin, err := s.build(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	built := time.Now()
	report, err := s.process().do(host.Command{Load: plugin, Drop: s.replaced(c), Args: s.args}, ask)
	s.args = nil
	if err != nil {
		return nil, s.ended()
	}
	if report.Loaded {
		s.adopt(c)
	}
	return &Outcome{
		Value: report.Value, Failure: report.Failure, Warnings: c.warnings,
		Building: built.Sub(began), Running: time.Since(built),
	}, nil
}

// Flush hands on what cells have written so far.
func (s *Session) Flush() { s.process().flush() }

// Who returns the variables that live in the session, by name, and what memory its
// process takes.
func (s *Session) Who() ([]host.Variable, host.Memory, error) {
	report, err := s.do(host.Command{Who: true})
	return report.Variables, report.Memory, err
}

// Chdir changes the folder that cells run in. It stays over a restart, as what Setenv sets
// does.
func (s *Session) Chdir(dir string) error {
	if _, err := s.do(host.Command{Dir: dir}); err != nil {
		return err
	}
	s.dir = dir
	return nil
}

// Setenv sets an environment variable.
func (s *Session) Setenv(name, value string) error {
	if _, err := s.do(host.Command{Env: map[string]string{name: value}}); err != nil {
		return err
	}
	s.env = append(s.env, name+"="+value)
	return nil
}

// SetArgs sets what os.Args has after the program's name, from the next cell on.
func (s *Session) SetArgs(args []string) { s.args = append([]string{""}, args...) }

// Dir is the folder that cells run in.
func (s *Session) Dir() string { return s.dir }

// Declared returns the functions, types and constants of the session, each as it would be
// declared without its body, by name.
func (s *Session) Declared() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(s.scope.entries)) {
		if e := s.scope.entries[name]; e.decl != nil {
			all = append(all, types.ObjectString(e.obj, func(p *types.Package) string {
				if p.Path() == "main" {
					return ""
				}
				return p.Name()
			}))
		}
	}
	return all
}

// do has the process do something other than to run a cell.
func (s *Session) do(c host.Command) (host.Report, error) {
	report, err := s.process().do(c, nil)
	if err != nil {
		return report, s.ended()
	}
	if report.Failure != nil {
		return report, errors.New(report.Failure.Message)
	}
	return report, nil
}

// build compiles and links a cell.
func (s *Session) build(ctx context.Context, c *checked) (string, error) {
	out, err := rewrite(c, s.scope)
	if err != nil {
		return "", err
	}
	s.base.touch()
	u := &unit{path: cellPath(c.cell.unit), dir: filepath.Join(s.temp, fmt.Sprint(c.cell.unit))}
	if err := os.MkdirAll(u.dir, 0o700); err != nil {
		return "", fmt.Errorf("compile the cell: %w", err)
	}
	for name, text := range out.files {
		file := filepath.Join(u.dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return "", fmt.Errorf("compile the cell: %w", err)
		}
		u.sources = append(u.sources, file)
	}
	slices.Sort(u.sources)
	u.imports = slices.Sorted(maps.Keys(out.imports))
	if err := s.base.compileUnit(ctx, u, s.file); err != nil {
		return "", err
	}
	if err := s.base.linkUnit(ctx, u, s.libraries); err != nil {
		return "", err
	}
	l, err := openLibrary(u.plugin())
	if err != nil {
		return "", err
	}
	s.libraries = append(s.libraries, l)
	s.packages[u.path] = u.archive()
	return u.plugin(), nil
}

// file returns the compiled form of a package.
func (s *Session) file(path string) string {
	if f := s.packages[path]; f != "" {
		return f
	}
	return s.imports.file(path)
}

// ended starts afresh after the process has gone and returns what to say of it.
func (s *Session) ended() error {
	p := s.process()
	p.kill()
	e := &Ended{How: "exit status 0", Tail: string(p.tail)}
	if p.exit != nil {
		e.How = p.exit.Error()
	}
	for _, x := range s.scope.entries {
		if x.decl == nil {
			e.Lost = append(e.Lost, x.name)
		}
	}
	slices.Sort(e.Lost)
	if err := s.start(); err != nil {
		return errors.Join(e, err)
	}
	return e
}
