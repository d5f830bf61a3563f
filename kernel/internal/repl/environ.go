package repl

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/goenv"
)

// setenv sets a variable; with only a name it shows that variable, without arguments all.
func (c *cell) setenv(_ int, args []string) error {
	if len(args) == 0 || len(args) == 1 && !strings.Contains(args[0], "=") {
		return c.showenv(args)
	}
	if len(args) == 1 {
		if name, value, ok := strings.Cut(args[0], "="); ok {
			args = []string{name, value}
		}
	}
	if len(args) != 2 {
		return errors.New("%env needs a name and a value, quoted if it has spaces: %env NAME VALUE")
	}
	if err := c.live.Setenv(args[0], args[1]); err != nil {
		return err
	}
	c.e.env = append(c.e.env, args[0]+"="+args[1])
	c.out.Stream("stdout", fmt.Sprintf("Set: %s=%q\n", args[0], args[1]))
	return nil
}

// showenv shows the named variables, or all if there are no names.
func (c *cell) showenv(name []string) error {
	env, err := c.environ()
	if err != nil {
		return err
	}
	values := map[string]string{}
	for _, kv := range env {
		if name, value, ok := strings.Cut(kv, "="); ok {
			values[name] = value
		}
	}
	names := name
	if len(name) == 0 {
		names = slices.Sorted(maps.Keys(values))
	}
	var b strings.Builder
	for _, n := range names {
		value, ok := values[n]
		if !ok {
			return fmt.Errorf("%s is not set: %%env NAME VALUE sets it", n)
		}
		fmt.Fprintf(&b, "%s=%s\n", n, value)
	}
	c.out.Stream("stdout", b.String())
	return nil
}

// dir returns the folder that cells run in.
func (c *cell) dir() string { return c.live.Dir() }

func (c *cell) chdir(_ int, args []string) error {
	switch len(args) {
	case 0:
		c.out.Stream("stdout", fmt.Sprintf("Current directory: %q\n", c.dir()))
		return nil
	case 1:
		to, err := c.path(args[0])
		if err != nil {
			return err
		}
		if err := c.live.Chdir(to); err != nil {
			return err
		}
		c.e.opt.Dir = to
		c.out.Stream("stdout", fmt.Sprintf("Changed directory to %q\n", to))
		return nil
	}
	return errors.New("%cd accepts one folder: %cd [FOLDER]")
}

// path returns the absolute form of a path as typed in a shell.
func (c *cell) path(text string) (string, error) {
	env, err := c.environ()
	if err != nil {
		return "", err
	}
	if home, err := os.UserHomeDir(); err == nil && (text == "~" || strings.HasPrefix(text, "~/")) {
		text = home + text[1:]
	}
	text = os.Expand(text, func(name string) string { return goenv.Value(env, name) })
	if !filepath.IsAbs(text) {
		text = filepath.Join(c.dir(), text)
	}
	return filepath.Clean(text), nil
}

// environ returns the environment of cells, as %env and os.Setenv have changed it, without
// the variables that tell gonbui where to show things: those are for cells only.
func (c *cell) environ() ([]string, error) {
	env, err := c.live.Environ()
	own := c.e.pipe.Env()
	return slices.DeleteFunc(env, func(kv string) bool { return slices.Contains(own, kv) }), err
}
