// Package host is the part of a live session that lives in the worker process, with the
// values: it loads cells, runs them, and shows what their last expression is worth. Its
// exported names are for compiled cells, and for the session at the other end of the pipe.
//
//	task         code of the user's that is waited for; behind, what is left behind
//	interrupt    asking it to stop; checks, where the code of cells looks; input, what it reads
//	value        what a last expression is worth: text and method, as text; table and tabletext,
//	             as a table; tensor; image; own, as the value itself says
//	failure      why a cell ended early: failed, thrown and panics, its words; stack, its trace;
//	             uncaught, a goroutine's; exit, os.Exit; again, types that are declared again
//	order        what was written first to standard output or standard error; displays, to gonbui;
//	             standard, the two when a cell has closed them
//	test         the tests of a cell; testsfailed; flags, the command line
//	variables    what lives in the session; memory, what it takes
package host

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"syscall"
)

// Command is what the session asks for, in the order of its fields.
type Command struct {
	Dir    string            // folder to change to
	Env    map[string]string // variables to set
	Args   []string          // what os.Args is to be, if not empty; the first is for the program's name
	Drop   []string          // symbols of variables that nothing names any more
	Load   string            // path of a cell to load and run
	Grow   []string          // types, by their symbols, that have more methods with that cell
	Tables []Table           // of methods, that the cell has
	Again  map[string]string // what to say of a type of that name, which it declares again
	Who    map[string]string // tell of variables, by name, given their symbols; and of the memory

	Environ   bool // tell the environment
	Interrupt bool // ask what runs to stop; it has no Report
}

// Table is a table of a type's methods for an interface, which a cell's plugin defines.
type Table struct {
	Symbol string
	Value  uint64   // of the symbol
	Uses   []uint64 // where in the plugin the loader puts its address
}

// Report is the answer to a Command.
type Report struct {
	Loaded    bool     // the cell is there, with what it declares, whatever became of it when it ran
	Failure   *Failure // of what was to be done
	Value     *Value   // of the last expression; nil if it has none to show
	Warnings  []string
	Declared  []string // symbols of the cell's variables that were declared before it ended
	Variables []Variable
	Memory    Memory
	Environ   []string // as os.Environ has it
}

// Cell is what a compiled cell tells of itself when it is loaded.
type Cell struct {
	Number int   // what its lines are called by: cell[7]
	Stop   *Flag // what its code looks at
	Run    func()
	Slots  []Slot   // of the variables that it declares
	Keep   []any    // what later cells may need
	Flags  []string // names of the command line flags that it defines
}

// loaded is the cell that the plugin being opened has brought.
var loaded *Cell

// Enter is called by a cell's init, before any other code of it runs.
func Enter(c *Cell) {
	loaded = c
	watch(c.Number, c.Stop)
}

// Loader loads cells: see package loader.
type Loader struct {
	Open func(path string, tables []Table) error
	Grow func(types []string, stand uintptr) error
}

// loader is what Main was given.
var loader Loader

// Main serves the session on file descriptors 3 and 4 until it goes.
func Main(l Loader) {
	loader = l
	os.Args[0] = "cell" // the program's name, in what package flag says
	emptyFlags()
	syscall.CloseOnExec(3) // not for what cells start
	syscall.CloseOnExec(4)
	if err := keepOrder(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	serving.Store(true)
	in, out := gob.NewDecoder(os.NewFile(3, "commands")), gob.NewEncoder(os.NewFile(4, "reports"))
	heed()
	go func() {
		for range signals {
			stop()
		}
	}()
	commands := make(chan Command)
	go func() {
		for {
			var c Command
			if err := in.Decode(&c); err != nil {
				if !errors.Is(err, io.EOF) {
					fmt.Fprintln(os.Stderr, "read the session's command:", err)
				}
				leave(0) // nobody is there to use the values
			}
			if c.Interrupt {
				disturb()
				continue
			}
			if c.Load != "" {
				arm() // now: an interrupt may follow at once
			}
			commands <- c
		}
	}()
	for c := range commands {
		if err := out.Encode(serve(c)); err != nil {
			fmt.Fprintln(os.Stderr, "report to the session:", err)
			leave(1)
		}
	}
}

func serve(c Command) Report {
	var r Report
	if err := settle(c); err != nil {
		r.Failure = &Failure{Kind: "setting", Message: err.Error()}
		return r
	}
	drop(c.Drop)
	if c.Load != "" {
		load(c, &r)
	}
	if c.Environ {
		r.Environ = os.Environ()
	}
	if c.Who != nil {
		var all []Variable
		if r.Failure = run(func() { all = variables(c.Who) }); r.Failure == nil { // their text may exit
			r.Variables = all
		}
		r.Memory = footprint()
	}
	return r
}

// settle makes the process's settings those of the command.
func settle(c Command) error {
	if c.Dir != "" {
		if err := os.Chdir(c.Dir); err != nil {
			return err
		}
	}
	for name, value := range c.Env {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	if len(c.Args) > 0 { // gob has no difference between nil and empty
		os.Args = append(os.Args[:1:1], c.Args[1:]...)
	}
	return nil
}

// load opens a cell and runs it. All of that is the user's code: initialisers of packages
// run while it is opened.
func load(c Command, r *Report) {
	shown.Lock()
	shown.values, shown.is = nil, false
	shown.Unlock()
	r.Warnings = append(r.Warnings, giveBack()...)
	for name, sentence := range c.Again {
		declaredAgain.Store(name, sentence)
	}
	orderDue.Store(0) // a Jupyter server counts afresh with each cell too
	var unopened *Failure
	var opened atomic.Pointer[Cell]
	r.Failure = run(func() {
		var cell *Cell
		if cell, unopened = open(c, r); unopened == nil {
			opened.Store(cell)
			cell.Run()
		}
	})
	if r.Failure == nil {
		r.Failure = unopened
	}
	if cell := opened.Load(); cell != nil {
		r.Loaded, r.Declared = true, declared(cell.Slots)
	}
	shown.Lock()
	defer shown.Unlock()
	if r.Failure == nil && shown.is {
		r.Value = show(shown.values)
	}
}

// open loads a cell's code.
func open(c Command, r *Report) (*Cell, *Failure) {
	loaded = nil
	if err := loader.Open(c.Load, c.Tables); err != nil {
		return nil, &Failure{Kind: "load", Message: err.Error()}
	}
	cell := loaded
	if cell == nil {
		return nil, &Failure{Kind: "load", Message: c.Load + " is no cell"}
	}
	if Context().Err() != nil {
		return nil, &Failure{Kind: "load", Message: "interrupted before it ran"}
	}
	if len(c.Grow) > 0 {
		if err := loader.Grow(c.Grow, reflect.ValueOf(cell.Run).Pointer()); err != nil {
			r.Warnings = append(r.Warnings, "interfaces that hold values of before do not have the new methods: "+err.Error())
		}
	}
	declare(cell.Slots)
	undefine(cell.Flags)
	return cell, nil
}

// shown is the value of the running cell's last expression.
var shown struct {
	sync.Mutex
	values []any
	is     bool
}

// Show is called by a cell with the value or values of its last expression.
func Show(values ...any) {
	if t := here(); t != nil && t.isOver() {
		return // of a cell that was left behind
	}
	shown.Lock()
	defer shown.Unlock()
	shown.values, shown.is = values, true
}

// ShowError is Show for an expression that gives an error and nothing else: there is
// nothing to show where it gives none.
func ShowError(err error) {
	if err != nil {
		Show(err)
	}
}
