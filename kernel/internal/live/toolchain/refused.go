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

// Refused is the error of a cell that the type checker has accepted and the compiler or the
// linker does not: a type or a frame is too large, say.
type Refused struct {
	Said []Refusal
	err  error
}

// Refusal is one thing that they say.
type Refusal struct {
	File     string // the name of the file, without its folder, and the line; "" where none is told
	Line     int
	Function string // the symbol that the linker speaks of
	Message  string
}

// Error is that of the program.
func (r *Refused) Error() string { return r.err.Error() }

// Unwrap returns the error of the program that refused it.
func (r *Refused) Unwrap() error { return r.err }

// toolFailure is the error of a program that has failed, with what it has said.
type toolFailure struct {
	what           string // the program, and what it did
	err            error
	stdout, stderr string
}

func (f *toolFailure) Error() string {
	return fmt.Sprintf("%s: %v\n%s%s", f.what, f.err, f.stdout, f.stderr)
}

func (f *toolFailure) Unwrap() error { return f.err }

// refusal returns the error of a program as [Refused], with what read finds in what it has said;
// as it is if that is nothing.
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

// compilerSays is what the compiler says of a line.
var compilerSays = regexp.MustCompile(`(?m)^(\S.*?):(\d+)(?::\d+)?: (.*)$`)

// byCompiler reads what the compiler says of lines.
func byCompiler(f *toolFailure) (all []Refusal) {
	for _, m := range compilerSays.FindAllStringSubmatch(f.stdout+"\n"+f.stderr, -1) {
		line, _ := strconv.Atoi(m[2])
		// What is compiled of a generic function has a type of its own in the place of a parameter.
		all = append(all, Refusal{File: filepath.Base(m[1]), Line: line, Message: mark.Strip(strings.ReplaceAll(m[3], "go.shape.", ""))})
	}
	return all
}

// linkerSays is what the linker says of a function that leaves no room on the stack. That is all
// that it can find wrong with a package that compiles.
var linkerSays = regexp.MustCompile(`(?m)^(main\..+): (nosplit stack over .*)$`)

// chain is where the linker begins to tell the calls that led there.
var chain = regexp.MustCompile(`(?m)^\S`)

// byLinker reads what the linker says of functions of the cell.
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
