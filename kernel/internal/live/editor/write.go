package editor

import (
	"go/doc/comment"
	"strings"
)

// text returns the description as plain text.
func (d *describer) text() string {
	parts := []string{d.declaration}
	if d.from != "" {
		parts = append(parts, "from "+d.from)
	}
	if d.comment != "" {
		printer := &comment.Printer{TextWidth: 90}
		parts = append(parts, strings.TrimRight(string(printer.Text(new(comment.Parser).Parse(d.comment))), "\n"))
	}
	for _, s := range d.others {
		parts = append(parts, s.title+":\n"+s.code)
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// markdown returns the description as Markdown.
func (d *describer) markdown() string {
	parts := []string{fenced(d.declaration)}
	if d.from != "" {
		parts = append(parts, "*from "+d.from+"*")
	}
	if d.comment != "" {
		printer := &comment.Printer{HeadingLevel: 4, HeadingID: func(*comment.Heading) string { return "" }, DocLinkURL: linkTo}
		parts = append(parts, strings.TrimRight(string(printer.Markdown(new(comment.Parser).Parse(d.comment))), "\n"))
	}
	for _, s := range d.others {
		parts = append(parts, "**"+s.title+"**\n\n"+fenced(s.code))
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// fenced returns Go code as a Markdown code block, in a fence longer than any within.
func fenced(code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + "go\n" + code + "\n" + fence
}

// linkTo returns the URL of the documentation of a name: for the standard library it is
// known.
func linkTo(link *comment.DocLink) string {
	if first, _, _ := strings.Cut(link.ImportPath, "/"); first == "" || strings.Contains(first, ".") {
		return ""
	}
	return link.DefaultURL("https://pkg.go.dev")
}
