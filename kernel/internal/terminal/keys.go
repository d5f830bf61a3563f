package terminal

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
)

// keys passes a terminal's input to the line editor, which treats a tab as a request for
// completion and a line end as the end of input. In pasted text both are text: the editor
// reads the rune pasted in place of the text, which later replaces it.
type keys struct {
	from io.Reader

	ready  []byte // to be read
	held   []byte // may be the beginning of a mark
	paste  []byte // the text being pasted
	inside bool   // a paste has begun and not ended

	mu    sync.Mutex
	texts []string // pasted texts that have not yet replaced their runes
}

// pasted stands for a pasted text. It is a private-use rune.
const pasted = '\ue000'

// The marks with which terminals enclose pasted text.
const (
	pasteBegins = "\x1b[200~"
	pasteEnds   = "\x1b[201~"
)

// Read implements io.Reader.
func (k *keys) Read(p []byte) (int, error) {
	for len(k.ready) == 0 {
		chunk := make([]byte, 64<<10)
		n, err := k.from.Read(chunk)
		k.take(append(k.held, chunk[:n]...))
		if err != nil && len(k.ready) == 0 {
			return 0, err
		}
	}
	n := copy(p, k.ready)
	k.ready = k.ready[n:]
	return n, nil
}

// take processes what was read in one call.
func (k *keys) take(chunk []byte) {
	k.held = nil
	for len(chunk) > 0 {
		mark := pasteBegins
		if k.inside {
			mark = pasteEnds
		}
		text, rest, found := bytes.Cut(chunk, []byte(mark))
		if !found {
			n := begun(text, mark)
			text, k.held = text[:len(text)-n], bytes.Clone(text[len(text)-n:])
		}
		if k.inside {
			k.paste = append(k.paste, text...)
		} else {
			k.typing(text)
		}
		if found {
			if k.inside {
				k.put(plainText(k.paste))
				k.paste = nil
			}
			k.inside = !k.inside
		}
		chunk = rest
	}
}

// begun returns how many bytes at the end of a text may be the beginning of a mark: at
// least two, as a single one is a key.
func begun(text []byte, mark string) int {
	for n := min(len(mark)-1, len(text)); n > 1; n-- {
		if bytes.HasSuffix(text, []byte(mark[:n])) {
			return n
		}
	}
	return 0
}

// typing processes keys. A tab that arrived together with text behind it was pasted into a
// terminal without marks: nobody types that fast.
func (k *keys) typing(text []byte) {
	for i, b := range text {
		if rest := bytes.TrimLeft(text[i:], "\t"); b == '\t' && len(rest) > 0 && rest[0] != '\x1b' {
			k.put("\t")
		} else {
			k.ready = append(k.ready, b)
		}
	}
}

// put makes the editor read a text as one rune.
func (k *keys) put(text string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.texts = append(k.texts, text)
	k.ready = append(k.ready, string(pasted)...)
}

// plainText returns pasted text with Go's line ends, without the last one, and without
// anything that would move the cursor.
func plainText(paste []byte) string {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(paste))
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == '\x7f' {
			return -1
		}
		return r
	}, strings.TrimSuffix(text, "\n"))
}

// typed implements readline.Listener: it replaces the runes of pasted texts by the texts.
func (k *keys) typed(line []rune, at int, key rune) ([]rune, int, bool) {
	if key != pasted {
		return nil, 0, false
	}
	before := []rune(k.unmark(string(line[:at])))
	return slices.Concat(before, []rune(k.unmark(string(line[at:])))), len(before), true
}

// unmark replaces the runes in a line by their pasted texts.
func (k *keys) unmark(line string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.texts) > 0 && strings.ContainsRune(line, pasted) {
		line = strings.Replace(line, string(pasted), k.texts[0], 1)
		k.texts = k.texts[1:]
	}
	return line
}
