package dialect

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		why, cell string
		commands  []Command
		code      string
	}{
		{"Go alone", "x := 1\nx\n", nil, "x := 1\nx\n"},
		{"a command, and its place is kept", "%time\nx := 1", []Command{{Kernel, "time", 1}}, "     \nx := 1"},
		{"a tab", "%time\tx := 1\n%cd\ta", []Command{{Kernel, "time", 1}, {Kernel, "cd\ta", 2}}, "      x := 1\n     "},
		{"Go behind %time", "%time x := f(\n!a)\n%time  y %time\n%time \n!b", []Command{{Kernel, "time", 1}, {Kernel, "time", 3}, {Kernel, "time", 4}, {Shell, "b", 5}}, "      x := f(\n!a)\n       y %time\n      \n  "},
		{"shell commands", "!ls -l\n!*go get x\n", []Command{{Shell, "ls -l", 1}, {Module, "go get x", 2}}, "      \n          \n"},
		{"GoNB's main", "%% -n 3\nf()", []Command{{Kernel, "% -n 3", 1}}, "       \nf()"},
		{"a command behind a comment for other tools", "//gonb:%who\nx", []Command{{Kernel, "who", 1}}, "           \nx"},
		{"joined lines", "!a \\\nb\\\n c\nx", []Command{{Shell, "a  b  c", 1}}, "    \n  \n  \nx"},
		{"a backslash at the end", "!a \\", []Command{{Shell, "a", 1}}, "    "},
		{"in a raw string", "s := `\n!ls\n%who`\n%who", []Command{{Kernel, "who", 4}}, "s := `\n!ls\n%who`\n    "},
		{"in a comment", "/*\n!ls\n*/ x", nil, "/*\n!ls\n*/ x"},
		{"in brackets", "f(a\n%b)\nif x {\n!y\n}", nil, "f(a\n%b)\nif x {\n!y\n}"},
		{"quotes that are no strings", "// it's (\n'(' + \"`\\\"(\"\n!ls", []Command{{Shell, "ls", 3}}, "// it's (\n'(' + \"`\\\"(\"\n   "},
		{"not at the start of the line", " !x", nil, " !x"},
		{"% that the cell begins with, as in IPython", "\n \t%who\n %x", []Command{{Kernel, "who", 2}}, "\n      \n %x"},
		{"carriage returns", "!ls\r\nx\r\n", []Command{{Shell, "ls", 1}}, "   \r\nx\r\n"},
		{"where an expression goes on", "x := 7 +\n%b\nok := a &&\n!b\n!c", []Command{{Shell, "c", 5}}, "x := 7 +\n%b\nok := a &&\n!b\n  "},
		{"where one ends", "x++\n!a\nreturn\n!b\nf()[0] // +\n!c\n'+'\n!d\nL:\n!e", []Command{{Shell, "a", 2}, {Shell, "b", 4}, {Shell, "c", 6}, {Shell, "d", 8}, {Shell, "e", 10}}, "x++\n  \nreturn\n  \nf()[0] // +\n  \n'+'\n  \nL:\n  "},
		{"a word that is an operator", "for\n%who\ngo\n!f()", nil, "for\n%who\ngo\n!f()"},
		{"a byte order mark", "\ufeff%who\nx", []Command{{Kernel, "who", 1}}, "       \nx"},
		{"questions", "strings.ToUpper?\n?x\n??x\n x.y?? \n?encoding/json\n?%who\nf()?\n?\n", []Command{
			{Help, "strings.ToUpper", 1}, {Help, "x", 2}, {Source, "x", 3}, {Source, "x.y", 4}, {Help, "encoding/json", 5}, {Help, "%who", 6}, {Help, "f", 7}, {Help, "", 8},
		}, "                \n  \n   \n       \n              \n     \n    \n \n"},
		{"no questions", "x := a?\ny???\n?a?\n1 + x?\n// why?\ns := `\nwhy?`", nil, "x := a?\ny???\n?a?\n1 + x?\n// why?\ns := `\nwhy?`"},
		{"nothing behind the sign", "!\n%\n", nil, " \n \n"},
	} {
		got := Parse(c.cell)
		if !reflect.DeepEqual(got.Commands, c.commands) || got.Go != c.code || got.Whole != nil {
			t.Errorf("%s: %+v, code %q", c.why, got, got.Go)
		}
	}
}

func TestParseWholeCells(t *testing.T) {
	for _, c := range []struct{ cell, text, body string }{
		{"%%writefile -a x.txt\n%who\n!ls\n", "writefile -a x.txt", "%who\n!ls\n"},
		{"\n\n%%bash\nls\n", "bash", "ls\n"},
		{"%%sh", "sh", ""},
		{"\ufeff%%sh\nls", "sh", "ls"},
		{"%%script awk -f -\nBEGIN {}", "script awk -f -", "BEGIN {}"},
	} {
		got := Parse(c.cell)
		if got.Whole == nil || got.Whole.Text != c.text || got.Body != c.body || got.Go != "" {
			t.Errorf("%q: %+v", c.cell, got)
		}
	}
}

func TestOpen(t *testing.T) {
	for cell, want := range map[string]bool{"!a \\": true, "!a \\\n": true, "!a \\\nb": false, "!a": false, "!a \\\n\n": false, "!a \\\nb\\\n": true} {
		if got := Parse(cell).Open; got != want {
			t.Errorf("%q: %t", cell, got)
		}
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                      nil,
		`a  b`:                  {"a", "b"},
		`-x="a b" c\ d "\"" ""`: {"-x=a b", "c d", `"`, ""},
	} {
		if got := Words(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// FuzzParse checks that nothing of a cell is lost, moved, or both Go and a command.
func FuzzParse(f *testing.F) {
	for _, cell := range []string{"x\n!ls\\\n-l\ny", "s := `\n!ls`\n%who", "%%writefile a\nb", "/* \n!*/", "'\n!\"\\", "//gonb:!a\r\n"} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		c := Parse(cell)
		if c.Whole != nil {
			if !strings.HasSuffix(cell, c.Body) || c.Go != "" || len(c.Commands) > 0 {
				t.Errorf("%q: %+v", cell, c)
			}
			return
		}
		if strings.HasPrefix(cell, mark) {
			cell = "   " + cell[len(mark):]
		}
		if len(c.Go) != len(cell) {
			t.Fatalf("%q: %d bytes of code, want %d", cell, len(c.Go), len(cell))
		}
		cells, codes := strings.SplitAfter(cell, "\n"), strings.SplitAfter(c.Go, "\n")
		begins := map[int]Command{}
		for _, command := range c.Commands {
			begins[command.Line] = command
		}
		var taken int // of the commands
		for i, code := range codes {
			if _, ok := begins[i+1]; ok {
				taken++
				if _, _, ok := command(strings.TrimPrefix(cells[i], "   ")); !ok || strings.Trim(code, " \r\n") != "" {
					t.Errorf("%q: line %d is no command, or Go too: %q", cell, i+1, code)
				}
			}
			if code != cells[i] && strings.Trim(code, " \r\n") != "" {
				t.Errorf("%q: line %d is %q", cell, i+1, code)
			}
		}
		if taken != len(c.Commands) {
			t.Errorf("%q: %d of %d commands have a line", cell, taken, len(c.Commands))
		}
	})
}
