package server

import (
	"sync"
	"time"
	"unicode/utf8"
)

// Text is sent at once if none was sent for gatherTime, else when gatherTime has passed or
// gatherSize bytes have been gathered.
const (
	gatherTime = 100 * time.Millisecond
	gatherSize = 64 << 10
)

// gatherer combines what cells write in many small calls into few messages: front ends draw
// each one, and a Jupyter server drops those above its rate. Text of all requests and
// streams is sent in order of arrival, and before anything else that is broadcast. If
// messages are scarce and the streams alternate fast, the order of two streams is kept only
// by steps, each with one message of each stream; the order within a stream is always kept.
type gatherer struct {
	send   func(r *request, stream, text string) // broadcasts; is called with mu held
	scarce func() bool                           // reports whether messages are scarce

	mu     sync.Mutex
	pieces []piece
	step   int       // the first piece of the current step
	begun  time.Time // when that step began
	size   int
	sent   time.Time   // when text was last sent
	timer  *time.Timer // sends what is gathered; nil if nothing is
}

// piece is text of one stream, usually without other text in between.
type piece struct {
	r      *request
	stream string
	text   []byte
}

// alternateTime is how long a step takes for each of its messages. So alternating streams
// make fewer messages than half of what may be sent: the other half is for those from
// before messages were scarce.
const alternateTime = 5 * paceWindow / (2 * paceMessages)

// pieceSize is roughly the size of a message without its text.
const pieceSize = 512

// add adds text that a request's cell has written.
func (g *gatherer) add(r *request, stream, text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.pieceFor(r, stream)
	p.text = append(p.text, text...)
	g.size += encodedSize(text)
	left := gatherTime - time.Since(g.sent)
	if left <= 0 || g.size >= gatherSize {
		g.empty()
	} else if g.timer == nil {
		g.timer = time.AfterFunc(left, g.flush)
	}
}

// pieceFor returns the piece to which text is added.
func (g *gatherer) pieceFor(r *request, stream string) *piece {
	n := len(g.pieces)
	if n > 0 && g.pieces[n-1].r == r && g.pieces[n-1].stream == stream {
		return &g.pieces[n-1]
	}
	if n > g.step && time.Since(g.begun) < time.Duration(n-g.step)*alternateTime && g.scarce() {
		for i := g.step; i < n; i++ {
			if g.pieces[i].r == r && g.pieces[i].stream == stream {
				return &g.pieces[i]
			}
		}
	} else {
		g.step, g.begun = n, time.Now()
	}
	g.pieces = append(g.pieces, piece{r: r, stream: stream})
	g.size += pieceSize
	return &g.pieces[n]
}

// encodedSize returns how many bytes a text takes in JSON.
func encodedSize(text string) int {
	n := len(text)
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t':
			n++
		case c < ' ':
			n += 5
		}
	}
	return n
}

// cut returns as much of a text as fits into a message without ending within a rune, and
// the rest.
func cut(text string) (first, rest string) {
	if len(text) <= gatherSize {
		return text, ""
	}
	n := gatherSize
	for back := 1; back < utf8.UTFMax; back++ {
		if utf8.RuneStart(text[n-back]) {
			if !utf8.FullRuneInString(text[n-back : n]) {
				n -= back
			}
			break
		}
	}
	return text[:n], text[n:]
}

// before sends what has been gathered, then calls do.
func (g *gatherer) before(do func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.empty()
	do()
}

// waiting returns how many bytes have been gathered and not sent, and in how many messages.
func (g *gatherer) waiting() (messages, bytes int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.pieces), g.size
}

// flush sends what has been gathered.
func (g *gatherer) flush() { g.before(func() {}) }

// empty is flush for a caller that holds mu.
func (g *gatherer) empty() {
	if g.timer != nil {
		g.timer.Stop()
		g.timer = nil
	}
	if len(g.pieces) == 0 {
		return
	}
	for _, p := range g.pieces {
		g.send(p.r, p.stream, string(p.text))
	}
	clear(g.pieces)
	g.pieces, g.step, g.size, g.sent = g.pieces[:0], 0, 0, time.Now()
}
