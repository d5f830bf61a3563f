package toolchain

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/live/mark"
)

// Refused is the error of a cell that the type checker has accepted but the compiler or the
// linker rejects: a type or a stack frame is too large, say.
type Refused struct {
	Said []Refusal
	err  error
}

// Refusal is one of their messages.
type Refusal struct {
	File     string // name of the file, without its folder, and the line; "" if the message has none
	Line     int
	Function string // the symbol in the linker's message
	Message  string
}

// Error returns the error of the program.
func (r *Refused) Error() string { return r.err.Error() }

// Unwrap returns the error of the program that rejected the cell.
func (r *Refused) Unwrap() error { return r.err }

// toolFailure is the error of a program that has failed, with its output.
type toolFailure struct {
	what           string // the program, and what it did
	err            error
	stdout, stderr string
}

func (f *toolFailure) Error() string {
	return fmt.Sprintf("%s: %v\n%s%s", f.what, f.err, f.stdout, f.stderr)
}

func (f *toolFailure) Unwrap() error { return f.err }

// refusal returns the error of a program as [Refused], with what read finds in its output,
// or err itself if read finds nothing.
func refusal(err error, read func(*toolFailure) []Refusal) error {
	var f *toolFailure
	if !errors.As(err, &f) {
		return err
	}
	if said := read(f); said != nil {
		return &Refused{said, err}
	}
	return err
}

// compilerSays matches the compiler's message about a line.
var compilerSays = regexp.MustCompile(`(?m)^(\S.*?):(\d+)(?::\d+)?: (.*)$`)

// byCompiler reads the compiler's messages about lines.
func byCompiler(f *toolFailure) (all []Refusal) {
	for _, m := range compilerSays.FindAllStringSubmatch(f.stdout+"\n"+f.stderr, -1) {
		line, _ := strconv.Atoi(m[2])
		// An instantiation of a generic function has a type of its own in place of a
		// parameter.
		all = append(all, Refusal{File: filepath.Base(m[1]), Line: line, Message: mark.Strip(strings.ReplaceAll(m[3], "go.shape.", ""))})
	}
	return all
}

// linkerSays matches the linker's message about a function that leaves no room on the
// stack. It is the only fault that the linker can find in a package that compiles.
var linkerSays = regexp.MustCompile(`(?m)^(main\..+): (nosplit stack over .*)$`)

// chain matches the place where the linker begins to list the calls that led there.
var chain = regexp.MustCompile(`(?m)^\S`)

// byLinker reads the linker's messages about functions of the cell.
func byLinker(f *toolFailure) (all []Refusal) {
	said := linkerSays.FindAllStringSubmatch(f.stderr, -1)
	chains := chain.FindAllStringIndex(f.stdout, -1)
	for i, m := range said {
		r := Refusal{Function: m[1], Message: mark.Strip(m[0])}
		if len(chains) == len(said) {
			end := len(f.stdout)
			if i+1 < len(chains) {
				end = chains[i+1][0]
			}
			r.Message += "\n" + mark.Strip(strings.TrimSpace(f.stdout[chains[i][0]:end]))
		}
		all = append(all, r)
	}
	return all
}
