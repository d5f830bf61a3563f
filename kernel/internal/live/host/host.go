// Package host is the part of a live session that lives in the worker process, with the
// values: it loads cells, runs them, and shows what their last expression is worth. Its
// exported names are for compiled cells, and for the session at the other end of the pipe.
package host

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"plugin"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// Command is what the session asks for, in the order of its fields.
type Command struct {
	Dir  string            // folder to change to
	Env  map[string]string // variables to set
	Args []string          // what os.Args is to be, if not empty; the first is for the program's name
	Drop []string          // names of variables that are no more: their values are let go
	Load string            // path of a cell to load and run
	Who  bool              // list the variables, and tell the memory

	Interrupt bool // ask what runs to stop; it has no Report
}

// Report is the answer to a Command.
type Report struct {
	Loaded    bool     // the cell is there, with its variables, whatever became of it when it ran
	Failure   *Failure // of what was to be done
	Value     *Value   // of the last expression; nil if it has none to show
	Variables []Variable
	Memory    Memory
}

// Cell is what a compiled cell tells of itself when it is loaded.
type Cell struct {
	Number    int   // what its lines are called by: cell[7]
	Stop      *Flag // what its code looks at, nil if it does not
	Run       func()
	Variables map[string]any // pointers to those that it declares, by name
	Keep      []any          // what later cells may need
	Flags     []string       // names of the command line flags that it defines
	Move      func()         // copies variables of earlier cells to those that take their places
	Moved     []string       // their names
}

// loaded is the cell that the plugin being opened has brought.
var loaded *Cell

// Enter is called by a cell's init.
func Enter(c *Cell) { loaded = c }

// Main serves the session on file descriptors 3 and 4 until it goes.
func Main() {
	syscall.CloseOnExec(3) // not for what cells start
	syscall.CloseOnExec(4)
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
		r.Value, r.Failure, r.Loaded = load(c.Load)
	}
	if c.Who {
		var all []Variable
		if r.Failure = run(func() { all = variables() }); r.Failure == nil { // their text may exit
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

// load opens a cell and runs it, and tells whether it was opened. All of that is the user's
// code: initialisers of variables run while it is opened.
func load(path string) (*Value, *Failure, bool) {
	shown.Lock()
	shown.values, shown.is = nil, false
	shown.Unlock()
	var unopened *Failure
	var opened atomic.Bool
	failure := run(func() {
		var cell *Cell
		if cell, unopened = open(path); unopened == nil {
			opened.Store(true)
			cell.Run()
		}
	})
	if failure == nil {
		failure = unopened
	}
	shown.Lock()
	defer shown.Unlock()
	if failure != nil || !shown.is {
		return nil, failure, opened.Load()
	}
	return show(shown.values), nil, true
}

// open loads a cell's code.
func open(path string) (*Cell, *Failure) {
	loaded = nil
	if _, err := plugin.Open(path); err != nil {
		return nil, &Failure{Kind: "load", Message: err.Error()}
	}
	cell := loaded
	if cell == nil {
		return nil, &Failure{Kind: "load", Message: path + " is no cell"}
	}
	if Context().Err() != nil {
		return nil, &Failure{Kind: "load", Message: "interrupted before it ran"}
	}
	cell.Move()
	for _, name := range cell.Moved { // what else refers to the earlier ones goes on with them
		delete(living, name)
	}
	declare(cell.Variables)
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

// tidy is a name as the user wrote it: see the session's names.
func tidy(s string) string { return strings.ReplaceAll(s, Mark, "") }

// Mark stands before each name of a cell that other packages would not see: it is an upper
// case letter, so the name is exported, and one of an alphabet that nobody writes
// (Vithkuqi), so it can be taken out of all that is shown.
const Mark = "\U00010570"

// Zero sets variables to their zero values.
func Zero(pointers ...any) {
	for _, p := range pointers {
		if p != nil {
			reflect.ValueOf(p).Elem().SetZero()
		}
	}
}
