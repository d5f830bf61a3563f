package repl

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/dialect"
)

// TestUnknownCommands checks that a wrong command leads to the right one.
func TestUnknownCommands(t *testing.T) {
	for name, want := range map[string]string{
		"%timeit": "%time", "%%timeit": "%test", "%matplotlib": "plots", "%pip": "!*go get", "%pwd": "%cd", "%run": "!go run",
		"%whoo": "did you mean %who?", "%hlep": "did you mean %help?", "%Time": "did you mean %time?", "%restrat": "did you mean %restart?",
		"%%writefil": "did you mean %%writefile?", "%xyz": "no command %xyz: %help lists", "%%bash": "first line",
	} {
		if got := unknownCommand(name).Error(); !strings.Contains(got, want) || !strings.Contains(got, name) {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	here := commandNames()
	commands := func(text string) []string {
		return strings.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune("%abcdefghijklmnopqrstuvwxyz_", r) })
	}
	for name, instead := range elsewhere {
		if slices.Contains(here, name) || kernelCommands[strings.TrimPrefix(name, "%")] != nil {
			t.Errorf("%s is a command here", name)
		}
		for _, word := range commands(instead) {
			if strings.HasPrefix(word, "%") && word != "%" && !slices.Contains(here, word) {
				t.Errorf("%s: there is no %s either", name, word)
			}
		}
	}
	for _, name := range dialect.ForWholeCell() {
		if c := dialect.Parse(name + " x"); c.Whole == nil {
			t.Errorf("%s is not for a whole cell", name)
		}
	}
}

// TestHelpText checks the help in a terminal.
func TestHelpText(t *testing.T) {
	text := plainText(help, 80)
	for line := range strings.Lines(text) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 || strings.ContainsAny(line, "`|") {
			t.Errorf("%d: %q", n, line)
		}
	}
	for _, want := range []string{"\n  %who  ", "\n  %%writefile [-a] FILE  ", "  !COMMAND, !*COMMAND", "functions and types\n", "To stop a cell"} {
		if !strings.Contains(text, want) {
			t.Errorf("the help has no %q:\n%s", want, text)
		}
	}
}

// TestCause checks that an internal error gives its cause, and nothing about our internals.
func TestCause(t *testing.T) {
	temp := os.TempDir()
	for said, want := range map[string]string{
		"go list ./...: exit status 1\nx.go:3: undefined: y": "x.go:3: undefined: y",
		"no room on the disk":                                "no room on the disk",
		"compile -p: exit status 2\n# cell/3\n" + temp + "/sdt-live-123/3/cell[3]:2:5: x is too large": "cell 3, line 2: x is too large",
		"link -o: exit status 1\nmain.run: relocation target main.limit𐕰2𐕰 not defined":                "main.run: relocation target main.limit not defined",
		"compile -p: exit status 2\n":                       "compile -p: exit status 2",
		"link -o: signal: killed\nmore":                     "more",
		"open " + temp + "/sdt-live-9/7/go.o: no such file": "open go.o: no such file",
	} {
		if got := cause(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}
