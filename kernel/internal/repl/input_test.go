package repl

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// typed answers with lines, then with the end of the input.
func typed(lines ...string) func(context.Context, string, bool) (string, error) {
	return func(context.Context, string, bool) (string, error) {
		if len(lines) == 0 {
			return "", io.EOF
		}
		defer func() { lines = lines[1:] }()
		return lines[0], nil
	}
}

func TestInput(t *testing.T) {
	l := newTester(t, options(t))
	l.screen.reply = typed("7 8", "in shell", "secret", "asked", "plain")
	l.want("var a, b int\nfmt.Print(\"two: \")\nfmt.Scan(&a, &b)\na + b", "two: [false]Out: 15")
	l.want("!read line; echo \"got $line\"", "[false]got in shell\n")
	l.want("%with_password\n!read line; echo \"got $line\"", "[true]got secret\n")
	l.want("import \"github.com/janpfeifer/gonb/gonbui\"\nvar line string\ngonbui.RequestInput(\"Name? \", true)\nfmt.Scanln(&line)\nline", `[Name? true]Out: "asked"`)
	l.want("fmt.Scanln(&line)\nline", `[false]Out: "plain"`) // the request was for one line
	l.want("_, err := fmt.Scanln(&line)\nerr == io.EOF", "[false]Out: true")
	l.want("!read line || echo ended", "[false]ended\n")
	l.screen.reply = func(context.Context, string, bool) (string, error) { return "", errors.New("nobody is there") }
	l.want("_, err := fmt.Scanln(&line)\nerr == io.EOF", "[false]nobody is there\nOut: true")
	l.cells++
	r := l.Execute(t.Context(), "_, err := fmt.Scanln(&line)\nerr == io.EOF", eval.Ask{Count: l.cells}, l.screen)
	if shown := l.screen.all(); r.Failure != nil || form(r.Data) != "true" || shown == "[false]" {
		t.Errorf("with nobody to ask: %+v, and shows %q", r, shown)
	}
}

// TestDisplays checks that gonbui's displays come after text printed before and, if the
// program waits for that with gonbui.Sync, before text printed after.
func TestDisplays(t *testing.T) {
	l := newTester(t, options(t))
	l.want("for i := range 3 {\n\tfmt.Print(i)\n\tgonbui.DisplayHTML(fmt.Sprint(\"h\", i))\n\tgonbui.Sync()\n}\nfmt.Print(\"end\")", "0<h0>1<h1>2<h2>end")
	l.matches("id := gonbui.UniqueId()\ngonbui.UpdateHTML(id, \"first\")\ngonbui.Sync()\nfmt.Print(\"between\")\ngonbui.UpdateHTML(id, \"second\")", "^<[^=>]*first>between<[^=>]*=second>$")
	l.matches("gonbui.UpdateHTML(id, \"from another cell\")", "^<[^=>]*=from another cell>$")
}
