// Package dialect parses cells: Go, with lines in between that are commands to the kernel
// (%who) or to the shell (!ls). It is the dialect of GoNB, with the commands of a session
// that keeps its values.
package dialect

import (
	"maps"
	"slices"
	"strings"
)

// Kind is the kind of a command.
type Kind int

const (
	Kernel Kind = iota // %name …
	Shell              // !command
	Module             // !*command, a shell's in the folder of the module that cells are compiled in
	Help               // ?name, name?: describes a name, which may be empty
	Source             // ??name, name??: the same, with the source
)

// Command is a line of a cell that is not Go, or several joined by backslashes.
type Command struct {
	Kind Kind
	Text string // without the sign in front
	Line int    // where it begins, from 1
}

// Cell is a parsed cell.
type Cell struct {
	// Commands are the commands, in order. They run before the Go code. Text after %time on
	// its line is Go.
	Commands []Command
	// Go is the Go code: the cell with everything else blanked out, so places in it are the
	// same as in the cell.
	Go string
	// Open reports that the last command ends in a backslash but the line that continues it
	// is missing.
	Open bool
	// Whole, if not nil, is the command that receives the rest of the cell: %%writefile,
	// %%bash, %%sh, %%script. Body is then the rest, and everything else is empty.
	Whole *Command
	Body  string
}

// gonbPrefix may precede a command, so that the cell is Go for other tools.
const gonbPrefix = "//gonb:"

// whole are the commands that receive the rest of the cell.
var whole = map[string]bool{"%writefile": true, "%bash": true, "%sh": true, "%script": true}

// ForWholeCell returns the names of the commands that receive the rest of a cell.
func ForWholeCell() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		names = append(names, "%"+name)
	}
	return names
}

// mark is the byte order mark, with which some editors begin a file.
const mark = "\ufeff"

// Parse parses a cell. A command begins at the start of a line where a statement could,
// outside of strings, comments and brackets; space may precede a % at the beginning of the
// cell. A byte order mark at the start is not part of the cell.
func Parse(cell string) Cell {
	if rest, ok := strings.CutPrefix(cell, mark); ok {
		c := Parse(rest)
		if c.Whole == nil {
			c.Go = strings.Repeat(" ", len(mark)) + c.Go
		}
		return c
	}
	if c, ok := parseWhole(cell); ok {
		return c
	}
	var c Cell
	var code strings.Builder
	var s state
	begun := false
	lines := strings.SplitAfter(cell, "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if text := strings.TrimLeft(line, " \t"); !begun {
			begun = strings.TrimSpace(text) != ""
			if strings.HasPrefix(text, "%") {
				line = text
			}
		}
		kind, text, ok := command(line)
		if !ok || !s.outside() {
			s.line(lines[i])
			code.WriteString(lines[i])
			continue
		}
		found := Command{Kind: kind, Line: i + 1}
		if name, rest, ok := timed(kind, text); ok {
			found.Text = name
			c.Commands = append(c.Commands, found)
			begin := strings.LastIndex(lines[i], rest)
			s.line(lines[i][begin:])
			blankOut(&code, lines[i][:begin])
			code.WriteString(lines[i][begin:])
			continue
		}
		blankOut(&code, lines[i])
		for strings.HasSuffix(text, `\`) {
			text = strings.TrimSuffix(text, `\`) + " "
			if i+1 == len(lines) || lines[i+1] == "" {
				c.Open = true
				break
			}
			i++
			blankOut(&code, lines[i])
			text += strings.TrimRight(lines[i], "\r\n")
		}
		if found.Text = strings.TrimSpace(text); found.Text != "" || kind == Help {
			c.Commands = append(c.Commands, found)
		}
	}
	c.Go = code.String()
	return c
}

// parseWhole parses a cell that is for one command.
func parseWhole(cell string) (Cell, bool) {
	blank := len(cell) - len(strings.TrimLeft(cell, " \t\r\n"))
	first, body, _ := strings.Cut(cell[blank:], "\n")
	kind, text, ok := command(first)
	name, _ := firstWord(text)
	if !ok || kind != Kernel || !whole[name] {
		return Cell{}, false
	}
	line := strings.Count(cell[:blank], "\n") + 1
	return Cell{Whole: &Command{Kernel, strings.TrimSpace(text[1:]), line}, Body: body}, true
}

// command reports whether a line is a command, with its kind and the text behind the sign.
func command(line string) (kind Kind, text string, ok bool) {
	line = strings.TrimRight(strings.TrimPrefix(line, gonbPrefix), "\r\n")
	if kind, name, ok := question(line); ok {
		return kind, name, true
	}
	switch {
	case strings.HasPrefix(line, "!*"):
		return Module, line[2:], true
	case strings.HasPrefix(line, "!"):
		return Shell, line[1:], true
	case strings.HasPrefix(line, "%"):
		return Kernel, line[1:], true
	}
	return 0, "", false
}

// timed reports whether a command is %time with Go on the same line, which the command does
// not end.
func timed(kind Kind, text string) (name, rest string, ok bool) {
	name, rest = firstWord(text)
	return name, rest, kind == Kernel && name == "time" && rest != ""
}

// firstWord splits off the first word.
func firstWord(text string) (word, rest string) {
	end := strings.IndexAny(text, " \t")
	if end < 0 {
		return text, ""
	}
	return text[:end], strings.TrimLeft(text[end:], " \t")
}

// blankOut writes spaces for everything but a line's end.
func blankOut(b *strings.Builder, line string) {
	text := strings.TrimRight(line, "\r\n")
	b.WriteString(strings.Repeat(" ", len(text)))
	b.WriteString(line[len(text):])
}
