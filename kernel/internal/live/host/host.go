// Package host is the part of a live session that runs in the worker process, beside the
// values: it loads cells, runs them, and shows the values of their last expressions. Its
// exported names are for compiled cells, and for the session at the other end of the pipe.
//
//	task         the user's code that the session waits for; behind, tasks left behind
//	interrupt    asking it to stop; checks, in the code of cells; input, when it reads
//	value        the value of a last expression: text and method, as text; table and tabletext,
//	             as a table; tensor; image; own, in its own format
//	failure      why a cell ended early: failed, thrown and panics, its message; stack, its trace;
//	             uncaught, a goroutine's; exit, os.Exit; again, types that are declared again
//	order        the order of standard output and standard error; displays, gonbui's; standard,
//	             the two when a cell has closed them
//	test         the tests of a cell; testsfailed; flags, the command line
//	variables    what lives in the session; memory, how much it uses
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

// Command is a request of the session. The fields are carried out in order.
type Command struct {
	Dir    string            // folder to change to
	Env    map[string]string // variables to set
	Args   []string          // new os.Args, if not empty; the first element is for the program's name
	Drop   []string          // symbols of variables that nothing names any longer
	Load   string            // path of a cell to load and run
	Grow   []string          // types, by their symbols, that get more methods with that cell
	Tables []Table           // method tables that the cell has
	Again  map[string]string // the sentence about each type that the cell declares again, by name
	Who    map[string]string // report these variables, by name, given their symbols; and the memory

	Environ   bool // report the environment
	Interrupt bool // ask the running code to stop; it has no Report
}

// Table is the method table of a type for an interface, defined by a cell's plugin.
type Table struct {
	Symbol string
	Value  uint64   // of the symbol
	Uses   []uint64 // places in the plugin where the loader puts its address
}

// Report is the answer to a Command.
type Report struct {
	Loaded    bool     // the cell is loaded with its declarations, however it ended when it ran
	Failure   *Failure // of the command
	Value     *Value   // of the last expression; nil if it has none to show
	Warnings  []string
	Declared  []string // symbols of the cell's variables that were declared before it ended
	Variables []Variable
	Memory    Memory
	Environ   []string // in the form of os.Environ
}

// Cell is what a compiled cell reports about itself when it is loaded.
type Cell struct {
	Number int   // number in its line directives: cell[7]
	Stop   *Flag // checked by its code
	Run    func()
	Slots  []Slot   // of the variables that it declares
	Keep   []any    // what later cells may need
	Flags  []string // names of the command-line flags that it defines
}

// loaded is the cell in the plugin being opened.
var loaded *Cell

// Enter is called by a cell's init, before any other code of the cell runs.
func Enter(c *Cell) {
	loaded = c
	watch(c.Number, c.Stop)
}

// Loader loads cells: see package loader.
type Loader struct {
	Open func(path string, tables []Table) error
	Grow func(types []string, stand uintptr) error
}

// loader is the Loader given to Main.
var loader Loader

// Main serves the session on file descriptors 3 and 4 until it closes them.
func Main(l Loader) {
	loader = l
	os.Args[0] = "cell" // the program's name in messages of package flag
	emptyFlags()
	syscall.CloseOnExec(3) // so that processes started by cells do not inherit it
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
				leave(0) // nothing can use the values any more
			}
			if c.Interrupt {
				disturb()
				continue
			}
			if c.Load != "" {
				arm() // now, because an interrupt may follow at once
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
		if r.Failure = run(func() { all = variables(c.Who) }); r.Failure == nil { // their text may call os.Exit
			r.Variables = all
		}
		r.Memory = footprint()
	}
	return r
}

// settle applies the settings in a command to the process.
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
	if len(c.Args) > 0 { // gob does not distinguish nil from empty
		os.Args = append(os.Args[:1:1], c.Args[1:]...)
	}
	return nil
}

// load opens a cell and runs it. All of this is the user's code: initializers of packages
// run while the plugin is opened.
func load(c Command, r *Report) {
	shown.Lock()
	shown.values, shown.is = nil, false
	shown.Unlock()
	r.Warnings = append(r.Warnings, giveBack()...)
	for name, sentence := range c.Again {
		declaredAgain.Store(name, sentence)
	}
	orderDue.Store(0) // a Jupyter server starts counting again with each cell too
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
		return nil, &Failure{Kind: "load", Message: c.Load + " is not a cell"}
	}
	if Context().Err() != nil {
		return nil, &Failure{Kind: "load", Message: "interrupted before it ran"}
	}
	if len(c.Grow) > 0 {
		if err := loader.Grow(c.Grow, reflect.ValueOf(cell.Run).Pointer()); err != nil {
			r.Warnings = append(r.Warnings, "interfaces that hold earlier values do not have the new methods: "+err.Error())
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
		return // called by a cell that was left behind
	}
	shown.Lock()
	defer shown.Unlock()
	shown.values, shown.is = values, true
}

// ShowError is Show for an expression with only an error as result: a nil error shows
// nothing.
func ShowError(err error) {
	if err != nil {
		Show(err)
	}
}
