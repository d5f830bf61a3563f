package repl

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/sdtlab/sdtlab/kernel/internal/dialect"
)

//go:embed help.md
var help string

// help shows how to use a session, as Markdown and as text.
func (c *cell) help() {
	c.out.Display(map[string]any{"text/markdown": help, "text/plain": plainText(help, 80)}, nil, "")
}

// tell describes a name of Go, a package by its path, or a command.
func (c *cell) tell(question dialect.Command) error {
	name := question.Text
	switch {
	case name == "":
		c.help()
		return nil
	case strings.HasPrefix(name, "%"):
		return c.tellCommand(name)
	}
	detail := 0
	if question.Kind == dialect.Source {
		detail = 1
	}
	code := c.parts.Go + "\n" + name
	cursor := len(code)
	if path := strings.Trim(name, `"`); path != name || strings.ContainsAny(name, "/-") {
		code = `import "` + path + `"`
		cursor = len(code) - 1
	}
	found, ok := c.live.Inspect(code, cursor, detail)
	if !ok {
		return fmt.Errorf("%s is unknown: it is not a name of this session, of a package or of Go", name)
	}
	c.out.Display(map[string]any{"text/plain": found.Text, "text/markdown": found.Markdown}, nil, "")
	return nil
}

// tellCommand shows the help's line about a command.
func (c *cell) tellCommand(name string) error {
	said := regexp.MustCompile("(?m)^\\|.*`" + regexp.QuoteMeta(name) + "[` ].*\\|$").FindString(help)
	if said == "" {
		return unknownCommand(name)
	}
	cells := strings.Split(strings.Trim(said, "| "), " | ")
	c.out.Display(map[string]any{
		"text/markdown": cells[0] + ": " + cells[1], "text/plain": strings.ReplaceAll(cells[0]+": "+cells[1], "`", ""),
	}, nil, "")
	return nil
}

// plainText returns Markdown as text in lines of at most width letters. It knows only the
// parts that the help uses: paragraphs, code and tables of two columns.
func plainText(markdown string, width int) string {
	var b strings.Builder
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(markdown, "`", "")), "\n")
	left := 0 // width of the first column
	for _, l := range lines {
		if cells := row(l); cells != nil && utf8.RuneCountInString(cells[0]) <= width/2 {
			left = max(left, utf8.RuneCountInString(cells[0]))
		}
	}
	for _, l := range lines {
		cells := row(l)
		switch {
		case cells == nil:
			wrap(&b, l, "", width)
		case cells[0] == "" || strings.Trim(cells[0], "-") == "":
		default:
			first := fmt.Sprintf("  %-*s  ", left, cells[0])
			b.WriteString(first)
			if utf8.RuneCountInString(first) > left+4 {
				b.WriteString("\n" + strings.Repeat(" ", left+4))
			}
			wrap(&b, cells[1], strings.Repeat(" ", left+4), width)
		}
	}
	return b.String()
}

// row returns the two cells of a table line, nil for other lines.
func row(line string) []string {
	if !strings.HasPrefix(line, "|") {
		return nil
	}
	cells := strings.SplitN(strings.Trim(line, "|"), "|", 2)
	if len(cells) < 2 {
		return nil
	}
	return []string{strings.TrimSpace(cells[0]), strings.TrimSpace(cells[1])}
}

// wrap writes text that begins behind an indent, and indents the following lines.
func wrap(b *strings.Builder, text, indent string, width int) {
	at := utf8.RuneCountInString(indent)
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+n > width:
			b.WriteString("\n" + indent)
			at = utf8.RuneCountInString(indent)
		default:
			b.WriteString(" ")
			at++
		}
		b.WriteString(word)
		at += n
	}
	b.WriteString("\n")
}
