package nbformat

import "strings"

// Collapse returns text as a terminal leaves it on the screen: a carriage return
// takes the writer back to the start of its line, where what follows is written
// over what was there, and a backspace takes it back by one. So a progress bar
// that redrew itself a thousand times is one line. Lines with colours are
// replaced, not written over letter by letter. Spaces that a bar was wiped with
// are cut.
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

// Append returns the stream text with more put after it. Lines that are at an
// end are collapsed; the last one keeps what later text still writes over, so
// that the result does not depend on how the stream was cut into pieces and
// stays short under a progress bar.
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

// overwrite returns what is left when each segment is written from the start of
// the same line.
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
