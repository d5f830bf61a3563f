// Package host is the part of a live session that lives in the worker process, with the
// values: it loads cells, runs them, and shows what their last expression is worth. Its
// exported names are for compiled cells, and for the session at the other end of the pipe.
package host

import (
	"encoding/gob"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"sync"
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
	Who    map[string]string // tell of variables, by name, given their symbols; and of the memory

	Environ bool // tell the environment
}

// Table is a table of a type's methods for an interface, which a cell's plugin defines.
type Table struct {
	Symbol string
	Value  uint64   // of the symbol
	Uses   []uint64 // where in the plugin the loader puts its address
}

// Report is the answer to a Command.
type Report struct {
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
	Run   func()
	Slots []Slot   // of the variables that it declares
	Keep  []any    // what later cells may need
	Flags []string // names of the command line flags that it defines
}

// loaded is the cell that the plugin being opened has brought.
var loaded *Cell

// opens and grows are what Main was given.
var (
	opens func(path string, tables []Table) error
	grows func(types []string, stand uintptr) error
)

// Enter is called by a cell's init.
func Enter(c *Cell) { loaded = c }

// Main serves the session on file descriptors 3 and 4 until it goes. open loads a cell; grow
// adds methods to types that are there, when a cell with more of them has been loaded.
func Main(open func(path string, tables []Table) error, grow func(types []string, stand uintptr) error) {
	opens, grows = open, grow
	syscall.CloseOnExec(3) // not for what cells start
	syscall.CloseOnExec(4)
	if err := keepOrder(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	flag.CommandLine.Init(os.Args[0], flag.PanicOnError) // a wrong flag is the cell's failure
	in, out := gob.NewDecoder(os.NewFile(3, "commands")), gob.NewEncoder(os.NewFile(4, "reports"))
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	go func() {
		for range interrupts {
			cancel()
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
				os.Exit(0) // nobody is there to use the values
			}
			commands <- c
		}
	}()
	for c := range commands {
		if err := out.Encode(serve(c)); err != nil {
			fmt.Fprintln(os.Stderr, "report to the session:", err)
			os.Exit(1)
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
		r.Value, r.Failure = load(c, &r.Warnings)
		if r.Failure == nil || r.Failure.Kind != "load" {
			r.Declared = declared(loaded.Slots)
		}
	}
	if c.Who != nil {
		r.Variables, r.Memory = variables(c.Who), footprint()
	}
	if c.Environ {
		r.Environ = os.Environ()
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

// load opens a cell and runs it.
func load(c Command, warnings *[]string) (*Value, *Failure) {
	loaded = nil
	arm()
	if err := opens(c.Load, c.Tables); err != nil {
		return nil, &Failure{Kind: "load", Message: err.Error()}
	}
	if loaded == nil {
		return nil, &Failure{Kind: "load", Message: c.Load + " is no cell"}
	}
	if Context().Err() != nil {
		return nil, &Failure{Kind: "load", Message: "interrupted before it ran"}
	}
	if len(c.Grow) > 0 {
		if err := grows(c.Grow, reflect.ValueOf(loaded.Run).Pointer()); err != nil {
			*warnings = append(*warnings, "interfaces that hold values of before do not have the new methods: "+err.Error())
		}
	}
	declare(loaded.Slots)
	undefine(loaded.Flags)
	return run(loaded.Run)
}

// shown is the value of the running cell's last expression.
var shown struct {
	sync.Mutex
	values []any
	is     bool
}

// Show is called by a cell with the value or values of its last expression.
func Show(values ...any) {
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

// run runs a cell on a goroutine of its own.
func run(cell func()) (*Value, *Failure) {
	shown.values, shown.is = nil, false
	ended := make(chan *Failure)
	go func() {
		failure := &Failure{Kind: "panic", Message: "runtime.Goexit ended the cell"}
		defer func() {
			running.Store("")
			ended <- failure
		}()
		running.Store(goroutine())
		failure = guard(cell)
	}()
	if failure := <-ended; failure != nil {
		return nil, failure
	}
	if !shown.is {
		return nil, nil
	}
	var value *Value
	failure := guard(func() { value = show(shown.values) }) // a String method can panic too
	return value, failure
}
