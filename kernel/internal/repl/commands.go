package repl

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/sdtlab/sdtlab/kernel/internal/dialect"
)

// kernelCommands are the commands that begin with %, each with the function that carries it
// out.
var kernelCommands map[string]func(c *cell, line int, args []string) error

func init() {
	kernelCommands = map[string]func(c *cell, line int, args []string) error{
		"%":       (*cell).beginMain,
		"main":    (*cell).beginMain,
		"args":    func(c *cell, _ int, args []string) error { c.live.SetArgs(args); return nil },
		"test":    func(c *cell, _ int, args []string) error { c.live.SetArgs(args); c.tests = true; return nil },
		"exec":    (*cell).exec,
		"env":     (*cell).setenv,
		"cd":      (*cell).chdir,
		"who":     (*cell).who,
		"ls":      (*cell).who,
		"list":    (*cell).who,
		"time":    func(c *cell, _ int, _ []string) error { c.timed = true; return nil },
		"memory":  (*cell).memory,
		"echarts": (*cell).echarts,
		"reset":   func(c *cell, _ int, _ []string) error { return c.afresh(c.live.Restart) },
		"restart": func(c *cell, _ int, _ []string) error { return c.afresh(c.e.Restart) },
		"help": func(c *cell, _ int, _ []string) error {
			c.help()
			return nil
		},
		"with_inputs":   func(*cell, int, []string) error { return nil }, // all commands can ask for input
		"with_password": func(c *cell, _ int, _ []string) error { c.e.password = true; return nil },
		"autoget":       func(c *cell, _ int, _ []string) error { c.e.autoget = true; return nil },
		"noautoget":     func(c *cell, _ int, _ []string) error { c.e.autoget = false; return nil },
		"widgets":       func(*cell, int, []string) error { return nil }, // widgets need no preparation here
	}
}

// commandNames returns the names of all commands, with their signs.
func commandNames() []string {
	names := append(dialect.ForWholeCell(), "%%")
	for name := range kernelCommands {
		if name != "%" {
			names = append(names, "%"+name)
		}
	}
	slices.Sort(names)
	return names
}

// command carries out a command.
func (c *cell) command(command dialect.Command) error {
	switch command.Kind {
	case dialect.Shell:
		return c.shell(c.dir(), command.Text)
	case dialect.Module:
		return c.shell(c.e.module.root, command.Text, c.e.module.own...)
	case dialect.Help, dialect.Source:
		return c.tell(command)
	}
	words := dialect.Words(command.Text)
	if len(words) == 0 {
		return errors.New("no command after %: %help lists the commands")
	}
	do, ok := kernelCommands[words[0]]
	if !ok {
		return unknownCommand("%" + words[0])
	}
	if len(words) > 1 && slices.Contains(alone, words[0]) {
		return fmt.Errorf("%%%s takes no arguments", words[0])
	}
	return do(c, command.Line, words[1:])
}

// alone are the commands without arguments.
var alone = []string{"who", "ls", "list", "memory", "reset", "restart", "help", "with_inputs", "with_password", "autoget", "noautoget", "widgets"}

// whole carries out a command that receives the rest of the cell.
func (c *cell) whole(text, body string) error {
	words := dialect.Words(text)
	name, args := words[0], words[1:]
	switch {
	case name == "writefile":
		return c.writeFile(args, body)
	case name == "script" && len(args) == 0:
		return errors.New("%%script needs a command: %%script COMMAND …")
	case name == "script":
		return c.pipe(args, body)
	case len(args) > 0:
		return fmt.Errorf("%%%%%s takes no arguments", name)
	}
	return c.pipe([]string{name}, body)
}

// beginMain carries out GoNB's command that makes a main function of the code below it: its
// last value is not shown.
func (c *cell) beginMain(line int, args []string) error {
	c.quiet = true
	c.live.SetArgs(args) // without arguments, the earlier ones are removed
	if len(args) > 0 {
		c.flags = line
	}
	return nil
}

func (c *cell) exec(_ int, args []string) error {
	if len(args) == 0 {
		return errors.New("%exec needs the name of a function: %exec FUNCTION [ARGUMENTS]")
	}
	c.call = args[0]
	c.live.SetArgs(args[1:])
	return nil
}

func (c *cell) writeFile(args []string, body string) error {
	flags := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	did := "written"
	if len(args) > 1 && args[0] == "-a" {
		flags, did, args = os.O_CREATE|os.O_WRONLY|os.O_APPEND, "appended", args[1:]
	}
	if len(args) != 1 {
		return errors.New("%%writefile needs a file: %%writefile [-a] FILE")
	}
	if body != "" && !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	path, err := c.path(args[0])
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, flags, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(body)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	c.out.Stream("stderr", fmt.Sprintf("Cell contents %s to %q.\n", did, args[0]))
	return nil
}

func (c *cell) who(int, []string) error {
	variables, _, err := c.live.Who()
	if err != nil {
		return err
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, v := range variables {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", v.Name, v.Type, amount(uint64(v.Size)), v.Value)
	}
	w.Flush()
	for _, d := range c.live.Declared() {
		b.WriteString(d + "\n")
	}
	if b.Len() == 0 {
		b.WriteString("no variables, functions or types yet\n")
	}
	c.out.Stream("stdout", b.String())
	return nil
}

func (c *cell) memory(int, []string) error {
	_, m, err := c.live.Who()
	if err != nil {
		return err
	}
	c.out.Stream("stdout", fmt.Sprintf("%s in use by values, %s of memory in all, %d goroutines\n", amount(m.Heap), amount(m.Resident), m.Goroutines))
	return nil
}

// amount returns a number of bytes in a readable form.
func amount(n uint64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	x, i := float64(n), 0
	for x >= 1024 && i+1 < len(units) {
		x, i = x/1024, i+1
	}
	if i == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", x, units[i])
}

// afresh begins an empty session.
func (c *cell) afresh(begin func() error) error {
	if err := begin(); err != nil {
		return err
	}
	session, err := c.e.session().wait(c.ctx)
	if err != nil {
		return err
	}
	c.live = session
	c.out.Stream("stderr", "A fresh session has begun.\n")
	return nil
}
