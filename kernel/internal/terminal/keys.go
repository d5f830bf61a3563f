package terminal

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
)

// keys is a terminal's keys for the line editor, to which a tab is a wish for completion and
// a line's end the end of what is read. In pasted text they are text: for what is pasted, the
// editor reads pasted, which is then replaced by it.
type keys struct {
	from io.Reader

	ready  []byte // to be read
	held   []byte // may be the beginning of a mark
	paste  []byte // what is being pasted
	inside bool   // paste has begun and not ended

	mu    sync.Mutex
	texts []string // what was pasted and has not replaced its rune
}

// pasted stands for a pasted text. It is a rune of private use.
const pasted = '\ue000'

// The marks that terminals put around what is pasted.
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

// take takes what was read at once.
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

// begun returns how many bytes at the end of a text may be the beginning of a mark: at least
// two, as one is a key.
func begun(text []byte, mark string) int {
	for n := min(len(mark)-1, len(text)); n > 1; n-- {
		if bytes.HasSuffix(text, []byte(mark[:n])) {
			return n
		}
	}
	return 0
}

// typing takes keys. A tab that came together with text behind it was pasted, into a terminal
// that has no marks: nobody types so fast.
func (k *keys) typing(text []byte) {
	for i, b := range text {
		if rest := bytes.TrimLeft(text[i:], "\t"); b == '\t' && len(rest) > 0 && rest[0] != '\x1b' {
			k.put("\t")
		} else {
			k.ready = append(k.ready, b)
		}
	}
}

// put has the editor read a text as one rune.
func (k *keys) put(text string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.texts = append(k.texts, text)
	k.ready = append(k.ready, string(pasted)...)
}

// plainText returns pasted text with Go's line ends, without the last, and without what
// would move the cursor.
func plainText(paste []byte) string {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(paste))
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == '\x7f' {
			return -1
		}
		return r
	}, strings.TrimSuffix(text, "\n"))
}

// typed implements readline.Listener: it puts pasted text where its rune is.
func (k *keys) typed(line []rune, at int, key rune) ([]rune, int, bool) {
	if key != pasted {
		return nil, 0, false
	}
	before := []rune(k.unmark(string(line[:at])))
	return slices.Concat(before, []rune(k.unmark(string(line[at:])))), len(before), true
}

// unmark puts pasted texts into a line.
func (k *keys) unmark(line string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.texts) > 0 && strings.ContainsRune(line, pasted) {
		line = strings.Replace(line, string(pasted), k.texts[0], 1)
		k.texts = k.texts[1:]
	}
	return line
}
