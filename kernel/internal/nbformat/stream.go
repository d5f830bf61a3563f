package nbformat

import "strings"

// Collapse returns text as it remains on a terminal's screen: a carriage return moves to
// the start of the line, where the following text overwrites the old one, and a backspace
// moves back by one. So a progress bar that redrew itself a thousand times is one line.
// Lines with colours are replaced, not overwritten letter by letter. Spaces that wiped a
// bar are removed.
//
// Collapse(Collapse(s)) is Collapse(s).
func Collapse(text string) string {
	if !strings.ContainsAny(text, "\r\b") {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		body, newline := strings.CutSuffix(line, "\n")
		shown := overwrite(strings.Split(body, "\r"))
		if strings.ContainsRune(body, '\r') {
			shown = strings.TrimRight(shown, " ")
		}
		b.WriteString(shown)
		if newline {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// Append returns the stream text with more appended. Finished lines are collapsed; the last
// line keeps what later text may still overwrite, so that the result does not depend on how
// the stream was split and stays short under a progress bar.
func Append(text, more string) string {
	if !strings.ContainsAny(more, "\r\b\n") && !strings.ContainsAny(text, "\r\b") {
		return text + more
	}
	open := strings.LastIndexByte(text, '\n') + 1
	text, more = text[:open], text[open:]+more
	closed := strings.LastIndexByte(more, '\n') + 1
	text += Collapse(more[:closed])
	last := strings.Split(more[closed:], "\r")
	if n := len(last) - 1; n > 1 {
		return text + overwrite(last[:n]) + "\r" + last[n]
	}
	return text + more[closed:]
}

// overwrite returns what is left when each segment is written from the start of the same
// line.
func overwrite(segments []string) string {
	var shown string
	for _, s := range segments {
		if s == "" {
			continue
		}
		s = eraseBack(s)
		if !strings.ContainsRune(s, '\x1b') && !strings.ContainsRune(shown, '\x1b') {
			over, under := []rune(s), []rune(shown)
			if len(under) > len(over) {
				s += string(under[len(over):])
			}
		}
		shown = s
	}
	return shown
}

func eraseBack(s string) string {
	if !strings.ContainsRune(s, '\b') {
		return s
	}
	var out []rune
	for _, r := range s {
		if r != '\b' {
			out = append(out, r)
		} else if len(out) > 0 {
			out = out[:len(out)-1]
		}
	}
	return string(out)
}
